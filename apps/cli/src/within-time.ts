import { isTouchmarkError, TouchmarkError } from "@touchmark/core";

/**
 * Something outside that must end in time, however many steps it takes. An interruption by the clock is the other side's
 * fault, not the user's wish.
 *
 * @param ms - milliseconds, for all of it.
 * @param who - whom a message calls too slow.
 * @throws TouchmarkError `NETWORK_UNAVAILABLE` when it takes longer; what the action throws.
 */
export async function withinTime<Result>(
  ms: number,
  signal: AbortSignal,
  who: string,
  action: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ms);
  try {
    return await action(AbortSignal.any([signal, late.signal]));
  } catch (error) {
    if (!late.signal.aborted || signal.aborted || !isTouchmarkError(error) || error.code !== "ABORTED") throw error;
    throw new TouchmarkError("NETWORK_UNAVAILABLE", `${who} is too slow`, {
      expected: `everything within ${ms / 1_000} s`,
      actual: "a part of it",
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
