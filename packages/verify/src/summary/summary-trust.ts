import { readSlsaResult, TouchmarkError } from "@touchmark/core";
import type { KeyTrust } from "../trust.ts";
import type { IdentityTrust } from "../trust-identity.ts";

/** A verifier whose summaries are believed, and what they must say. Made by {@link trustedVerifier} only. */
export interface SummaryTrust {
  /** Who signs for the verifier; never who signs provenance. */
  readonly signer: KeyTrust | IdentityTrust;
  /** The verifier, exactly as it names itself. */
  readonly verifierId: string;
  /** What an artifact must have been verified as, exactly. */
  readonly resourceUri: string;
  /** `SLSA_BUILD_LEVEL_2`: at least this level of the track; other results as they are. */
  readonly levels: readonly string[];
}

/**
 * Checks what a user says of a verifier.
 *
 * @throws TouchmarkError `USAGE` for a level that asks for nothing: a misspelt one, `SLSA_BUILD_LEVEL_UNEVALUATED`, `FAILED`.
 */
export function trustedVerifier(trust: SummaryTrust): SummaryTrust {
  for (const level of trust.levels) {
    const isLevel = readSlsaResult(level)?.level != null;
    if (isLevel || isProperty(level)) continue;
    throw new TouchmarkError("USAGE", "this is no level that a verification summary could assure", {
      expected: "SLSA_BUILD_LEVEL_2, SLSA_SOURCE_LEVEL_1, SLSA_BUILD_REPRODUCED, or a verifier's own word",
      actual: level,
    });
  }
  return trust;
}

/** A verified property, or a word of the verifier's own, which must not look like SLSA's. */
function isProperty(level: string): boolean {
  if (level === "FAILED" || level === "") return false;
  return !level.startsWith("SLSA_") || (/^SLSA_[A-Z0-9]+(?:_[A-Z0-9]+)+$/.test(level) && !level.includes("LEVEL"));
}
