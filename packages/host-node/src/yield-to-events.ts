import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "./file-error.ts";

/** Files that are looked at between two looks at the signal: a few milliseconds of work. */
export const LOOKS_PER_TURN = 1_000;

/** The same for names that are only listed. */
export const NAMES_PER_TURN = 10_000;

/**
 * Lets timers, signals and the terminal have their turn.
 *
 * @throws TouchmarkError `ABORTED`.
 */
export async function yieldToEvents(signal: AbortSignal): Promise<void> {
  await setImmediate();
  throwIfAborted(signal);
}
