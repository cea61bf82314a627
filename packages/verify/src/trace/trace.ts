import { type Finding, findingOf, isTouchmarkError } from "@touchmark/core";
import type { Check } from "./checks.ts";

/** Two values that a check held against each other; each with where it came from, null where there is none. */
export interface Compared {
  /** `issuer`, `source ref`. */
  readonly what: string;
  readonly expected: string | null;
  readonly expectedFrom: Origin;
  readonly actual: string | null;
  readonly actualFrom: Origin;
}

/** Where a value came from. */
export type Origin =
  | "trust"
  | "roots"
  | "bundle"
  | "certificate"
  | "log"
  | "timestamp"
  | "statement"
  | "artifact"
  | "policy"
  | "rule";

/** One check as it was made. */
export interface Step {
  readonly check: Check;
  readonly outcome: "passed" | "refused";
  readonly compared: readonly Compared[];
  /** Why it was refused; null where it passed, or where the verdict says it. */
  readonly finding: Finding | null;
}

/** What was checked of one piece under one of those who are trusted. */
export interface Attempt {
  readonly trust: string;
  readonly steps: readonly Step[];
}

/**
 * What was done with one piece of evidence.
 *
 * @typeParam Show - how the values of checks are shown: only whoever wants a verdict explained loads that.
 */
export interface Trace<Show> {
  readonly attempts: readonly Attempt[];
  readonly showing: Show;
  /** From here on, steps are about another of those who are trusted. */
  attempt(shown: string): void;
  note(...steps: readonly Step[]): void;
  /** One that is like it and empty. */
  branch(): Trace<Show>;
}

/**
 * Does what a check does, and notes what became of it.
 *
 * @param trace - null where nobody wants to know: then nothing is noted, and nothing of it costs anything.
 * @param compared - what was held against what; of a check that was refused, it gets null.
 * @throws what the work throws.
 */
export function traced<T, Show>(
  trace: Trace<Show> | null,
  check: Check,
  work: () => T,
  compared: (showing: Show, result: T | null) => readonly Compared[] = () => [],
): T {
  if (trace === null) return work();
  let result: T;
  try {
    result = work();
  } catch (error) {
    if (isTouchmarkError(error)) {
      trace.note({ check, outcome: "refused", compared: compared(trace.showing, null), finding: findingOf(error) });
    }
    throw error;
  }
  trace.note({ check, outcome: "passed", compared: compared(trace.showing, result), finding: null });
  return result;
}

/** A check that says what is wrong instead of throwing it. */
export function tracedFinding<Show>(
  trace: Trace<Show> | null,
  check: Check,
  result: object | null,
  compared: (showing: Show) => readonly Compared[] = () => [],
): void {
  if (trace === null) return;
  const finding = result !== null && "code" in result ? (result as Finding) : null;
  trace.note({ check, outcome: finding === null ? "passed" : "refused", compared: compared(trace.showing), finding });
}
