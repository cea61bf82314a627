import {
  type Bundle,
  type BundleLine,
  isTouchmarkError,
  MAX_EVIDENCE_BYTES,
  MAX_SMALL_FILE_BYTES,
  parseBundleFile,
} from "@touchmark/core";
import type { Outcome } from "@touchmark/slsa-verifier";
import { bundleOfEnvelope, isBareEnvelope } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";

type Refused = Extract<Outcome, { readonly passed: false }>;

/**
 * Every bundle in the files, a line each, or why a line is none.
 *
 * @param rekorEntry - a file with the log's entry for an envelope that has nothing around it; null: such an envelope is refused.
 */
export async function bundlesIn(
  context: Context,
  files: readonly string[],
  rekorEntry: string | null,
): Promise<readonly (Bundle | Refused)[]> {
  const entry = rekorEntry === null ? null : await readInput(context.cwd, rekorEntry, MAX_SMALL_FILE_BYTES);
  const bundles: (Bundle | Refused)[] = [];
  for (const file of files) {
    const lines = parseBundleFile(await readInput(context.cwd, file, MAX_EVIDENCE_BYTES));
    bundles.push(...lines.map((line) => bundleOf(line, entry)));
  }
  return bundles;
}

/** The first bundle that passes; where none does, what was wrong with the first one. */
export function firstPassing(bundles: readonly (Bundle | Refused)[], judge: (bundle: Bundle) => Outcome): Outcome {
  let first: Outcome | null = null;
  for (const bundle of bundles) {
    const outcome = "passed" in bundle ? bundle : judge(bundle);
    if (outcome.passed) return outcome;
    first ??= outcome;
  }
  return first ?? refused("ErrorInvalidDssePayload", "the file holds no provenance");
}

function bundleOf({ bytes, bundle }: BundleLine, entry: Uint8Array | null): Bundle | Refused {
  if (!isTouchmarkError(bundle)) return bundle;
  if (!isBareEnvelope(bytes)) return refused("ErrorInvalidDssePayload", bundle.message);
  if (entry === null) {
    const why = "an envelope with a certificate and without the log's entry, and nobody is asked for that";
    return refused("ErrorRekorSearch", `${why}: give it with --rekor-entry FILE, as Rekor's API answers`);
  }
  try {
    return bundleOfEnvelope(bytes, entry);
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return refused("ErrorInvalidRekorEntry", `${error.message}, got ${error.actual ?? "something else"}`);
  }
}

function refused(reason: Refused["reason"], message: string): Refused {
  return { passed: false, reason, message };
}
