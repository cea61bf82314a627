import { setTimeout } from "node:timers/promises";
import { aborted, throwIfAborted } from "./file-error.ts";

/**
 * Waits.
 *
 * @param ms - milliseconds.
 * @throws TouchmarkError `ABORTED` as soon as the signal says so.
 */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  try {
    await setTimeout(ms, undefined, { signal });
  } catch (error) {
    if (signal.aborted) throw aborted();
    throw error;
  }
}
