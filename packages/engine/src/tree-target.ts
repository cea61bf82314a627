import { isTouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import type { TreeItem } from "./check-items.ts";
import { baseName, missing } from "./target-path.ts";

/**
 * A tree under its base name, links to it followed: `result` stands for the store path that it leads to.
 *
 * @throws TouchmarkError `TARGET_MISSING`; what the host throws.
 */
export async function treeItem(target: string, given: string, host: Host): Promise<TreeItem> {
  try {
    const path = await host.realPath(given);
    return { kind: "tree", target, name: baseName(path), path, given };
  } catch (error) {
    if (isTouchmarkError(error) && error.code === "INPUT_MISSING") throw missing(given);
    throw error;
  }
}

/** A direct child of the store, named as Nix names it: https://nix.dev/manual/nix/2.34/store/store-path */
const STORE_PATH = /^\/nix\/store\/[0-9abcdfghijklmnpqrsvwxyz]{32}-[\w.+?=-]{1,211}$/;

/** True for a path that is or leads to something in the Nix store, whole: nobody but Nix writes there. */
export async function leadsIntoStore(path: string, host: Host): Promise<boolean> {
  try {
    return STORE_PATH.test(await host.realPath(path));
  } catch (error) {
    if (isTouchmarkError(error) && (error.code === "INPUT_MISSING" || error.code === "OUTSIDE_ROOTS")) return false;
    throw error;
  }
}
