import { readSlsaResult, TouchmarkError } from "@touchmark/core";
import type { KeyTrust } from "../trust.ts";
import type { IdentityTrust } from "../trust-identity.ts";

/** A verifier whose summaries are believed, and what they must say. Made by {@link trustedVerifier} only. */
export interface SummaryTrust {
  /** Who signs for the verifier; never who signs provenance. */
  readonly signer: KeyTrust | IdentityTrust;
  /** The verifier, exactly as it names itself. */
  readonly verifierId: string;
  /**
   * What an artifact must have been verified as, exactly. Null: as anything that the verifier may speak about; what the summary
   * does not name is then called as its resource.
   */
  readonly resourceUri: string | null;
  /** `SLSA_BUILD_LEVEL_2`: at least this level of the track; other results as they are. */
  readonly levels: readonly string[];
  /** What the verifier may say at most; null: all that is asked of it here is enough. */
  readonly rights: VerifierRights | null;
  /** When it must have verified; null: at any time. */
  readonly period: SummaryPeriod | null;
  readonly [checked]: true;
}

declare const checked: unique symbol;

/** What a verifier was given to say. */
export interface VerifierRights {
  /** The entry of a trust file that gives it, for reports. */
  readonly entry: string;
  /** `SLSA_BUILD_LEVEL_2`: at most this level of the track, and no other track; other results as they are. */
  readonly levels: readonly string[];
  /** URIs; one that ends in `*` stands for all that begin so. */
  readonly resources: readonly string[];
}

/** Both moments included. Unit: milliseconds since 1970. */
export interface SummaryPeriod {
  readonly notBefore: number;
  /** A summary of later than now would be young for ever. */
  readonly notAfter: number;
}

export type SummaryTrustOptions = Pick<SummaryTrust, "signer" | "verifierId" | "resourceUri" | "levels"> &
  Partial<Pick<SummaryTrust, "rights" | "period">>;

/**
 * Checks what a user says of a verifier.
 *
 * @throws TouchmarkError `USAGE` for a level that asks for nothing: a misspelt one, `SLSA_BUILD_LEVEL_UNEVALUATED`, `FAILED`; for
 * a verifier that could speak about anything; for rights that no verifier could use.
 */
export function trustedVerifier({ rights = null, period = null, ...said }: SummaryTrustOptions): SummaryTrust {
  if (said.verifierId === "" || said.resourceUri === "") {
    throw usage("a verifier and a resource are named", "a URI", "an empty text");
  }
  if (said.resourceUri === null && rights === null) {
    throw usage(
      "a verifier could speak about anything",
      "a resource, or the resources that it may speak about",
      "none",
    );
  }
  for (const level of [...said.levels, ...(rights?.levels ?? [])]) {
    if (readSlsaResult(level)?.level != null || isProperty(level)) continue;
    throw usage(
      "this is no level that a verification summary could assure",
      "SLSA_BUILD_LEVEL_2, SLSA_SOURCE_LEVEL_1, SLSA_BUILD_REPRODUCED, or a verifier's own word",
      level,
    );
  }
  const [unclear] = rights?.resources.filter((one) => !/^[^*]+\*?$/.test(one)) ?? [];
  if (unclear !== undefined) {
    throw usage("a resource is a URI, or the beginning of URIs", "* at the end only, behind something", unclear);
  }
  return { ...said, rights, period } as SummaryTrust;
}

/** A verified property, or a word of the verifier's own, which must not look like SLSA's. */
function isProperty(level: string): boolean {
  if (level === "FAILED" || level === "") return false;
  return !level.startsWith("SLSA_") || (/^SLSA_[A-Z0-9]+(?:_[A-Z0-9]+)+$/.test(level) && !level.includes("LEVEL"));
}

function usage(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("USAGE", message, { expected, actual });
}
