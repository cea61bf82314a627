import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { TouchmarkError } from "@touchmark/core";
import { ACCEPTED_KEYS, algorithmOf } from "./algorithm.ts";
import { classifyKeyFile } from "./key-file.ts";
import { MAX_PASSPHRASE_BYTES } from "./limits.ts";

/**
 * Opens a private key: PKCS#8 PEM (RFC 5958), plain or encrypted, or SEC 1 PEM (RFC 5915). Errors never hold a byte of it.
 *
 * @param pem - the bytes of the key file.
 * @param passphrase - null when there is none; not looked at where the key is not encrypted.
 * @throws TouchmarkError `KEY_IS_PUBLIC`, `KEY_INVALID`, `KEY_UNSUPPORTED`, `PASSPHRASE_MISSING`, `PASSPHRASE_WRONG`,
 * `INPUT_TOO_LARGE`.
 */
export function readPrivateKey(pem: Uint8Array, passphrase: string | null): KeyObject {
  const file = classifyKeyFile(pem);
  switch (file.kind) {
    case "public":
    case "public-elsewhere":
      throw new TouchmarkError("KEY_IS_PUBLIC", "signing needs the private half of the key", {
        expected: "a private key (PKCS#8 PEM)",
        actual: file.kind === "public" ? "a public key" : file.what,
      });
    case "unusable":
      throw new TouchmarkError("KEY_INVALID", `the private key cannot be read: it is ${file.what}`, {
        expected: file.remedy,
        actual: file.what,
      });
    case "private": {
      const key = file.encrypted ? openEncrypted(file.pem, passphrase) : openPlain(file.pem);
      algorithmOf(key);
      return key;
    }
  }
}

/**
 * The public half as SPKI PEM: what verifiers are given.
 *
 * @throws TouchmarkError as {@link readPrivateKey}.
 */
export function publicHalf(privatePem: Uint8Array, passphrase: string | null): Uint8Array {
  return encodePublicKey(createPublicKey(readPrivateKey(privatePem, passphrase)));
}

export function encodePublicKey(publicKey: KeyObject): Uint8Array {
  return new TextEncoder().encode(publicKey.export({ type: "spki", format: "pem" }).toString());
}

function openPlain(pem: string): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: "pem" });
  } catch (cause) {
    throw new TouchmarkError("KEY_INVALID", "the private key cannot be read", {
      expected: ACCEPTED_KEYS,
      actual: "a PEM block with something else inside, or a damaged key",
      cause,
    });
  }
}

function openEncrypted(pem: string, passphrase: string | null): KeyObject {
  if (passphrase === null) {
    throw new TouchmarkError("PASSPHRASE_MISSING", "the private key is encrypted and no passphrase was given", {
      expected: "a passphrase",
      actual: "none",
    });
  }
  // OpenSSL answers a longer one with "interrupted or cancelled"; no key can have been read with it.
  const tooLong = Buffer.byteLength(passphrase) > MAX_PASSPHRASE_BYTES;
  try {
    if (!tooLong) return createPrivateKey({ key: pem, format: "pem", passphrase });
  } catch (cause) {
    // One wrong passphrase in 256 passes the padding check and fails as garbled ASN.1, so every failure is this one.
    throw new TouchmarkError("PASSPHRASE_WRONG", "the private key does not open with this passphrase", {
      expected: "the passphrase that it was encrypted with, and a cipher that this Node.js has (AES)",
      actual: "another passphrase, a damaged file or an old cipher",
      cause,
    });
  }
  throw new TouchmarkError("PASSPHRASE_WRONG", "the passphrase is too long for any private key", {
    expected: `at most ${MAX_PASSPHRASE_BYTES} bytes`,
    actual: `${Buffer.byteLength(passphrase)} bytes`,
  });
}
