import { MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import {
  openRoots,
  publicGoodSource,
  type Roots,
  type RootsDemand,
  type RootsSource,
  type SeenInstance,
} from "@touchmark/verify";
import type { Context } from "./context.ts";
import { durationOf } from "./duration.ts";
import type { MirrorFlags } from "./online-roots.ts";
import { readInput } from "./read-input.ts";

/** Flags that say which roots of certificates are used. */
export interface RootsFlags extends MirrorFlags {
  readonly trustedRoot?: string;
  readonly online?: boolean;
  readonly offline?: boolean;
  readonly maxRootsAge?: string;
  /** Where a kit has roots; absolute. */
  readonly kitRoots?: string;
}

/**
 * The roots that flags name, to verify with.
 *
 * @param seen - of which instances older ones are refused.
 * @throws TouchmarkError `USAGE`, and as `readInput`, `onlineRoots` and `openRoots`.
 */
export async function chosenRoots(
  context: Context,
  flags: RootsFlags,
  seen: readonly SeenInstance[] = [],
): Promise<Roots> {
  refuseContradictions(flags);
  const demand = rootsDemand(flags, seen);
  return openRoots(await sourceOf(context, flags), demand);
}

/**
 * What flags ask of any roots.
 *
 * @throws TouchmarkError `USAGE`.
 */
export function rootsDemand({ maxRootsAge }: RootsFlags, seen: readonly SeenInstance[]): RootsDemand {
  const age = maxRootsAge === undefined ? null : durationOf(maxRootsAge, "--max-roots-age");
  return { notBefore: age === null ? null : new Date(Date.now() - age), seen };
}

/** The roots in a file that the user named; without one, those that came with the program. */
export async function rootsOf(context: Context, file: string | undefined): Promise<Roots> {
  return openRoots(await sourceOf(context, file === undefined ? {} : { trustedRoot: file }));
}

/** A file is what it is. Without --online nobody is asked, and what was kept of earlier updates is not looked at. */
async function sourceOf(context: Context, flags: RootsFlags): Promise<RootsSource> {
  const { trustedRoot, online } = flags;
  if (trustedRoot !== undefined) {
    return { bytes: await readInput(context.cwd, trustedRoot, MAX_SMALL_FILE_BYTES), label: trustedRoot, asOf: null };
  }
  if (online === true) return (await (await import("./online-roots.ts")).onlineRoots(context, flags)).source;
  if (flags.kitRoots !== undefined)
    return (await import("./kit/kit-roots.ts")).kitRoots(context, flags.kitRoots, flags.root);
  return publicGoodSource();
}

function refuseContradictions({ online, offline, trustedRoot, mirror, root, kitRoots }: RootsFlags): void {
  if (online !== true) {
    if (mirror === undefined && (root === undefined || kitRoots !== undefined)) return;
    throw usage("a mirror of roots is named, and nobody is to be asked", "--online beside --mirror and --root");
  }
  if (offline === true) throw usage("--online and --offline contradict each other", "one of the two");
  if (trustedRoot !== undefined && (mirror !== undefined || root !== undefined)) {
    throw usage("--mirror and --trusted-root name two sets of roots", "one of the two");
  }
}

function usage(message: string, expected: string): TouchmarkError {
  return new TouchmarkError("USAGE", message, { expected });
}
