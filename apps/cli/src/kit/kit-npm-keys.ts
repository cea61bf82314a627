import { MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { NPM_KEYS_FILE } from "@touchmark/roots-tuf";
import { type NpmKeys, readNpmKeys } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { keptIn, readByKitChain } from "./kit-chain.ts";

/**
 * The keys of npm's registry in a kit, by the chain of the roots beside them.
 *
 * @param folder - with what a TUF repository said; absolute.
 * @param rootFile - the TUF root to begin with.
 * @returns null where the kit has none, and where they have expired and no other root was named.
 * @throws TouchmarkError `ROOTS_INVALID` for keys without a chain; as `readByKitChain` and `readNpmKeys`.
 */
export async function kitNpmKeys(
  context: Context,
  folder: string,
  rootFile: string | undefined,
): Promise<NpmKeys | null> {
  if ((await keptIn(folder)(NPM_KEYS_FILE, MAX_SMALL_FILE_BYTES)) === null) return null;
  const bytes = await readByKitChain(context, folder, rootFile, {
    what: "npm's keys",
    read: async (roots) => {
      const found = await roots.npmKeys();
      if (found !== null) return found.bytes;
      throw new TouchmarkError("ROOTS_INVALID", "npm's keys in the kit cannot be believed", {
        expected: "a TUF repository that has them",
        actual: "one that does not",
      });
    },
  });
  return bytes === null ? null : readNpmKeys(bytes);
}
