import { sha256 } from "./test-key.ts";

/** RFC 6962, 2.1: a leaf is hashed behind a zero byte. */
export function leafHash(leaf: Uint8Array): Uint8Array {
  return sha256(Uint8Array.of(0), leaf);
}

/** The root of at least one leaf, by the leaves' hashes. */
export function treeRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (only === undefined) throw new Error("a tree has at least one leaf");
  if (hashes.length === 1) return only;
  const split = splitOf(hashes.length);
  return sha256(Uint8Array.of(1), treeRoot(hashes.slice(0, split)), treeRoot(hashes.slice(split)));
}

/** The hashes beside the way from a leaf to the root, lowest first (RFC 6962, 2.1.1). */
export function inclusionPath(hashes: readonly Uint8Array[], index: number): Uint8Array[] {
  if (hashes.length === 1) return [];
  const split = splitOf(hashes.length);
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)];
  return index < split
    ? [...inclusionPath(left, index), treeRoot(right)]
    : [...inclusionPath(right, index - split), treeRoot(left)];
}

/** The largest power of two below the number. */
function splitOf(leaves: number): number {
  let power = 1;
  while (power * 2 < leaves) power *= 2;
  return power;
}
