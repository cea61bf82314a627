import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import path from "node:path";
import { isTouchmarkError } from "@touchmark/core";
import { exclusively } from "@touchmark/host-node";
import {
  encodeVerifierState,
  MAX_STATE_BYTES,
  mergeStates,
  NOTHING_SEEN,
  parseVerifierState,
  type VerifierState,
} from "@touchmark/verify";
import type { Context } from "./context.ts";
import { readInput } from "./read-input.ts";
import { replaceFiles } from "./replace-files.ts";

/** What a verifier has seen before, in a file that the user named. */
export interface StateFile {
  /** As the user named it. */
  readonly name: string;
  readonly seen: VerifierState;
  /** SHA-256, lowercase hex; null when there is no file yet. */
  readonly digest: string | null;
}

/**
 * @throws TouchmarkError `INPUT_INVALID` for a file that holds something else; as `readInput`, but for a missing one.
 */
export async function openState(context: Context, name: string): Promise<StateFile> {
  const bytes = await bytesOf(context, name);
  if (bytes === null) return { name, seen: NOTHING_SEEN, digest: null };
  return { name, seen: parseVerifierState(bytes, name), digest: createHash("sha256").update(bytes).digest("hex") };
}

/**
 * Adds what was verified. The file is read again, under a lock: what another process saw meanwhile stays.
 *
 * @throws TouchmarkError `OUTPUT_UNWRITABLE`, `DISK_FULL`, `OUTPUT_CONFLICT`, `LIMIT_EXCEEDED`, `ABORTED`.
 */
export async function recordSeen(
  context: Context,
  name: string,
  seen: Partial<Pick<VerifierState, "roots" | "releases" | "policies" | "trust">>,
): Promise<void> {
  const place = placeOf(path.resolve(context.cwd, name));
  await exclusively(place, name, context.signal, async () => {
    const now = await openState(context, name);
    const bytes = encodeVerifierState(mergeStates(now.seen, { ...NOTHING_SEEN, ...seen }));
    if (createHash("sha256").update(bytes).digest("hex") === now.digest) return;
    await replaceFiles(context, path.dirname(place), [{ name: path.basename(place), bytes }]);
  });
}

interface Signed {
  readonly key: string;
  readonly revision: number;
  readonly digest: string;
}

/** Adds a signed policy and signed trust files that were used, as {@link recordSeen} adds what was verified. */
export async function recordRules(
  context: Context,
  name: string,
  policy: Signed | null,
  trust: readonly (Signed & { readonly trust: string })[],
): Promise<void> {
  const states = [
    ...(policy === null ? [] : [{ policies: { [policy.key]: revisionOf(policy) } }]),
    ...trust.map((one) => ({ trust: { [one.key]: { [one.trust]: revisionOf(one) } } })),
  ];
  if (states.length === 0) return;
  const seen = states.reduce<VerifierState>((all, one) => mergeStates(all, { ...NOTHING_SEEN, ...one }), NOTHING_SEEN);
  await recordSeen(context, name, seen);
}

function revisionOf({ revision, digest }: Signed): Pick<Signed, "revision" | "digest"> {
  return { revision, digest };
}

async function bytesOf(context: Context, name: string): Promise<Uint8Array | null> {
  try {
    return await readInput(context.cwd, name, MAX_STATE_BYTES);
  } catch (error) {
    if (isTouchmarkError(error) && error.code === "INPUT_MISSING") return null;
    throw error;
  }
}

/** Where a link leads, so that the file is replaced and the link stays. */
function placeOf(absolute: string): string {
  try {
    return realpathSync.native(absolute);
  } catch {
    return absolute; // nothing there yet, or a link to nothing, which is refused when it is written
  }
}
