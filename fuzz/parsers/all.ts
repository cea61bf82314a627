import type { Parser } from "../parser.ts";
import { certificateParsers } from "./certificates.ts";
import { evidenceParsers } from "./evidence.ts";
import { logParsers } from "./log.ts";
import { packageParsers } from "./packages.ts";
import { rootsParsers } from "./roots.ts";
import { serviceParsers } from "./services.ts";
import { tokenParsers } from "./tokens.ts";
import { verificationParsers } from "./verification.ts";

/** Every parser that is fuzzed. */
export async function allParsers(): Promise<readonly Parser[]> {
  return [
    ...evidenceParsers,
    ...certificateParsers,
    ...logParsers,
    ...verificationParsers,
    ...rootsParsers,
    ...(await packageParsers()),
    ...(await serviceParsers()),
    ...(await tokenParsers()),
  ];
}
