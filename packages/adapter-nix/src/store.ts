import { isTouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import { NIX_STORE } from "./store-path.ts";

/** The store as it lies on this disk, and as Nix writes it. */
export interface Store {
  /** As the host takes it. */
  readonly folder: string;
  /** The same with every link followed; null where there is none, or none that may be read. */
  readonly place: string | null;
  /** What stands before the base of a store path in texts: `/nix/store`, and the folder if that is another one. */
  readonly directories: readonly string[];
}

/** @param folder - the option. */
export async function openStore(host: Host, folder: string): Promise<Store> {
  const plain = folder.length > 1 ? folder.replace(/\/+$/, "") : folder;
  const directories = plain.startsWith("/") ? [...new Set([NIX_STORE, plain])] : [NIX_STORE];
  return { folder: plain, place: await placeOf(host, plain), directories };
}

/** Where something lies in the store. */
export function placeIn(store: Store, base: string): string {
  return `${store.folder}/${base}`;
}

/** A tree beside the store needs none; what is said to lie in it is missed when it is looked for. */
async function placeOf(host: Host, folder: string): Promise<string | null> {
  try {
    return await host.realPath(folder);
  } catch (error) {
    if (isTouchmarkError(error) && (error.code === "INPUT_MISSING" || error.code === "OUTSIDE_ROOTS")) return null;
    throw error;
  }
}
