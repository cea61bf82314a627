import { VerifyOutputSchema } from "@touchmark/engine";
import * as z from "zod";

export const VERIFY_GUIDE_REPORT = "https://touchmark.dev/schema/verify-guide-v1.json";

/** The document that `verify-guide --json` prints of a release that holds. */
const VerifyGuideReportSchema = z.strictObject({
  schema: z.literal(VERIFY_GUIDE_REPORT),
  page: z.string().nullable().describe("The page, in Markdown; null with --output."),
  written: z.string().nullable().describe("The file; null without --output."),
});

export type VerifyGuideReport = z.output<typeof VerifyGuideReportSchema>;

/** Of a release that does not hold there is no page, but the report of `verify`. */
export const VerifyGuideOutputSchema = z.union([VerifyGuideReportSchema, VerifyOutputSchema]);
