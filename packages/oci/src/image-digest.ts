import { createHash } from "node:crypto";
import { TouchmarkError } from "@touchmark/core";

/**
 * The registered algorithms: https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#registered-algorithms
 */
export type ImageDigestAlgorithm = "sha256" | "sha512";

/** True for `sha256:<64 hex>` and `sha512:<128 hex>`; upper case is refused, as the specification wants. */
export function isImageDigest(text: string): boolean {
  return /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text);
}

/**
 * Reads a digest as registries write it.
 *
 * @returns the text itself.
 * @throws TouchmarkError `INPUT_INVALID`.
 */
export function parseDigestText(text: string, what: string): string {
  if (isImageDigest(text)) return text;
  throw new TouchmarkError("INPUT_INVALID", `${what} is not a digest of an image`, {
    expected: "sha256:<64 hex digits> or sha512:<128 hex digits>, in lowercase",
    actual: JSON.stringify(text.slice(0, 160)),
  });
}

/** The algorithm and the hex of a digest that was parsed. */
export function digestParts(digest: string): { readonly algorithm: ImageDigestAlgorithm; readonly hex: string } {
  const [algorithm, hex] = parseDigestText(digest, "the digest").split(":") as [ImageDigestAlgorithm, string];
  return { algorithm, hex };
}

/** `sha256:<hex>` of bytes. */
export function digestText(algorithm: ImageDigestAlgorithm, bytes: Uint8Array): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}

export function sha256Text(bytes: Uint8Array): string {
  return digestText("sha256", bytes);
}

/**
 * Compares bytes with the digest, and the size where it is known, that they were asked for by.
 *
 * @param what - for the message: `the manifest sha256:… of ghcr.io/octo/app`.
 * @throws TouchmarkError `DIGEST_MISMATCH`.
 */
export function checkBytes(
  bytes: Uint8Array,
  wanted: { readonly digest: string; readonly size?: number | undefined },
  what: string,
): void {
  if (wanted.size !== undefined && bytes.byteLength !== wanted.size) {
    throw new TouchmarkError("DIGEST_MISMATCH", `${what} has another size than its descriptor says`, {
      expected: `${wanted.size} bytes`,
      actual: `${bytes.byteLength} bytes`,
    });
  }
  const actual = digestText(digestParts(wanted.digest).algorithm, bytes);
  if (actual !== wanted.digest) {
    throw new TouchmarkError("DIGEST_MISMATCH", `${what} has another digest`, { expected: wanted.digest, actual });
  }
}
