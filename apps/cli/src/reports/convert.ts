import { ErrorReportSchema } from "@touchmark/engine";
import * as z from "zod";
import { FORMS } from "../convert/convert-piece.ts";
import { LOSSES, type Loss } from "../convert/loss.ts";

export const CONVERT_REPORT = "https://touchmark.dev/schema/convert-v1.json";

const LossName = z.enum(Object.keys(LOSSES) as [Loss, ...Loss[]]);

/** The document that `convert --json` prints. */
export const ConvertReportSchema = z.strictObject({
  schema: z.literal(CONVERT_REPORT),
  to: z.enum(FORMS),
  count: z.int().nonnegative().describe("Pieces of evidence, each a line of what was written."),
  lost: z.array(LossName).describe("What --lossy permitted, and what was lost of at least one piece."),
  written: z.string().nullable().describe("The file; null without --output."),
  converted: z
    .array(z.record(z.string(), z.unknown()))
    .nullable()
    .describe("Without --output: each piece in its new form."),
});

/** Everything that `convert --json` can print. */
export const ConvertOutputSchema = z.union([ConvertReportSchema, ErrorReportSchema]);

export type ConvertReport = z.output<typeof ConvertReportSchema>;
