import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "./file-error.ts";

/** Entries that are handled between two looks at the signal: a few milliseconds of work. */
export const ENTRIES_PER_TURN = 1_000;

/**
 * Lets timers, signals and the terminal have their turn.
 *
 * @throws TouchmarkError `ABORTED`.
 */
export async function yieldToEvents(signal: AbortSignal): Promise<void> {
  await setImmediate();
  throwIfAborted(signal);
}
