import { createHash } from "node:crypto";
import type { AcceptableAlgorithm, DigestSet } from "@touchmark/core";

/** in-toto's names → OpenSSL's. */
const OPENSSL = {
  sha256: "sha256",
  sha384: "sha384",
  sha512: "sha512",
  sha512_256: "sha512-256",
  sha3_256: "sha3-256",
  sha3_384: "sha3-384",
  sha3_512: "sha3-512",
  blake2b: "blake2b512",
  blake2s: "blake2s256",
} as const satisfies Record<AcceptableAlgorithm, string>;

/** Digests of bytes in memory. */
export function digestBytes(bytes: Uint8Array, algorithms: readonly AcceptableAlgorithm[]): DigestSet {
  return Object.fromEntries(
    algorithms.map((algorithm) => [algorithm, createHash(OPENSSL[algorithm]).update(bytes).digest("hex")]),
  );
}
