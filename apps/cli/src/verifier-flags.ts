import { MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { type SummaryTrust, trustedKey, trustedVerifier } from "@touchmark/verify";
import type { Context } from "./context.ts";
import { readInput } from "./read-input.ts";

/** Flags of `verify` about verification summaries. */
export interface VerifierFlags {
  readonly vsaKey?: string;
  readonly vsaVerifier?: string;
  readonly vsaResource?: string;
  readonly vsaLevel?: readonly string[];
}

/**
 * The verifier whose summaries are accepted instead of provenance.
 *
 * @returns none where no flag asks for it.
 * @throws TouchmarkError `USAGE` where one of key, verifier and resource is missing, and for a level that asks for nothing; those
 * of the key.
 */
export async function verifiersOf(context: Context, flags: VerifierFlags): Promise<readonly SummaryTrust[]> {
  const { vsaKey, vsaVerifier: verifierId, vsaResource: resourceUri, vsaLevel: levels = [] } = flags;
  if (vsaKey === undefined && verifierId === undefined && resourceUri === undefined && levels.length === 0) return [];
  if (vsaKey === undefined || !verifierId || !resourceUri) {
    throw new TouchmarkError("USAGE", "a verification summary is accepted only as all of key, verifier and resource", {
      expected: "--vsa-key FILE, --vsa-verifier ID and --vsa-resource URI together",
      actual: "some of them",
    });
  }
  const signer = trustedKey(await readInput(context.cwd, vsaKey, MAX_SMALL_FILE_BYTES), vsaKey);
  return [trustedVerifier({ signer, verifierId, resourceUri, levels })];
}
