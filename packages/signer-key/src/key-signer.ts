import { createPublicKey, sign } from "node:crypto";
import { encodeKeyBundle, INTOTO_PAYLOAD_TYPE, preAuthEncoding, refuseEnvelope } from "@touchmark/core";
import type { Signer } from "@touchmark/plugin";
import { algorithmOf, digestFor } from "./algorithm.ts";
import { readPrivateKey } from "./private-key.ts";
import { hintOf } from "./public-key.ts";

export interface KeySignerOptions {
  /** The bytes of a key file: PKCS#8 PEM, plain or encrypted, or SEC 1 PEM. */
  readonly privateKey: Uint8Array;
  /** Null when there is none. */
  readonly passphrase: string | null;
}

/**
 * Signs with a key that this process holds. ECDSA signatures are DER over SHA-256, Ed25519 ones the 64 bytes of RFC 8032.
 *
 * @throws TouchmarkError `KEY_IS_PUBLIC`, `KEY_INVALID`, `KEY_UNSUPPORTED`, `PASSPHRASE_MISSING`, `PASSPHRASE_WRONG`,
 * `INPUT_TOO_LARGE`: here and not while signing, so that nothing is built for a key that cannot sign. `signMessage`:
 * `INPUT_INVALID` for a message that is a statement's encoding.
 */
export function keySigner(options: KeySignerOptions): Signer {
  const key = readPrivateKey(options.privateKey, options.passphrase);
  const digest = digestFor(algorithmOf(key));
  const hint = hintOf(createPublicKey(key));
  return {
    name: "key",
    async sign(payload) {
      const signature = sign(digest, preAuthEncoding(INTOTO_PAYLOAD_TYPE, payload), key);
      return encodeKeyBundle({ payloadType: INTOTO_PAYLOAD_TYPE, payload, signature, hint });
    },
    async signMessage(message) {
      refuseEnvelope(message);
      return sign(digest, message, key);
    },
  };
}
