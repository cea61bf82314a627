import type { Outcome } from "../src/outcome.ts";
import { Refusal } from "../src/refusal.ts";

/** `passed`, or slsa-verifier's name for what is wrong; anything but a refusal goes on. */
export function reasonOf(check: () => unknown): string {
  try {
    check();
    return "passed";
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

/** The same of an outcome. */
export function verdictOf(outcome: Outcome): string {
  return outcome.passed ? "passed" : outcome.reason;
}
