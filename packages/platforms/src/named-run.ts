import { type Origin, TouchmarkError } from "@touchmark/core";

/** The run as environment variables name it: enough for jobs without a token to say that they belong together. */
export type NamedRun = Origin;

/**
 * Compares what the environment says with what the token says: parts that other jobs collected are bound to the first.
 *
 * @throws TouchmarkError `ORIGIN_MISMATCH`.
 */
export function checkSameRun(named: NamedRun, stated: Origin): void {
  for (const key of ["repository", "commit", "runId"] as const) {
    if (named[key] === stated[key]) continue;
    throw new TouchmarkError("ORIGIN_MISMATCH", "the identity token is about another run than this job's environment", {
      expected: `${key} ${stated[key].slice(0, 200)}, as in the token`,
      actual: named[key].slice(0, 200),
    });
  }
}
