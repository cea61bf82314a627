import { opendir } from "node:fs/promises";
import path from "node:path";
import { MAX_SMALL_FILE_BYTES } from "@touchmark/core";
import { type GcbKeys, gcbKeys, readGcbKey } from "@touchmark/slsa-verifier";
import { type NpmKeys, npmKeys, type Roots, readNpmKeys } from "@touchmark/verify";
import { rootsOf } from "../chosen-roots.ts";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";
import type { Typed } from "./parse-flags.ts";
import { UsageError } from "./usage-error.ts";

/** The roots that `--trusted-root` names, else those that came with the program. */
export function trustedRoot(context: Context, typed: Typed): Promise<Roots> {
  return rootsOf(context, typed.text("trusted-root") ?? undefined);
}

/** npm's keys in the file that `--npm-keys` names, else those that came with the program. */
export async function registryKeys(context: Context, typed: Typed): Promise<NpmKeys> {
  const file = typed.text("npm-keys");
  return file === null ? npmKeys() : readNpmKeys(await readInput(context.cwd, file, MAX_SMALL_FILE_BYTES));
}

/** Google has some fifty regions. Unit: files. */
const MAX_KEYS = 256;

/**
 * `<region>.key` in the folder that `--gcb-keys` names, else those that came with the program.
 *
 * @throws UsageError for a folder without keys, or with more than there are regions.
 */
export async function cloudBuildKeys(context: Context, typed: Typed): Promise<GcbKeys> {
  const folder = typed.text("gcb-keys");
  if (folder === null) return gcbKeys();
  const names = await keyFiles(path.resolve(context.cwd, folder));
  if (names.length === 0) throw new UsageError(`--gcb-keys ${folder}: no file ends in .key`);
  if (names.length > MAX_KEYS) throw new UsageError(`--gcb-keys ${folder}: more than ${MAX_KEYS} keys`);
  const keys = new Map<string, ReturnType<typeof readGcbKey>>();
  for (const name of names) {
    const pem = await readInput(context.cwd, path.join(folder, name), MAX_SMALL_FILE_BYTES);
    keys.set(name.slice(0, -".key".length), readGcbKey(pem, name));
  }
  return keys;
}

/** As many as are needed to see that there are too many. */
async function keyFiles(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of await opendir(folder)) {
    if (name.endsWith(".key")) names.push(name);
    if (names.length > MAX_KEYS) break;
  }
  return names.sort();
}
