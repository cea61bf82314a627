import { isTouchmarkError, MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import {
  mirrorUrl,
  PUBLIC_GOOD_MIRROR,
  PUBLIC_GOOD_TUF_ROOT,
  type UpdatedNpmKeys,
  type UpdatedRoots,
  updateRoots,
} from "@touchmark/roots-tuf";
import type { RootsSource } from "@touchmark/verify";
import type { Context } from "./context.ts";
import { hostFor } from "./host-for.ts";
import { readInput } from "./read-input.ts";
import { safe } from "./render/terminal.ts";
import { openRootsCache } from "./roots-cache.ts";
import { withinTime } from "./within-time.ts";

/** For all requests of one update together; one alone may take 30 s, and be made three times. Unit: milliseconds. */
const MAX_UPDATE_MS = 180_000;

/** Flags that name a TUF repository; neither: Sigstore's public-good one. */
export interface MirrorFlags {
  readonly mirror?: string;
  readonly root?: string;
}

/** Roots that a mirror has just given. */
export interface OnlineRoots {
  readonly source: RootsSource;
  /** Version of the TUF root by which they were verified. */
  readonly rootVersion: number;
  /** Where the update is kept; null where it cannot be. */
  readonly folder: string | null;
  /** What the repository said, by which the roots can be verified again. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Asks a mirror for its newest roots.
 *
 * @param withNpmKeys - true where `files` shall have the keys of npm's registry too, if the repository has them.
 * @throws TouchmarkError `USAGE` for one flag without the other; `NETWORK_UNAVAILABLE` also when all of it takes longer than
 * three minutes; as `updateRoots`.
 */
export async function onlineRoots(
  context: Context,
  flags: MirrorFlags,
  { withNpmKeys = false }: { readonly withNpmKeys?: boolean } = {},
): Promise<OnlineRoots> {
  const { mirror, root, rootLabel, label } = await repositoryOf(context, flags);
  context.terminal.detail(`asks ${safe(mirror.host)} for the newest roots`);
  const cache = openRootsCache(context, mirror);
  const now = new Date();
  const updated = await withinTime(MAX_UPDATE_MS, context.signal, mirror.host, async (signal) => {
    const network = { kind: "services", hosts: [mirror.host] } as const;
    const host = hostFor(context, { signal, network });
    try {
      const roots = await updateRoots({ mirror: mirror.href, root, rootLabel, kept: cache.read, now }, host);
      const npm = withNpmKeys ? await npmKeysOrNote(context, roots) : null;
      return npm === null ? roots : { ...roots, files: new Map([...roots.files, ...npm.files]) };
    } finally {
      await host.close();
    }
  });
  return {
    source: { bytes: updated.bytes, label, asOf: now.toISOString() },
    rootVersion: updated.rootVersion,
    folder: (await kept(context, cache, updated)) ? cache.folder : null,
    files: updated.files,
  };
}

async function repositoryOf(context: Context, { mirror, root }: MirrorFlags) {
  if ((mirror === undefined) !== (root === undefined)) {
    throw new TouchmarkError("USAGE", "a mirror of roots and its own TUF root belong together", {
      expected: "--mirror URL and --root FILE, or neither for Sigstore's public-good instance",
      actual: mirror === undefined ? "--root alone" : "--mirror alone",
    });
  }
  if (mirror === undefined || root === undefined) {
    const bytes = new TextEncoder().encode(PUBLIC_GOOD_TUF_ROOT);
    return { mirror: mirrorUrl(PUBLIC_GOOD_MIRROR), root: bytes, rootLabel: "the TUF root", label: "public-good" };
  }
  const url = mirrorUrl(mirror);
  const bytes = await readInput(context.cwd, root, MAX_SMALL_FILE_BYTES);
  return { mirror: url, root: bytes, rootLabel: root, label: url.host };
}

/** Npm signs its role by itself: where it is late, everybody's roots are good all the same. */
async function npmKeysOrNote(context: Context, roots: UpdatedRoots): Promise<UpdatedNpmKeys | null> {
  try {
    return await roots.npmKeys();
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "ROOTS_STALE") throw error;
    context.terminal.note(`the keys of npm's registry are not taken along: ${safe(error.message)}`);
    return null;
  }
}

/** Roots that cannot be kept are good all the same; what is lost is said. */
async function kept(
  context: Context,
  cache: ReturnType<typeof openRootsCache>,
  updated: UpdatedRoots,
): Promise<boolean> {
  try {
    await cache.keep(updated);
    return true;
  } catch (error) {
    if (!isTouchmarkError(error) || error.code === "ABORTED") throw error;
    const why = `${error.message} (${error.actual ?? error.code})`;
    context.terminal.note(`the roots are not kept, so older ones would not be noticed the next time: ${safe(why)}`);
    return false;
  }
}
