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
import type { SummaryPeriod, SummaryTrust, VerifierRights } from "./summary-trust.ts";

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
  return (
    otherResource(summary, trust) ??
    (summary.passed
      ? null
      : finding("VSA_FAILED", "the verifier says that it failed", { expected: "PASSED", actual: "FAILED" })) ??
    outsidePeriod(summary, trust.period) ??
    beyondLevels(summary, trust.rights) ??
    belowLevels(summary, trust.levels)
  );
}

function otherResource({ resourceUri: actual }: VerificationSummary, trust: SummaryTrust): Finding | null {
  const { resourceUri: expected, rights } = trust;
  if (expected !== null && actual !== expected) {
    return finding("VSA_MISMATCH", "the summary is about another resource", { expected, actual });
  }
  if (rights === null || rights.resources.some((one) => isAmong(actual, one))) return null;
  return finding("VSA_RESOURCE_NOT_ALLOWED", `"${rights.entry}" may not speak about this resource`, {
    expected: listed(rights.resources),
    actual,
  });
}

function isAmong(resource: string, allowed: string): boolean {
  return allowed.endsWith("*") ? resource.startsWith(allowed.slice(0, -1)) : resource === allowed;
}

function outsidePeriod({ timeVerified }: VerificationSummary, period: SummaryPeriod | null): Finding | null {
  if (period === null) return null;
  const time = timeVerified === null ? Number.NaN : Date.parse(timeVerified);
  if (time >= period.notBefore && time <= period.notAfter) return null;
  const what =
    timeVerified === null
      ? "the summary does not say when it was made"
      : time > period.notAfter
        ? "the summary says that it was made later than now"
        : "the summary is older than is allowed";
  const [from, until] = [period.notBefore, period.notAfter].map((one) => new Date(one).toISOString());
  return finding("VSA_TOO_OLD", what, { expected: `verified from ${from} to ${until}`, actual: timeVerified });
}

/** Whoever says one thing that it may not say, is believed nothing: who knows what else is wrong with it. */
function beyondLevels({ levels }: VerificationSummary, rights: VerifierRights | null): Finding | null {
  if (rights === null) return null;
  const beyond = levels.find(
    (level) => readSlsaResult(level)?.level !== null && !rights.levels.some((one) => covers(one, level)),
  );
  if (beyond === undefined) return null;
  return finding("VSA_LEVEL_NOT_ALLOWED", `"${rights.entry}" may not assure this`, {
    expected: `at most ${listed(rights.levels)}`,
    actual: beyond,
  });
}

function belowLevels({ levels }: VerificationSummary, wanted: readonly string[]): Finding | null {
  const missing = wanted.find((level) => !levels.some((one) => covers(one, level)));
  if (missing === undefined) return null;
  return finding("VSA_LEVEL_TOO_LOW", "the verifier does not assure the level", {
    expected: missing,
    actual: levels.length === 0 ? "no level" : listed(levels),
  });
}

/** A level of a track stands also for the lower ones of the same track. */
function covers(higher: string, lower: string): boolean {
  const [high, low] = [readSlsaResult(higher), readSlsaResult(lower)];
  if (high === null || low === null) return higher === lower;
  return high.track === low.track && high.level !== null && low.level !== null && high.level >= low.level;
}

function listed(words: readonly string[]): string {
  return words.slice(0, MAX_LISTED_WORDS).join(", ");
}

/** Of levels and resources, in a message. Unit: words. */
const MAX_LISTED_WORDS = 10;

/** The SLSA Build level that the verifier assures; null where it assures none. */
export function buildLevelOf({ levels }: VerificationSummary): number | null {
  return levels.map(readSlsaResult).find((one) => one?.track === "BUILD")?.level ?? null;
}
