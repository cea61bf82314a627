import { type Finding, findingOf, isTouchmarkError } from "@touchmark/core";

/** What is checked of a piece of evidence and of an artifact, in the order in which it is. */
export const CHECKS = [
  "form",
  "roots",
  "log",
  "time",
  "signature",
  "witnesses",
  "identity",
  "statement",
  "agreement",
  "builder",
  "standing",
  "record",
  "publisher",
  "summary",
  "denials",
  "predicate",
  "digest",
  "name",
  "policy",
] as const;

export type Check = (typeof CHECKS)[number];

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

/** What was done with one piece of evidence. */
export class Trace {
  readonly #attempts: { readonly trust: string; readonly steps: Step[] }[] = [];

  get attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  /** From here on, steps are about another of those who are trusted. */
  attempt(trust: string): void {
    this.#attempts.push({ trust, steps: [] });
  }

  note(...steps: readonly Step[]): void {
    if (this.#attempts.length === 0) this.attempt("");
    this.#attempts.at(-1)?.steps.push(...steps);
  }
}

/**
 * Does what a check does, and notes what became of it.
 *
 * @param trace - null where nobody wants to know: then nothing is noted, and nothing of it costs anything.
 * @param compared - what was held against what; of a check that was refused, it gets null.
 * @throws what the work throws.
 */
export function traced<T>(
  trace: Trace | null,
  check: Check,
  work: () => T,
  compared: (result: T | null) => readonly Compared[] = () => [],
): T {
  if (trace === null) return work();
  let result: T;
  try {
    result = work();
  } catch (error) {
    if (isTouchmarkError(error)) {
      trace.note({ check, outcome: "refused", compared: compared(null), finding: findingOf(error) });
    }
    throw error;
  }
  trace.note({ check, outcome: "passed", compared: compared(result), finding: null });
  return result;
}

/** A check that says what is wrong instead of throwing it. */
export function tracedFinding<T extends object>(
  trace: Trace | null,
  check: Check,
  result: T | Finding | null,
  compared: readonly Compared[] = [],
): void {
  const isRefused = result !== null && "code" in result;
  const finding = isRefused ? (result as Finding) : null;
  trace?.note({ check, outcome: isRefused ? "refused" : "passed", compared, finding });
}
