import type { CheckReport } from "../report.ts";

/** A finding in one line: its code, its words, and what was expected and found. */
export function findingText({ code, message, expected, actual }: CheckReport["findings"][number]): string {
  const detail = [
    ...(expected === null ? [] : [`expected ${expected}`]),
    ...(actual === null ? [] : [`got ${actual}`]),
  ];
  return [`${code}: ${message}`, ...detail].join("; ");
}
