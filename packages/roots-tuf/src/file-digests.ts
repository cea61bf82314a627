import { createHash } from "node:crypto";
import type { MetaFile, TargetFile } from "./schema.ts";

/** What proves bytes, and the length of its hex; other hashes are not looked at. */
const HASHES = { sha256: 64, sha512: 128 } as const;

/** By which a consistent snapshot names a target; null where there is none that proves anything. */
export function namingHash({ hashes }: TargetFile): string | null {
  const found = Object.entries(HASHES).find(([name, length]) => hashes[name]?.length === length);
  return found === undefined ? null : (hashes[found[0]] ?? null);
}

/** How bytes differ from what was said of them: expected and actual; null where they do not. */
export function differenceTo(
  { length, hashes = {} }: Pick<MetaFile, "length" | "hashes">,
  bytes: Uint8Array,
): [expected: string, actual: string] | null {
  if (length !== undefined && length !== bytes.byteLength) return [`${length} bytes`, `${bytes.byteLength} bytes`];
  for (const algorithm of Object.keys(HASHES)) {
    const expected = hashes[algorithm];
    if (expected === undefined) continue;
    const actual = createHash(algorithm).update(bytes).digest("hex");
    if (actual !== expected) return [`${algorithm}:${expected}`, `${algorithm}:${actual}`];
  }
  return null;
}
