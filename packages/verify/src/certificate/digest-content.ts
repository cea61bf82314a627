import type { KeyObject } from "node:crypto";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { hashOfCurve, type SigningHash } from "../hash-of-curve.ts";
import { refused } from "./refused.ts";
import type { SignedContent } from "./signed-content.ts";

/**
 * A signature over a file of which only a digest is known. Sigstore's verifier needs the bytes, and so does Node's crypto;
 * an audited curve library (https://github.com/paulmillr/noble-curves) verifies ECDSA over a digest.
 *
 * Keys that hash with another function, Ed25519 and RSA are refused: they need the file.
 */
export function digestContent(hash: SigningHash, digest: Uint8Array, signature: Uint8Array): SignedContent {
  return {
    kind: "message",
    signature,
    digest: (wanted) => (wanted === hash ? digest : null),
    payloadDigest: null,
    payloadType: null,
    isSignedBy(key) {
      const needed = hashOfCurve(key);
      if (needed !== hash) {
        throw refused("SIGNATURE_INVALID", "the signature cannot be checked with this digest alone", {
          expected: needed === null ? "the file itself" : `the file itself, or its ${needed}`,
          actual: hash,
        });
      }
      return verifyDigest(hash, { signature, digest }, key);
    },
  };
}

/** By what their keys hash with, as `hashOfCurve` has it. */
const CURVES = { sha256: p256, sha384: p384, sha512: p521 } as const;

function verifyDigest(
  hash: SigningHash,
  { signature, digest }: { readonly signature: Uint8Array; readonly digest: Uint8Array },
  key: KeyObject,
): boolean {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  // lowS is a habit of blockchains: X9.62 signatures, which these are, may have either.
  const options = { prehash: false, lowS: false, format: "der" } as const;
  return CURVES[hash].verify(signature, digest, new Uint8Array(point), options);
}
