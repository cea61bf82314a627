import {
  type Finding,
  finding,
  findingOf,
  isTouchmarkError,
  readSlsaResult,
  readVerificationSummary,
  type StatedStatement,
  type VerificationSummary,
} from "@touchmark/core";
import type { SummaryTrust } from "./summary-trust.ts";

/**
 * What a statement must say that a trusted verifier signed, steps 3 to 7 of
 * https://slsa.dev/spec/v1.2/verification_summary#how-to-verify
 *
 * @returns the summary, or the first reason why it is not accepted.
 */
export function acceptSummary(statement: StatedStatement, trust: SummaryTrust): VerificationSummary | Finding {
  try {
    const summary = readVerificationSummary(statement);
    if (summary === null) throw new TypeError("a summary was claimed, and none is stated");
    return refusal(summary, trust) ?? summary;
  } catch (error) {
    if (isTouchmarkError(error)) return findingOf(error);
    throw error;
  }
}

function refusal(summary: VerificationSummary, trust: SummaryTrust): Finding | null {
  if (summary.verifierId !== trust.verifierId) {
    return finding("VSA_MISMATCH", "another verifier wrote the summary than the one that you trust with this key", {
      expected: trust.verifierId,
      actual: summary.verifierId,
    });
  }
  if (summary.resourceUri !== trust.resourceUri) {
    return finding("VSA_MISMATCH", "the summary is about another resource", {
      expected: trust.resourceUri,
      actual: summary.resourceUri,
    });
  }
  if (!summary.passed) {
    return finding("VSA_FAILED", "the verifier says that it failed", { expected: "PASSED", actual: "FAILED" });
  }
  const missing = trust.levels.find((level) => !assures(summary.levels, level));
  if (missing === undefined) return null;
  return finding("VSA_LEVEL_TOO_LOW", "the verifier does not assure the level", {
    expected: missing,
    actual: summary.levels.length === 0 ? "no level" : summary.levels.slice(0, 10).join(", "),
  });
}

/** A level of a track is also assured by a higher one of the same track. */
function assures(levels: readonly string[], wanted: string): boolean {
  const minimum = readSlsaResult(wanted);
  if (minimum === null) return levels.includes(wanted);
  const got = levels.map(readSlsaResult).find((one) => one?.track === minimum.track)?.level ?? null;
  return got !== null && minimum.level !== null && got >= minimum.level;
}

/** The SLSA Build level that the verifier assures; null where it assures none. */
export function buildLevelOf({ levels }: VerificationSummary): number | null {
  return levels.map(readSlsaResult).find((one) => one?.track === "BUILD")?.level ?? null;
}
