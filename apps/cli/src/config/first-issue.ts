import type * as z from "zod";

/** The issue to show of several: a misspelt key comes before the missing one that it was meant to be. */
export function firstIssue(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  return issues.find((issue) => issue.code === "unrecognized_keys") ?? issues[0];
}

/** What is wrong at the place of an issue, in the words of somebody who writes YAML: a key that is not there is missing. */
export function wordedIssue(
  issue: z.core.$ZodIssue | undefined,
  data: unknown,
): { readonly problem: string; readonly actual: string | null } {
  const isMissing = issue !== undefined && issue.path.length > 0 && valueAt(data, issue.path) === undefined;
  return isMissing
    ? { problem: "is missing", actual: "nothing" }
    : { problem: "is not valid", actual: issue?.message ?? null };
}

function valueAt(data: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  if (key === undefined) return data;
  return data !== null && typeof data === "object" && Object.hasOwn(data, key)
    ? valueAt((data as Readonly<Record<PropertyKey, unknown>>)[key], rest)
    : undefined;
}
