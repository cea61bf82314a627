import { isTouchmarkError } from "@touchmark/core";
import { type CloudBuildKeys, cloudBuildKeys, type NpmKeys, type Roots } from "@touchmark/verify";
import { rootsOf } from "../chosen-roots.ts";
import { keysInFolder } from "../cloud-build-keys.ts";
import type { Context } from "../context.ts";
import { npmKeysOf } from "../npm-keys.ts";
import type { Typed } from "./parse-flags.ts";
import { UsageError } from "./usage-error.ts";

/** The roots that `--trusted-root` names, else those that came with the program. */
export function trustedRoot(context: Context, typed: Typed): Promise<Roots> {
  return rootsOf(context, typed.text("trusted-root") ?? undefined);
}

/** npm's keys in the file that `--npm-keys` names, else those that came with the program. */
export async function registryKeys(context: Context, typed: Typed): Promise<NpmKeys> {
  return npmKeysOf(context, typed.text("npm-keys") ?? undefined);
}

/**
 * `<region>.key` in the folder that `--gcb-keys` names, else those that came with the program.
 *
 * @throws UsageError for a folder without keys, or with more than there are regions.
 */
export async function regionKeys(context: Context, typed: Typed): Promise<CloudBuildKeys> {
  const folder = typed.text("gcb-keys");
  if (folder === null) return cloudBuildKeys();
  try {
    return await keysInFolder(context, folder);
  } catch (error) {
    if (isTouchmarkError(error) && error.code === "USAGE") throw new UsageError(error.message);
    throw error;
  }
}
