import { MAX_SMALL_FILE_BYTES } from "@touchmark/core";
import { type NpmKeys, npmKeys, readNpmKeys } from "@touchmark/verify";
import type { Context } from "./context.ts";
import { readInput } from "./read-input.ts";
import { safe } from "./render/terminal.ts";

/** Flags that say where the keys of npm's registry are. */
export interface NpmKeysFlags {
  readonly npmKeys?: string;
  readonly trustedRoot?: string;
  /** The TUF root with which a kit's chain begins. */
  readonly root?: string;
  /** Where a kit has roots; absolute. */
  readonly kitRoots?: string;
}

/** The keys of npm's registry in a file that the user named; without one, those that came with the program. */
export async function npmKeysOf(context: Context, file: string | undefined): Promise<NpmKeys> {
  return file === undefined ? npmKeys() : readNpmKeys(await readInput(context.cwd, file, MAX_SMALL_FILE_BYTES));
}

/**
 * The same, or a kit's where its chain vouches for them; --verbose says which. Beside `--trusted-root`, which says that the
 * kit's chain is not the user's, only by a TUF root that the user names.
 *
 * @throws TouchmarkError as `npmKeysOf` and `kitNpmKeys`.
 */
export async function chosenNpmKeys(context: Context, flags: NpmKeysFlags): Promise<NpmKeys> {
  const { npmKeys: file, kitRoots, root, trustedRoot } = flags;
  if (file === undefined && kitRoots !== undefined && (trustedRoot === undefined || root !== undefined)) {
    const { kitNpmKeys } = await import("./kit/kit-npm-keys.ts");
    const keys = await kitNpmKeys(context, kitRoots, root);
    if (keys !== null) return said("the kit's", keys);
  }
  return said(file === undefined ? "those that came with Touchmark" : safe(file), await npmKeysOf(context, file));

  function said(which: string, keys: NpmKeys): NpmKeys {
    context.terminal.detail(`npm's keys: ${which}`);
    return keys;
  }
}
