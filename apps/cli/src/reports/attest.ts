import { ErrorReportSchema } from "@touchmark/engine";
import * as z from "zod";

export const ATTEST_REPORT = "https://touchmark.dev/schema/attest-v1.json";

const text = z.string();
const count = z.int().nonnegative();
const notes = z.array(text).describe("Sentences for people.");

/** What `attest --dry-run --json` prints. */
const DryRunReportSchema = z.strictObject({
  schema: z.literal(ATTEST_REPORT),
  dryRun: z.literal(true),
  statements: z.array(z.record(text, z.unknown())).describe("in-toto statements, as they would be signed."),
  parts: z
    .array(z.record(text, z.unknown()))
    .describe("What was collected: parts of a subjects file, subjects-v1.json."),
  roots: z.array(text).describe("Folders and files beside the working directory that adapters may read."),
  list: text.nullable().describe("The purl of the release whose artifacts would be listed; null: no list."),
  pushes: z.array(text).describe("Images to which the evidence would be attached: REPOSITORY@DIGEST."),
  notes,
});

/** What `attest --json` prints. */
const SignedReportSchema = z.strictObject({
  schema: z.literal(ATTEST_REPORT),
  dryRun: z.literal(false),
  release: text.describe("The stem of the files that were written."),
  subjects: count,
  statements: count,
  builder: text.describe("The builder that the provenance names."),
  signer: z
    .strictObject({
      identity: text,
      issuer: text,
      source: text.nullable().describe("https://HOST/PATH@REF; null where the certificate names none."),
      withoutLog: z.boolean().describe("No log has the signature."),
    })
    .nullable()
    .describe("Whom a certificate names; null for a key."),
  list: text.nullable().describe("The purl of the release whose artifacts are listed; null: no list was made."),
  receipts: z.array(
    z.strictObject({
      subject: text.nullable().describe("Null where the place holds the whole release."),
      uri: text.describe("A path as one would type it, or a URI."),
      existed: z.boolean().describe("The same was there before."),
    }),
  ),
  notes,
});

/** Everything that `attest --json` can print. */
export const AttestOutputSchema = z.union([DryRunReportSchema, SignedReportSchema, ErrorReportSchema]);

export type DryRunReport = z.output<typeof DryRunReportSchema>;
export type SignedReport = z.output<typeof SignedReportSchema>;
