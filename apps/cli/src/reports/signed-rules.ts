import { ErrorReportSchema } from "@touchmark/engine";
import * as z from "zod";

export const SIGNED_RULES_REPORT = "https://touchmark.dev/schema/signed-rules-v1.json";

const text = z.string();

/** The document that `policy sign --json` and `trust sign --json` print. */
const SignedRulesReportSchema = z.strictObject({
  schema: z.literal(SIGNED_RULES_REPORT),
  file: text.describe("The bundle that was written."),
  revision: z.int().positive(),
  expires: text.regex(/^\d{4}-\d{2}-\d{2}$/).describe("The last day on which it may be used, in UTC."),
  files: z.array(text).describe("What was signed, by name: the policy or the trust file, and what it names."),
});

export type SignedRulesReport = z.output<typeof SignedRulesReportSchema>;

export const SignedRulesOutputSchema = z.union([SignedRulesReportSchema, ErrorReportSchema]);
