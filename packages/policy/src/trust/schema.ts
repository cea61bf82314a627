import * as z from "zod";
import { readMaxAge } from "../max-age.ts";
import {
  MAX_TRUST_ALTERNATIVES,
  MAX_TRUST_ENTRIES,
  MAX_TRUST_TEXT,
  MAX_TRUST_URI,
  MAX_VERIFIER_WORDS,
} from "./limits.ts";
import { MOMENT, momentOf } from "./moment.ts";
import { tagRange } from "./tag-range.ts";

const line = z
  .string()
  .min(1)
  .max(MAX_TRUST_TEXT)
  .regex(/^\P{C}+$/u, "one line of text");
const ascii = z
  .string()
  .max(MAX_TRUST_URI)
  .regex(/^[\x21-\x7e]+$/, "ASCII without spaces");
const uri = ascii.regex(/^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i, "a URI");
const issuer = ascii
  .regex(/^https?:\/\/[^/]/, "a URL")
  .describe("who identified the signer, exactly: https://token.actions.githubusercontent.com");
/** Never outside of the folder in which the file lies: whoever says which file to trust says with it what may be read. */
const path = z
  .string()
  .max(MAX_TRUST_URI)
  .regex(/^(?!\/)[^\\\0]+$/, "a path relative to this file, with forward slashes")
  .refine((text) => !text.split("/").includes(".."), "a path below the folder of this file");
const commit = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, "40 or 64 hex digits in lower case");
const moment = (what: string, edge: "first" | "last") =>
  z
    .string()
    .regex(MOMENT, "a day (2026-09-01, UTC) or a time with its offset (2026-09-01T12:00:00Z)")
    .refine((text) => momentOf(text, edge) !== null, "a day of the calendar")
    .describe(what);

const At = z
  .strictObject({
    tags: z
      .string()
      .max(MAX_TRUST_TEXT)
      .refine((text) => tagRange(text) !== null, "a range of semantic versions, such as >=1.4 <2")
      .optional()
      .describe("at a tag that is a version in this range"),
    commits: z
      .union([z.literal("released"), z.array(commit).min(1).max(MAX_TRUST_ALTERNATIVES)])
      .optional()
      .describe("at one of these commits; `released`: at one that the presets know to be a release of this workflow"),
  })
  .refine(({ tags, commits }) => tags !== undefined || commits !== undefined, "needs `tags`, `commits` or both");

const KeySigner = z.strictObject({ key: path.describe("a public key in PEM; relative to this file") });
const ExactSigner = z.strictObject({
  issuer,
  identity: ascii.describe("the signer, exactly as its certificate names it"),
});
const PatternSigner = z.strictObject({
  issuer,
  "identity-pattern": ascii.describe("a regular expression, which must match the whole name"),
});
const WorkflowSigner = z.strictObject({
  issuer,
  workflow: ascii
    .regex(
      /^(?:https:\/\/)?[\w.-]+(?::\d+)?\/[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w.-]+\.ya?ml$/,
      "HOST/OWNER/REPO/.github/workflows/FILE.yml",
    )
    .describe("a workflow that others may call: github.com/OWNER/REPO/.github/workflows/FILE.yml"),
  at: At,
});
const OwnWorkflowSigner = z.strictObject({
  issuer,
  workflow: z
    .literal("any-of-source")
    .describe("any workflow that lies in the source repository itself, whichever that is"),
});
const CloudBuildSigner = z.strictObject({
  "cloud-build": z.literal(true).describe("Google Cloud Build's own keys, for its own provenance"),
});

const BUILDER = z.union([z.literal("same-as-signer"), uri, z.array(uri).min(1).max(MAX_TRUST_ALTERNATIVES)]);
const from = moment("signed at this moment or later, as a log or a timestamp proves", "first").optional();
const until = moment("signed at this moment or earlier; of a day, until its end", "last").optional();
const withoutLog = z.literal(true).optional().describe("also believe what is in no transparency log");
const roots = path.optional().describe("the roots of its certificates; relative to this file");

/** Who signs provenance, for which builder, and what that is worth. */
export const BuilderEntry = z.strictObject({
  name: line.describe("what reports call it"),
  signer: z.union([KeySigner, ExactSigner, PatternSigner, WorkflowSigner, OwnWorkflowSigner, CloudBuildSigner]),
  builder: BUILDER.optional().describe(
    "what provenance must name as its builder: same-as-signer, a URI, or a list of them; a workflow without its ref stands for every tag of it",
  ),
  "max-level": z.int().min(0).max(3).describe("the SLSA Build level that its work counts as"),
  operator: line.optional().describe("who runs the builder, for counting independent ones"),
  runners: z
    .enum(["github-hosted", "gitlab-hosted", "self-hosted"])
    .optional()
    .describe("where it must have run, as its certificate says"),
  source: ascii.optional().describe("what it must be built from: OWNER/REPO or a URL, either with @refs/… behind"),
  from,
  until,
  "without-log": withoutLog,
  roots,
});

/** Whose verification summaries are believed, about what, and up to which levels. */
export const VerifierEntry = z.strictObject({
  name: line.describe("what reports call it"),
  signer: z.union([KeySigner, ExactSigner, PatternSigner, WorkflowSigner]),
  verifier: z
    .strictObject({
      id: uri.describe("the verifier, exactly as it names itself"),
      levels: z
        .array(ascii)
        .min(1)
        .max(MAX_VERIFIER_WORDS)
        .describe("what it may assert: SLSA_BUILD_LEVEL_3 and lower ones of the track; other words exactly"),
      resources: z
        .array(ascii)
        .min(1)
        .max(MAX_VERIFIER_WORDS)
        .describe("what it may speak about: a URI, or the beginning of URIs with * behind"),
      "max-age": z
        .string()
        .refine((text) => readMaxAge(text) !== null, "a whole number with a unit, at most ten years: 12h, 180d, 8w")
        .optional()
        .describe("older summaries are refused: 12h, 180d, 8w"),
    })
    .describe("a verifier, in place of a builder"),
  from,
  until,
  "without-log": withoutLog,
  roots,
});

/** A list of entries that comes with the program, by name and date. */
export const PresetEntry = z.strictObject({
  preset: z
    .string()
    .regex(/^[a-z0-9-]+@\d{4}-\d{2}$/, "NAME@YYYY-MM")
    .describe("a list that comes with Touchmark: `touchmark trust show preset:NAME@DATE` prints it"),
});

const TrustItem = z.union([BuilderEntry, VerifierEntry, PresetEntry]);

/** As it stands in a trust file, and inline in a policy. */
export const TrustItems = z.array(TrustItem).min(1).max(MAX_TRUST_ENTRIES).describe("whom to believe, and what for");

/** A trust file. Closed: docs/schemas/trust-v1.schema.json is made from this. */
export const TrustDocument = z.strictObject({
  version: z.literal(1).describe("the version of this format"),
  trust: TrustItems,
});

export type WrittenEntry = z.input<typeof BuilderEntry> | z.input<typeof VerifierEntry>;

/** The schemas of signers, by the key that says which one is meant; the first that is there decides. */
export const SIGNERS = {
  key: KeySigner,
  "cloud-build": CloudBuildSigner,
  identity: ExactSigner,
  "identity-pattern": PatternSigner,
  workflow: WorkflowSigner,
} as const;

export { OwnWorkflowSigner };
