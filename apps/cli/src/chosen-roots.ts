import { MAX_SMALL_FILE_BYTES } from "@touchmark/core";
import { openRoots, publicGoodSource, type Roots, type RootsSource, type SeenInstance } from "@touchmark/verify";
import type { Context } from "./context.ts";
import { durationOf } from "./duration.ts";
import { readInput } from "./read-input.ts";

/** Flags that say which roots of certificates are used. */
export interface RootsFlags {
  readonly trustedRoot?: string;
  readonly maxRootsAge?: string;
}

/**
 * The roots that flags name, to verify with.
 *
 * @param seen - of which instances older ones are refused.
 * @throws TouchmarkError `USAGE`, and as `readInput` and `openRoots`.
 */
export async function chosenRoots(
  context: Context,
  flags: RootsFlags,
  seen: readonly SeenInstance[] = [],
): Promise<Roots> {
  const { maxRootsAge } = flags;
  const notBefore =
    maxRootsAge === undefined ? null : new Date(Date.now() - durationOf(maxRootsAge, "--max-roots-age"));
  return openRoots(await sourceOf(context, flags), { notBefore, seen });
}

/** The roots in a file that the user named; without one, those that came with the program. */
export async function rootsOf(context: Context, file: string | undefined): Promise<Roots> {
  return openRoots(await sourceOf(context, file === undefined ? {} : { trustedRoot: file }));
}

async function sourceOf(context: Context, { trustedRoot }: RootsFlags): Promise<RootsSource> {
  if (trustedRoot === undefined) return publicGoodSource();
  return { bytes: await readInput(context.cwd, trustedRoot, MAX_SMALL_FILE_BYTES), label: trustedRoot, asOf: null };
}
