import { type Code, type ErrorDetail, isTouchmarkError, TouchmarkError } from "@touchmark/core";

/** Why evidence does not hold, as one of the codes about it. */
export function refused(code: Code, message: string, detail: ErrorDetail = {}): TouchmarkError {
  return new TouchmarkError(code, message, detail);
}

/**
 * Runs code that reads foreign bytes through a library. Whatever it throws that is not ours becomes the given code: a
 * parser that stumbles has verified nothing.
 *
 * @throws TouchmarkError always, where `read` throws.
 */
export function reading<T>(code: Code, what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (isTouchmarkError(cause) && !ABOUT_INPUT.includes(cause.code)) throw cause;
    throw new TouchmarkError(code, `${what} cannot be read`, {
      expected: "what its format says",
      actual: cause instanceof Error ? cause.message.slice(0, 200) : "an error",
      cause,
    });
  }
}

/** What the readers of base64 and JSON say, for whom everything is input. */
const ABOUT_INPUT: readonly Code[] = ["INPUT_INVALID", "INPUT_TOO_LARGE"];
