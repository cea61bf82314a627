import { readdirSync } from "node:fs";
import path from "node:path";
import { MAX_SMALL_FILE_BYTES } from "@touchmark/core";
import { type GcbKeys, gcbKeys, type NpmKeys, npmKeys, readGcbKey, readNpmKeys } from "@touchmark/slsa-verifier";
import type { Roots } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { rootsOf } from "../identity-flags.ts";
import { readInput } from "../read-input.ts";
import type { Typed } from "./flags.ts";

/** The roots that `--trusted-root` names, else those that came with the program. */
export function trustedRoot(context: Context, typed: Typed): Promise<Roots> {
  return rootsOf(context, typed.text("trusted-root") ?? undefined);
}

/** npm's keys in the file that `--npm-keys` names, else those that came with the program. */
export async function registryKeys(context: Context, typed: Typed): Promise<NpmKeys> {
  const file = typed.text("npm-keys");
  return file === null ? npmKeys() : readNpmKeys(await readInput(context.cwd, file, MAX_SMALL_FILE_BYTES));
}

const MAX_KEYS = 256;

/** `<region>.key` in the folder that `--gcb-keys` names, else those that came with the program. */
export async function cloudBuildKeys(context: Context, typed: Typed): Promise<GcbKeys> {
  const folder = typed.text("gcb-keys");
  if (folder === null) return gcbKeys();
  const names = readdirSync(path.resolve(context.cwd, folder)).filter((name) => name.endsWith(".key"));
  const keys = new Map<string, ReturnType<typeof readGcbKey>>();
  for (const name of names.slice(0, MAX_KEYS)) {
    const pem = await readInput(context.cwd, path.join(folder, name), MAX_SMALL_FILE_BYTES);
    keys.set(name.slice(0, -".key".length), readGcbKey(pem, name));
  }
  return keys;
}
