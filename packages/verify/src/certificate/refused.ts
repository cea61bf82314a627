import { type Code, type ErrorDetail, isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { MAX_SHOWN_TEXT } from "./limits.ts";

/** Why evidence does not hold, as one of the codes about it. What the evidence says of itself is cut where it is long. */
export function refused(code: Code, message: string, detail: ErrorDetail = {}): TouchmarkError {
  return new TouchmarkError(code, message, {
    ...detail,
    expected: shortened(detail.expected ?? null),
    actual: shortened(detail.actual ?? null),
  });
}

function shortened(text: string | null): string | null {
  return text !== null && text.length > MAX_SHOWN_TEXT ? `${text.slice(0, MAX_SHOWN_TEXT)}…` : text;
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
