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
  verifier: z.strictObject({ id: text, levels: z.array(text), resources: z.array(text) }).nullable(),
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

export const TrustOutputSchema = z.union([TrustReportSchema, ErrorReportSchema]);

export type TrustReport = z.output<typeof TrustReportSchema>;
