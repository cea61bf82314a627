import { TouchmarkError } from "@touchmark/core";
import { CLOUD_BUILD_KEYS_DATE, type CloudBuildTrust, cloudBuildKeys, trustedCloudBuild } from "@touchmark/verify";
import type { Context } from "./context.ts";

/** Flags that say that Google Cloud Build is believed. */
export interface CloudBuildFlags {
  readonly cloudBuild?: boolean;
  readonly gcbKeys?: string;
  readonly source?: string;
}

/**
 * Trust in Google Cloud Build, where flags say so; never otherwise.
 *
 * @throws TouchmarkError `USAGE`; `SOURCE_UNSET` without `--source`; and as `keysInFolder`.
 */
export async function cloudBuildOf(context: Context, flags: CloudBuildFlags): Promise<readonly CloudBuildTrust[]> {
  const { cloudBuild, gcbKeys: folder, source = null } = flags;
  if (cloudBuild !== true) {
    if (folder === undefined) return [];
    throw new TouchmarkError("USAGE", "keys of Google Cloud Build, which nobody said to believe", {
      expected: "--cloud-build beside --gcb-keys",
      actual: `--gcb-keys ${folder}`,
    });
  }
  if (folder === undefined) {
    const label = "those that came with touchmark";
    return [trustedCloudBuild({ keys: await cloudBuildKeys(), label, date: CLOUD_BUILD_KEYS_DATE, source })];
  }
  const { keysInFolder } = await import("./cloud-build-keys.ts");
  return [trustedCloudBuild({ keys: await keysInFolder(context, folder), label: folder, date: null, source })];
}
