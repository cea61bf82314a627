import path from "node:path";
import { TouchmarkError } from "@touchmark/core";
import { writeNewFiles } from "@touchmark/host-node";
import type { Context } from "./context.ts";

/**
 * Writes a file that is not there yet, which everybody may read.
 *
 * @param output - as the user named it.
 * @param expected - what to do where something stands there.
 * @throws TouchmarkError `OUTPUT_CONFLICT`; as `writeNewFiles`.
 */
export async function writeNewFile(
  { cwd }: Context,
  output: string,
  bytes: Uint8Array,
  expected = "the name of a new file",
): Promise<void> {
  const target = path.resolve(cwd, output);
  await writeNewFiles(path.dirname(target), [{ name: path.basename(target), bytes, mode: 0o644 }], () => {
    throw new TouchmarkError("OUTPUT_CONFLICT", `${output} is there already`, { expected, actual: "one that exists" });
  });
}
