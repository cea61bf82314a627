import { differenceTo, namingHash } from "./file-digests.ts";
import { MAX_TARGET_BYTES } from "./limits.ts";
import type { Metadata } from "./metadata.ts";
import type { Mirror } from "./mirror.ts";
import type { KeptFile } from "./root-chain.ts";
import type { TargetFile } from "./schema.ts";
import { unusable } from "./unusable.ts";

/** A target that is read. */
export interface Target {
  /** As the repository names it: `registry.npmjs.org/keys.json`. */
  readonly path: string;
  /** The name under which it is kept; no folder. */
  readonly keptAs: string;
}

/** What metadata says of a target; null where it does not have it. */
export function targetIn({ signed: { targets } }: Metadata<"targets">, { path }: Target): TargetFile | null {
  return (Object.hasOwn(targets, path) ? targets[path] : undefined) ?? null;
}

/**
 * Reads a target: what was kept where it is that, else the mirror's. TUF specification, 5.7.
 *
 * @param described - what metadata says of it, whose signatures hold.
 * @throws TouchmarkError `SERVICE_INVALID` for other bytes than those, and for more than 1 MiB; as `askService`.
 */
export async function readTarget(
  { path, keptAs }: Target,
  described: TargetFile,
  root: Metadata<"root">,
  mirror: Mirror,
  kept: KeptFile,
): Promise<Uint8Array> {
  const hash = namingHash(described);
  if (hash === null) throw unusable("targets.json", `the SHA-256 or SHA-512 of ${path}`, "neither");
  if (described.length > MAX_TARGET_BYTES) {
    throw unusable(path, `at most ${MAX_TARGET_BYTES} bytes`, `${described.length} bytes`);
  }
  const before = await kept(keptAs, MAX_TARGET_BYTES);
  if (before !== null && differenceTo(described, before) === null) return before;
  const at = path.lastIndexOf("/") + 1;
  const name = root.signed.consistent_snapshot ? `${path.slice(0, at)}${hash}.${path.slice(at)}` : path;
  const bytes = await mirror.file(`targets/${name}`, described.length);
  const difference = differenceTo(described, bytes);
  if (difference !== null) throw unusable(path, ...difference);
  return bytes;
}
