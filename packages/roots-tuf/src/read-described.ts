import { isTouchmarkError } from "@touchmark/core";
import { differenceTo } from "./file-digests.ts";
import { MAX_LISTING_BYTES } from "./limits.ts";
import type { Metadata } from "./metadata.ts";
import type { Mirror } from "./mirror.ts";
import type { MetaFile, RoleName } from "./schema.ts";
import { unusable } from "./unusable.ts";

/**
 * Reads metadata, and checks who signed it.
 *
 * @param label - what messages call it.
 * @throws TouchmarkError `SERVICE_INVALID`.
 */
export type SignedBy<Name extends RoleName> = (bytes: Uint8Array, label: string) => Metadata<Name>;

/** What was kept, where it holds under the newest root; a key that was withdrawn meanwhile takes its metadata along. */
export function held<Name extends RoleName>(
  file: string,
  bytes: Uint8Array | null,
  signed: SignedBy<Name>,
): Metadata<Name> | null {
  if (bytes === null) return null;
  try {
    return signed(bytes, file);
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}

/**
 * Metadata that other metadata describes: what was kept where it is that, else the mirror's.
 *
 * @param file - `targets.json`.
 * @param meta - what the other says of it.
 * @param before - what was kept, and holds.
 * @throws TouchmarkError `SERVICE_INVALID`; as `askService`.
 */
export async function readDescribed<Name extends RoleName>(
  file: string,
  meta: MetaFile,
  before: Metadata<Name> | null,
  signed: SignedBy<Name>,
  root: Metadata<"root">,
  mirror: Mirror,
): Promise<Metadata<Name>> {
  if (before !== null && before.signed.version === meta.version && differenceTo(meta, before.bytes) === null) {
    return before;
  }
  const name = root.signed.consistent_snapshot ? `${meta.version}.${file}` : file;
  const bytes = await mirror.file(name, Math.min(meta.length ?? MAX_LISTING_BYTES, MAX_LISTING_BYTES));
  const difference = differenceTo(meta, bytes);
  if (difference !== null) throw unusable(name, ...difference);
  const given = signed(bytes, name);
  if (given.signed.version !== meta.version) {
    throw unusable(name, `version ${meta.version}`, `version ${given.signed.version}`);
  }
  return given;
}
