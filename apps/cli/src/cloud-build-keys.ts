import { opendir } from "node:fs/promises";
import path from "node:path";
import { MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { type CloudBuildKeys, readCloudBuildKey } from "@touchmark/verify";
import type { Context } from "./context.ts";
import { readInput } from "./read-input.ts";

/** Google has some fifty regions. Unit: files. */
const MAX_KEYS = 256;

/**
 * Google Cloud Build's keys in a folder: a file `<region>.key` each, `global-pae-….key` for those that sign as DSSE says.
 *
 * @throws TouchmarkError `USAGE` for a folder without keys, or with more than there are regions; `KEY_INVALID`.
 */
export async function keysInFolder(context: Context, folder: string): Promise<CloudBuildKeys> {
  const names = await keyFiles(path.resolve(context.cwd, folder));
  if (names.length === 0) throw usage(`--gcb-keys ${folder}: no file ends in .key`);
  if (names.length > MAX_KEYS) throw usage(`--gcb-keys ${folder}: more than ${MAX_KEYS} keys`);
  const keys = new Map<string, ReturnType<typeof readCloudBuildKey>>();
  for (const name of names) {
    const pem = await readInput(context.cwd, path.join(folder, name), MAX_SMALL_FILE_BYTES);
    keys.set(name.slice(0, -".key".length), readCloudBuildKey(pem, name));
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

function usage(message: string): TouchmarkError {
  return new TouchmarkError("USAGE", message, { expected: "a folder with a file REGION.key for each key" });
}
