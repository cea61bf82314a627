export { type LogSearch, logSearch } from "./ask-log.ts";
export { type AttestOptions, attest } from "./attest.ts";
export { type CheckOptions, check } from "./check.ts";
export { collect, type Source, type Surroundings, sha256Hex } from "./collect.ts";
export { describeEvidence, type EvidenceDescription } from "./describe-evidence.ts";
export { bundlesInLayout } from "./layout-bundles.ts";
export { gather, type Plan, type Prepared, prepare } from "./prepare.ts";
export {
  type ArtifactReport,
  CHECK_REPORT,
  type CheckReport,
  CheckReportSchema,
  type ErrorReport,
  ErrorReportSchema,
  exitStatusOf,
  VerifyOutputSchema,
} from "./report.ts";
export type { SeenBefore } from "./seen-before.ts";
export { type Named, namedBy } from "./target-form.ts";
