import type { SummaryPeriod } from "@touchmark/verify";

/** A machine whose clock is behind must not refuse what was verified a moment ago. Unit: milliseconds. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/**
 * When a summary must have been made: from as long ago as is allowed until now.
 *
 * @param maxAge - milliseconds.
 */
export function periodOf(maxAge: number): SummaryPeriod {
  const now = Date.now();
  return { notBefore: now - maxAge, notAfter: now + CLOCK_SKEW_MS };
}
