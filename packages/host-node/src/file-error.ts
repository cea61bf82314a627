import { TouchmarkError } from "@touchmark/core";
import type { RefusalReason } from "./open-contained.mjs";
import { refusalOf } from "./open-contained.mjs";

/**
 * The error for people, from what the system or our own opener threw about a file.
 *
 * @param path - as the plugin or the user gave it.
 */
export function fileError(error: unknown, path: string): TouchmarkError {
  if (error instanceof TouchmarkError) return error;
  const { reason, errno } = refusalOf(error);
  return refusedFile(reason, errno, path);
}

/** The error for a file that was not opened, not read or not hashed. */
export function refusedFile(reason: RefusalReason, errno: string | null, path: string): TouchmarkError {
  switch (reason) {
    case "missing":
      return new TouchmarkError("INPUT_MISSING", `${path} is not there`, {
        expected: "a regular file",
        actual: "nothing",
      });
    case "outside":
      return new TouchmarkError("OUTSIDE_ROOTS", `${path} lies outside of what may be read`, {
        expected: "a path inside the working directory or a path that you named, links followed",
        actual: path,
      });
    case "link":
      return refusedKind(path, "a link");
    case "not-a-file":
      return refusedKind(path, "a folder, a FIFO, a socket or a device");
    case "unreadable":
      return new TouchmarkError("FILE_UNREADABLE", `${path} cannot be read`, {
        expected: "a file that this user may read",
        actual: errno ?? "an error of the system",
      });
    case "changed":
      return new TouchmarkError("FILE_CHANGED", `${path} changed while it was read`, {
        expected: "a file that nobody writes any more",
        actual: "another size, time or file at the same path",
      });
    case "aborted":
      return aborted();
  }
}

/** `FILE_REFUSED`: something stands there, and it is not a regular file. */
export function refusedKind(path: string, actual: string): TouchmarkError {
  return new TouchmarkError("FILE_REFUSED", `${path} is not a regular file`, { expected: "a regular file", actual });
}

export function aborted(): TouchmarkError {
  return new TouchmarkError("ABORTED", "interrupted before the work was done", {
    expected: "to run to the end",
    actual: "an interruption",
  });
}

/** @throws TouchmarkError `ABORTED`. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw aborted();
}
