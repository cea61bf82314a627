import type { CheckReport } from "../report.ts";

/** A finding in one line: its code, its words, and what was expected and found. */
export function findingText({ code, ...finding }: CheckReport["findings"][number]): string {
  return `${code}: ${wordsOf(finding)}`;
}

/** The same without its code. */
export function wordsOf({ message, expected, actual }: Omit<CheckReport["findings"][number], "code">): string {
  return `${message}${expected === null ? "" : `; expected ${expected}`}${actual === null ? "" : `; got ${actual}`}`;
}
