import type * as z from "zod";
import type { CheckReportSchema, ErrorReportSchema } from "./report-schema.ts";

export type CheckReport = z.output<typeof CheckReportSchema>;
export type ErrorReport = z.output<typeof ErrorReportSchema>;
export type ArtifactReport = CheckReport["artifacts"][number];

/** The exit status of a process that printed the report: 0 everything holds, 1 something does not, 3 nobody knows. */
export function exitStatusOf(report: Pick<CheckReport, "result">): 0 | 1 | 3 {
  switch (report.result) {
    case "verified":
      return 0;
    case "failed":
      return 1;
    case "unknown":
      return 3;
  }
}
