import { ErrorReportSchema } from "@touchmark/engine";
import * as z from "zod";
import type { Fact } from "../inspect/fact.ts";

export const INSPECT_REPORT = "https://touchmark.dev/schema/inspect-v1.json";

const text = z.string();
const count = z.int().nonnegative();

const FactSchema: z.ZodType<Fact> = z
  .strictObject({
    name: text,
    value: text.nullable(),
    get facts(): z.ZodArray<z.ZodType<Fact>> {
      return z.array(FactSchema);
    },
  })
  .meta({ id: "fact" });

const Facts = z.array(FactSchema);

const FindingSchema = z.strictObject({
  code: text.describe("`touchmark explain CODE` says what it means."),
  message: text,
  expected: text.nullable(),
  actual: text.nullable(),
});

const Unreadable = z.strictObject({ unreadable: text.describe("Why it cannot be read.") });

const Certificate = z.strictObject({
  identity: text,
  claims: z.record(text, text.nullable()).describe("What the certificate authority says about the run."),
  notBefore: text,
  notAfter: text,
  key: text.describe("sha256:<hex> of its SubjectPublicKeyInfo in DER."),
});

const LogEntry = z.strictObject({
  index: text,
  log: text.nullable().describe("The log's own name, as its checkpoint has it."),
  logId: text.describe("SHA-256 that names the log's key, hex."),
  url: text.nullable().describe("Where the entry can be looked at, of logs that are known."),
  kind: text,
  integratedTime: text.nullable(),
  promise: z.boolean(),
  proof: z.boolean(),
});

const Signing = z.strictObject({
  unverified: z.literal(true),
  certificate: z.union([Certificate, Unreadable]).nullable().describe("Null where a key signed."),
  logEntries: z.array(z.union([LogEntry, Unreadable])),
  timestamps: z.array(z.union([z.strictObject({ time: text }), Unreadable])),
});

const Consistency = z.strictObject({
  what: text.describe("Two parts of the evidence."),
  result: z
    .enum(["consistent", "differs", "incomparable"])
    .describe("Compared without trusting anybody: consistent is not verified."),
  why: text.nullable(),
});

const Answer = z
  .strictObject({ text: text, by: text.describe("The part of the evidence that says so.") })
  .nullable()
  .describe("Null where nothing says it.");

const Predicate = z.strictObject({ title: text, facts: Facts });

const Statement = z
  .looseObject({
    _type: text,
    predicateType: text,
    subject: z.array(z.looseObject({ digest: z.record(text, text) })),
    predicate: z.record(text, z.unknown()).nullable(),
  })
  .describe("https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md");

const Piece = z
  .strictObject({
    name: text.describe("The file, with :LINE where it has several lines and #N where a line holds several."),
    kind: z.enum(["statement", "signature"]),
    format: text.describe("sigstore-bundle, dsse and others."),
    formatTitle: text,
    mediaType: text.nullable().describe("Of a Sigstore bundle."),
    signer: z.union([
      z.strictObject({ kind: z.literal("key"), hint: text.nullable() }),
      z.strictObject({ kind: z.literal("certificate"), certificates: count }),
    ]),
    answers: z.strictObject({ who: Answer, what: Answer, when: Answer, where: Answer, why: Answer }),
    signing: Signing,
    payload: z
      .strictObject({ type: text, size: count, digest: text })
      .nullable()
      .describe("Null of a signature over a file."),
    statement: Statement.nullable().describe("Null where the payload is none."),
    statementProblem: FindingSchema.nullable().describe("Why the payload is no statement."),
    predicate: Predicate.nullable(),
    signed: text.nullable().describe("Of a signature over a file: the digest that it names, ALGORITHM:HEX."),
    consistency: z.array(Consistency),
  })
  .describe("One signed thing. Nothing of it is verified.");

const file = text.describe("As given.");

const InspectedFile = z.discriminatedUnion("kind", [
  z.strictObject({
    file,
    kind: z.literal("evidence"),
    pieces: z.array(Piece),
    problems: z.array(FindingSchema).describe("What in the file is no evidence."),
  }),
  z.strictObject({
    file,
    kind: z.literal("subjects"),
    subjects: z.looseObject({}).describe("As docs/schemas/subjects-v1.schema.json has it."),
  }),
  z.strictObject({
    file,
    kind: z.literal("unsigned").describe("A statement or an SBOM by itself, which nobody signed."),
    statement: Statement.nullable(),
    predicate: Predicate,
  }),
  z.strictObject({
    file,
    kind: z.literal("other").describe("Something that Touchmark reads elsewhere."),
    title: text,
    command: text.describe("The command that shows or uses it."),
  }),
]);

/** The document that `inspect --json` prints. */
export const InspectReportSchema = z.strictObject({
  schema: z.literal(INSPECT_REPORT),
  unverified: z.literal(true).describe("Nothing in this document is verified."),
  files: z.array(InspectedFile),
});

/** Everything that `inspect --json` can print. */
export const InspectOutputSchema = z.union([InspectReportSchema, ErrorReportSchema]);

export type InspectedFile = z.output<typeof InspectedFile>;
export type InspectedPiece = z.output<typeof Piece>;
export type Answers = InspectedPiece["answers"];
