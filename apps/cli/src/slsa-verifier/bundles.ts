import {
  type Bundle,
  isTouchmarkError,
  MAX_EVIDENCE_BYTES,
  parseBundleFile,
  type TouchmarkError,
} from "@touchmark/core";
import type { Outcome } from "@touchmark/slsa-verifier";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";

/** Every bundle in the files, a line each, or why a line is none. */
export async function bundlesIn(
  context: Context,
  files: readonly string[],
): Promise<readonly (Bundle | TouchmarkError)[]> {
  const bundles: (Bundle | TouchmarkError)[] = [];
  for (const file of files) {
    const lines = parseBundleFile(await readInput(context.cwd, file, MAX_EVIDENCE_BYTES));
    bundles.push(...lines.map(({ bundle }) => bundle));
  }
  return bundles;
}

/** The first bundle that passes; where none does, what was wrong with the first one. */
export function firstPassing(
  bundles: readonly (Bundle | TouchmarkError)[],
  judge: (bundle: Bundle) => Outcome,
): Outcome {
  let first: Outcome | null = null;
  for (const bundle of bundles) {
    const outcome = isTouchmarkError(bundle) ? unreadable(bundle) : judge(bundle as Bundle);
    if (outcome.passed) return outcome;
    first ??= outcome;
  }
  return first ?? { passed: false, reason: "ErrorInvalidDssePayload", message: "the file holds no provenance" };
}

function unreadable(error: TouchmarkError): Outcome {
  return { passed: false, reason: "ErrorInvalidDssePayload", message: error.message };
}
