import type { Parser } from "../parser.ts";
import { buildRecordParsers } from "./build-records.ts";
import { certificateParsers } from "./certificates.ts";
import { evidenceParsers } from "./evidence.ts";
import { formatParsers } from "./formats.ts";
import { inspectionParsers } from "./inspection.ts";
import { logParsers } from "./log.ts";
import { packageParsers } from "./packages.ts";
import { policyParsers } from "./policies.ts";
import { releaseParsers } from "./releases.ts";
import { rootsParsers } from "./roots.ts";
import { serviceParsers } from "./services.ts";
import { tokenParsers } from "./tokens.ts";
import { verificationParsers } from "./verification.ts";

/** Every parser that is fuzzed. */
export async function allParsers(): Promise<readonly Parser[]> {
  return [
    ...evidenceParsers,
    ...buildRecordParsers,
    ...formatParsers,
    ...certificateParsers,
    ...logParsers,
    ...verificationParsers,
    ...inspectionParsers,
    ...releaseParsers,
    ...rootsParsers,
    ...(await packageParsers()),
    ...(await policyParsers()),
    ...(await serviceParsers()),
    ...(await tokenParsers()),
  ];
}
