import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { checkSignatures } from "./check-signatures.ts";
import { MAX_ROOT_ROTATIONS, MAX_TUF_ROOT_BYTES } from "./limits.ts";
import { type Metadata, parseMetadata } from "./metadata.ts";
import type { Mirror } from "./mirror.ts";
import { refuseExpired, unusable } from "./unusable.ts";

/** A file that was kept, or null; never believed, since anybody may have written it. */
export type KeptFile = (name: string, max: number) => Promise<Uint8Array | null>;

/** The newest root, and the way to it. */
export interface RootChain {
  readonly newest: Metadata<"root">;
  /** `17.root.json` and so on, in order; without the first, which was trusted already. */
  readonly files: readonly (readonly [name: string, bytes: Uint8Array])[];
}

/**
 * The root that is trusted to begin with.
 *
 * @throws TouchmarkError `ROOTS_INVALID` where it is none, or not signed by its own keys.
 */
export function firstRoot(bytes: Uint8Array, label: string): Metadata<"root"> {
  try {
    if (bytes.byteLength > MAX_TUF_ROOT_BYTES) throw unusable(label, `at most ${MAX_TUF_ROOT_BYTES} bytes`, "more");
    const root = parseMetadata("root", bytes, label);
    checkSignatures(root, root, label);
    return root;
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    throw new TouchmarkError("ROOTS_INVALID", `${label} is not the root of a TUF repository`, {
      expected: "a root.json that its own keys signed",
      actual: error.actual ?? error.message,
      cause: error,
    });
  }
}

/**
 * From a trusted root to the newest one: each version is signed by those whom the one before names, and by its own.
 * TUF specification, 5.3.
 *
 * @throws TouchmarkError `SERVICE_INVALID`; `ROOTS_STALE` for a newest root that has expired, or one that is too far away.
 */
export async function followRoots(
  first: Metadata<"root">,
  mirror: Mirror,
  kept: KeptFile,
  now: Date,
): Promise<RootChain> {
  const files: [string, Uint8Array][] = [];
  let newest = first;
  for (;;) {
    const version = newest.signed.version + 1;
    const name = `${version}.root.json`;
    const next = (await keptRoot(newest, name, kept)) ?? (await givenRoot(newest, name, mirror));
    if (next === null) break;
    if (files.length === MAX_ROOT_ROTATIONS) throw tooFar(first, version);
    newest = next;
    files.push([name, next.bytes]);
  }
  refuseExpired(newest, `version ${newest.signed.version} of root.json`, now);
  return { newest, files };
}

async function keptRoot(current: Metadata<"root">, name: string, kept: KeptFile): Promise<Metadata<"root"> | null> {
  const bytes = await kept(name, MAX_TUF_ROOT_BYTES);
  if (bytes === null) return null;
  try {
    return successor(current, bytes, name);
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}

async function givenRoot(current: Metadata<"root">, name: string, mirror: Mirror): Promise<Metadata<"root"> | null> {
  const bytes = await mirror.optional(name, MAX_TUF_ROOT_BYTES);
  return bytes === null ? null : successor(current, bytes, name);
}

function successor(current: Metadata<"root">, bytes: Uint8Array, name: string): Metadata<"root"> {
  const next = parseMetadata("root", bytes, name);
  checkSignatures(current, next, name);
  checkSignatures(next, next, name);
  const wanted = current.signed.version + 1;
  if (next.signed.version !== wanted) throw unusable(name, `version ${wanted}`, `version ${next.signed.version}`);
  return next;
}

function tooFar(first: Metadata<"root">, version: number): TouchmarkError {
  return new TouchmarkError("ROOTS_STALE", "the TUF root to begin with is too old for the roots' mirror", {
    expected: `at most ${MAX_ROOT_ROTATIONS} newer versions than ${first.signed.version}`,
    actual: `version ${version} at least`,
  });
}
