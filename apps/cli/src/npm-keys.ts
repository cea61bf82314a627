import { MAX_SMALL_FILE_BYTES } from "@touchmark/core";
import { type NpmKeys, npmKeys, readNpmKeys } from "@touchmark/verify";
import type { Context } from "./context.ts";
import { readInput } from "./read-input.ts";

/** The keys of npm's registry in a file that the user named; without one, those that came with the program. */
export async function npmKeysOf(context: Context, file: string | undefined): Promise<NpmKeys> {
  return file === undefined ? npmKeys() : readNpmKeys(await readInput(context.cwd, file, MAX_SMALL_FILE_BYTES));
}
