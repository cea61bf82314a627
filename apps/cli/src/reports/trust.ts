import { ErrorReportSchema } from "@touchmark/engine";
import * as z from "zod";

export const TRUST_REPORT = "https://touchmark.dev/schema/trust-show-v1.json";

const text = z.string();

const Entry = z.strictObject({
  name: text,
  place: text.describe("Where it is written: FILE:LINE, or preset:NAME@DATE."),
  kind: z.enum(["builder", "verifier"]),
  signer: text.describe("In words: a key's file, an identity and its issuer, a workflow and its versions."),
  builders: z
    .array(text)
    .describe("What provenance must name as its builder; none of a verifier and of Google Cloud Build."),
  maxLevel: z.int().min(0).max(3).nullable().describe("SLSA Build level; null of a verifier."),
  operator: text.nullable(),
  runners: text.nullable(),
  source: text.nullable(),
  from: text.nullable().describe("RFC 3339, UTC."),
  until: text.nullable(),
  withoutLog: z.boolean(),
  roots: text.nullable().describe("A file beside the trust file."),
  verifier: z
    .strictObject({
      id: text,
      levels: z.array(text),
      resources: z.array(text),
      maxAge: text.nullable().describe("How old its summaries may be, `90d` or `12h`; null: of any age."),
    })
    .nullable(),
});

/** The document that `trust show --json` prints. */
const TrustReportSchema = z.strictObject({
  schema: z.literal(TRUST_REPORT),
  name: text.describe("The file, or preset:NAME@DATE."),
  digest: text.describe("sha256:<hex>"),
  presets: z.array(
    z.strictObject({
      name: text.describe("NAME@DATE"),
      about: text,
      sources: z.array(text).describe("Where it is known from."),
    }),
  ),
  entries: z.array(Entry),
});

export const TRUST_SUGGEST_REPORT = "https://touchmark.dev/schema/trust-suggest-v1.json";
export const TRUST_DIFF_REPORT = "https://touchmark.dev/schema/trust-diff-v1.json";
export const TRUST_UPDATE_REPORT = "https://touchmark.dev/schema/trust-update-v1.json";

/** The document that `trust suggest --json` prints. */
const TrustSuggestReportSchema = z.strictObject({
  schema: z.literal(TRUST_SUGGEST_REPORT),
  unverified: z.literal(true).describe("Whoever made the evidence chose every word."),
  entries: z.array(
    z.strictObject({
      signer: z.record(text, z.unknown()).describe("As a trust file has it."),
      builder: text.nullable(),
      source: text.nullable(),
      runners: text.nullable(),
      remarks: z.array(text),
      evidence: text.describe("The first that says so."),
      pieces: z.int().positive().describe("How many say so."),
    }),
  ),
});

/** The document that `trust diff --json` prints. */
const TrustDiffReportSchema = z.strictObject({
  schema: z.literal(TRUST_DIFF_REPORT),
  before: text,
  after: text,
  differences: z.array(
    z.strictObject({
      kind: z.enum(["gained", "lost", "changed"]),
      entry: Entry.describe("As it is now; of a lost one, as it was."),
      changes: z.array(text).describe("In words: level 1 -> 2."),
    }),
  ),
});

/** The document that `trust update --check --json` prints. */
const TrustUpdateReportSchema = z.strictObject({
  schema: z.literal(TRUST_UPDATE_REPORT),
  name: text,
  presets: z.array(text).describe("What the file names: NAME@DATE."),
  newer: z.array(z.strictObject({ named: text, newest: text })),
});

export const TrustOutputSchema = z.union([TrustReportSchema, ErrorReportSchema]);

export const TrustSuggestOutputSchema = z.union([TrustSuggestReportSchema, ErrorReportSchema]);
export const TrustDiffOutputSchema = z.union([TrustDiffReportSchema, ErrorReportSchema]);
export const TrustUpdateOutputSchema = z.union([TrustUpdateReportSchema, ErrorReportSchema]);

export type TrustSuggestReport = z.output<typeof TrustSuggestReportSchema>;
export type TrustDiffReport = z.output<typeof TrustDiffReportSchema>;
export type TrustUpdateReport = z.output<typeof TrustUpdateReportSchema>;
export type TrustReport = z.output<typeof TrustReportSchema>;
