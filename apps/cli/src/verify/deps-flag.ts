import { TouchmarkError } from "@touchmark/core";
import { MAX_DEPENDENCY_DEPTH } from "@touchmark/engine";

/**
 * How many steps `--deps` follows.
 *
 * @throws TouchmarkError `USAGE`.
 */
export function stepsOf(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= MAX_DEPENDENCY_DEPTH) return Number(text);
  throw new TouchmarkError("USAGE", "--deps is not a number of steps", {
    expected: `1 to ${MAX_DEPENDENCY_DEPTH}`,
    actual: text.slice(0, 40),
  });
}
