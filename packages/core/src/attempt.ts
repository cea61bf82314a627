import { isTouchmarkError, type TouchmarkError } from "./errors.ts";

/** What a reader gives, or the error that it throws: for input of others, of which a broken piece spoils no other. */
export function attempt<T>(read: () => T): T | TouchmarkError {
  try {
    return read();
  } catch (error) {
    if (isTouchmarkError(error)) return error;
    throw error;
  }
}

/** {@link attempt} where it does not matter why. */
export function attemptOrNull<T>(read: () => T): T | null {
  const value = attempt(read);
  return isTouchmarkError(value) ? null : value;
}
