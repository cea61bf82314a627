import type { KeyObject } from "node:crypto";
import { namedCurve } from "@touchmark/core";

/** Hashes that keys and logs use; the names are Node's. */
export type SigningHash = "sha256" | "sha384" | "sha512";

/** What ECDSA keys hash with, by Node's name of the curve. */
const HASH_OF_CURVE: ReadonlyMap<string, SigningHash> = new Map([
  ["prime256v1", "sha256"],
  ["secp384r1", "sha384"],
  ["secp521r1", "sha512"],
]);

/** What an ECDSA key hashes with; null for a key that is not on one of these curves. */
export function hashOfCurve(key: KeyObject): SigningHash | null {
  return HASH_OF_CURVE.get(namedCurve(key) ?? "") ?? null;
}
