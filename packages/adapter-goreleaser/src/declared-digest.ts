import { algorithmByName, type DigestSet, isWellFormedDigest, TouchmarkError } from "@touchmark/core";
import type { HashAlgorithm } from "@touchmark/plugin";

/**
 * A digest that GoReleaser wrote down.
 *
 * It offers two algorithms that we cannot compare with bytes, since in-toto has no name for them and the host does not
 * compute them: blake3 and crc32. Of those only the form is checked, and that two declarations of one file are equal.
 * The statement always has the sha256 that we compute.
 */
export type DeclaredDigest =
  | { readonly kind: "comparable"; readonly algorithm: HashAlgorithm; readonly hex: string }
  | { readonly kind: "opaque"; readonly algorithm: "blake3" | "crc32"; readonly hex: string };

const OPAQUE_LENGTH = { blake3: 64, crc32: 8 } as const;

/**
 * @param name - the algorithm as GoReleaser spells it (`sha3-256`); it is never guessed from the length: 64 digits are
 * sha256, sha3-256, blake2s or blake3.
 * @param what - for the message: whose digest.
 * @throws TouchmarkError `INPUT_INVALID`.
 */
export function declaredDigest(name: string, hex: string, what: string): DeclaredDigest {
  if (name === "blake3" || name === "crc32") {
    if (/^[0-9a-f]+$/.test(hex) && hex.length === OPAQUE_LENGTH[name]) return { kind: "opaque", algorithm: name, hex };
  } else {
    const algorithm = algorithmByName(name);
    if (algorithm !== null && algorithm !== "narSha256" && isWellFormedDigest(algorithm, hex)) {
      return { kind: "comparable", algorithm, hex };
    }
  }
  throw new TouchmarkError("INPUT_INVALID", `the checksum of ${what} is not one that GoReleaser writes`, {
    expected: "an algorithm of GoReleaser's and lowercase hex of its length",
    actual: JSON.stringify(`${name}:${hex}`.slice(0, 160)),
  });
}

/** Reads `extra.Checksum`: `sha512:<hex>`. */
export function parseDeclared(text: string, what: string): DeclaredDigest {
  const colon = text.indexOf(":");
  return declaredDigest(text.slice(0, Math.max(colon, 0)), text.slice(colon + 1), what);
}

/**
 * Compares a declaration with the digests of the bytes.
 *
 * @param where - who declares it: `artifacts.json`, the name of a checksum list.
 * @throws TouchmarkError `DIGEST_MISMATCH`, naming the file.
 */
export function requireDeclared(declared: DeclaredDigest, bytes: DigestSet, name: string, where: string): void {
  if (declared.kind === "opaque" || bytes[declared.algorithm] === declared.hex) return;
  throw new TouchmarkError("DIGEST_MISMATCH", `"${name}" is not the file that ${where} lists`, {
    expected: `${declared.algorithm}:${declared.hex}`,
    actual: `${declared.algorithm}:${bytes[declared.algorithm] ?? "not computed"}`,
  });
}
