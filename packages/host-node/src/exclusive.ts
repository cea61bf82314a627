import { closeSync, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { TouchmarkError } from "@touchmark/core";
import { outputError } from "./output-error.ts";
import { wait } from "./wait.ts";
import { makeFolder } from "./write-files.ts";

/** Between two looks at a lock that another process holds. Unit: milliseconds. */
const POLL_MS = 25;

/** What is done under a lock takes milliseconds; whoever holds one longer was killed meanwhile. Unit: milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Does something that two processes must not do at once to one file. A lock that a killed process left is not broken: another
 * one may be breaking it just then.
 *
 * @param path - absolute, of the file; `PATH.lock` stands beside it meanwhile.
 * @param shown - the file as the user named it.
 * @throws TouchmarkError `OUTPUT_UNWRITABLE` when the lock cannot be made, or is held for 10 seconds; `ABORTED`.
 */
export async function exclusively<Result>(
  path: string,
  shown: string,
  signal: AbortSignal,
  action: () => Promise<Result>,
): Promise<Result> {
  const lock = `${path}.lock`;
  makeFolder(dirname(path), dirname(shown));
  for (let waited = 0; !take(lock, shown); waited += POLL_MS) {
    if (waited >= PATIENCE_MS) {
      throw new TouchmarkError("OUTPUT_UNWRITABLE", `${shown} is in use by another process`, {
        expected: `nothing at ${shown}.lock; if no other touchmark runs, one was killed: delete it`,
        actual: `a lock that was held for ${PATIENCE_MS / 1_000} s`,
      });
    }
    await wait(POLL_MS, signal);
  }
  try {
    return await action();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string, shown: string): boolean {
  try {
    closeSync(openSync(lock, "wx", 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw outputError(error, shown);
  }
}
