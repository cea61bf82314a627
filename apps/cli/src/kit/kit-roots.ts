import { publicGoodSource, type RootsSource } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { readByKitChain } from "./kit-chain.ts";

/**
 * The roots in a kit, by their chain.
 *
 * @returns those that came with the program where the kit's have expired and no other root was named.
 * @throws TouchmarkError as `readByKitChain`.
 */
export async function kitRoots(context: Context, folder: string, rootFile: string | undefined): Promise<RootsSource> {
  const bytes = await readByKitChain(context, folder, rootFile, {
    what: "the roots",
    read: async (roots) => roots.bytes,
  });
  return bytes === null ? publicGoodSource() : { bytes, label: "the kit's roots", asOf: null };
}
