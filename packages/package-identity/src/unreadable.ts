import { isTouchmarkError, TouchmarkError } from "@touchmark/core";

/** A package of which it cannot be said which one it is. */
export function unreadable(
  message: string,
  expected: string | null,
  actual: string | null,
  cause?: unknown,
): TouchmarkError {
  return new TouchmarkError("PACKAGE_UNREADABLE", message, { expected, actual, cause });
}

/** Runs a reader of a manifest: what it says of its input, it says of the package. */
export function asUnreadable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    throw unreadable(error.message, error.expected, error.actual, error);
  }
}
