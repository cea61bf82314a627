import { ErrorReportSchema } from "@touchmark/engine";
import * as z from "zod";

export const POLICY_EXPORT_REPORT = "https://touchmark.dev/schema/policy-export-v1.json";

/** The document that `policy export --json` prints. */
const PolicyExportReportSchema = z.strictObject({
  schema: z.literal(POLICY_EXPORT_REPORT),
  to: z.enum(["kyverno", "policy-controller"]),
  documents: z.array(z.record(z.string(), z.unknown())).describe("As the other tool reads them."),
  lost: z.array(z.string()).describe("What the policy says and the other tool cannot, in words."),
});

export type PolicyExportReport = z.output<typeof PolicyExportReportSchema>;

export const PolicyExportOutputSchema = z.union([PolicyExportReportSchema, ErrorReportSchema]);
