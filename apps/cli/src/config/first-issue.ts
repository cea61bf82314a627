import type * as z from "zod";

/** The issue to show of several: a misspelt key comes before the missing one that it was meant to be. */
export function firstIssue(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  return issues.find((issue) => issue.code === "unrecognized_keys") ?? issues[0];
}
