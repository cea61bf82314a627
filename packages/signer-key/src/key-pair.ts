import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { TouchmarkError } from "@touchmark/core";
import type { KeyAlgorithm } from "./algorithm.ts";
import { encryptPkcs8 } from "./encrypted-pkcs8.ts";
import { MAX_PASSPHRASE_BYTES } from "./limits.ts";
import { encodePublicKey } from "./private-key.ts";

export interface KeyPair {
  /** PKCS#8 PEM. */
  readonly privatePem: Uint8Array;
  /** SPKI PEM. */
  readonly publicPem: Uint8Array;
}

/**
 * Makes a key pair.
 *
 * @param options.passphrase - encrypts the private half; null leaves it plain.
 * @throws TouchmarkError `PASSPHRASE_MISSING` for an empty passphrase, which would only look like protection; `USAGE`
 * above 1,024 bytes, which OpenSSL could not be given again.
 */
export function generateKeyPair(options: {
  readonly algorithm: KeyAlgorithm;
  readonly passphrase: string | null;
}): KeyPair {
  checkPassphrase(options.passphrase);
  const { privateKey, publicKey } = newKeyPair(options.algorithm);
  const pkcs8 = privateKey.export({ type: "pkcs8", format: "der" });
  const privatePem =
    options.passphrase === null
      ? encodePem("PRIVATE KEY", pkcs8)
      : encodePem("ENCRYPTED PRIVATE KEY", encryptPkcs8(pkcs8, options.passphrase));
  return { privatePem, publicPem: encodePublicKey(publicKey) };
}

function newKeyPair(algorithm: KeyAlgorithm): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  switch (algorithm) {
    case "ecdsa-p256":
      return generateKeyPairSync("ec", { namedCurve: "P-256" });
    case "ecdsa-p384":
      return generateKeyPairSync("ec", { namedCurve: "P-384" });
    case "ed25519":
      return generateKeyPairSync("ed25519");
  }
}

function checkPassphrase(passphrase: string | null): void {
  if (passphrase === "") {
    throw new TouchmarkError("PASSPHRASE_MISSING", "the passphrase is empty", {
      expected: "a passphrase, or none at all",
      actual: "an empty one",
    });
  }
  if (passphrase === null || Buffer.byteLength(passphrase) <= MAX_PASSPHRASE_BYTES) return;
  throw new TouchmarkError("USAGE", "the passphrase is too long", {
    expected: `at most ${MAX_PASSPHRASE_BYTES} bytes`,
    actual: `${Buffer.byteLength(passphrase)} bytes`,
  });
}

/** RFC 7468: lines of 64 characters. */
function encodePem(label: string, der: Uint8Array): Uint8Array {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return new TextEncoder().encode([`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n"));
}
