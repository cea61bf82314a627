import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { TouchmarkError } from "@touchmark/core";
import { ACCEPTED_KEYS, algorithmOf } from "./algorithm.ts";
import { classifyKeyFile } from "./key-file.ts";

/**
 * Reads a public key: SPKI PEM (RFC 5280, 4.1).
 *
 * @throws TouchmarkError `KEY_IS_PRIVATE`, `KEY_INVALID`, `KEY_UNSUPPORTED`, `INPUT_TOO_LARGE`.
 */
export function readPublicKey(pem: Uint8Array): KeyObject {
  const file = classifyKeyFile(pem);
  switch (file.kind) {
    case "private":
      throw new TouchmarkError("KEY_IS_PRIVATE", "the public half of the key is wanted here", {
        expected: "a public key (-----BEGIN PUBLIC KEY-----)",
        actual: "a private key",
      });
    case "public-elsewhere":
    case "unusable":
      throw new TouchmarkError("KEY_INVALID", `the public key cannot be read: it is ${file.what}`, {
        expected: "a public key (-----BEGIN PUBLIC KEY-----)",
        actual: file.what,
      });
    case "public": {
      const key = openPublic(file.pem);
      algorithmOf(key);
      return key;
    }
  }
}

/**
 * The hint that cosign writes and looks for: base64 of SHA-256 over the SPKI DER.
 * Source: https://github.com/sigstore/sigstore-go/blob/main/pkg/sign/keys.go (NewEphemeralKeypair)
 *
 * @param publicKey - the bytes of a public key file.
 * @throws TouchmarkError as {@link readPublicKey}.
 */
export function keyHint(publicKey: Uint8Array): string {
  return hintOf(readPublicKey(publicKey));
}

export function hintOf(publicKey: KeyObject): string {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}

function openPublic(pem: string): KeyObject {
  try {
    const key = createPublicKey({ key: pem, format: "pem" });
    hintOf(key); // a point that is none shows only when the key is written again
    return key;
  } catch (cause) {
    throw new TouchmarkError("KEY_INVALID", "the public key cannot be read", {
      expected: ACCEPTED_KEYS,
      actual: "a PEM block with something else inside, or a damaged key",
      cause,
    });
  }
}
