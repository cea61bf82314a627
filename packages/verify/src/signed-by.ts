import { constants, type KeyObject, verify } from "node:crypto";
import { namedCurve } from "@touchmark/core";

const HASH_OF_CURVE: ReadonlyMap<string, string> = new Map([
  ["prime256v1", "sha256"],
  ["secp384r1", "sha384"],
  ["secp521r1", "sha512"],
]);

/**
 * True when the key made the signature: ECDSA with the curve's hash, as DER or as r and s in a row (IEEE P1363); RSA PKCS#1
 * v1.5 with SHA-256; Ed25519.
 * Source: https://github.com/sigstore/sigstore/blob/main/pkg/signature/ecdsa.go
 */
export function isSignedBy(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  switch (key.asymmetricKeyType) {
    case "ec": {
      const hash = HASH_OF_CURVE.get(namedCurve(key) ?? "");
      if (hash === undefined) return false;
      const encodings = ["der", "ieee-p1363"] as const;
      return encodings.some((dsaEncoding) => verify(hash, bytes, { key, dsaEncoding }, signature));
    }
    case "rsa":
      return verify("sha256", bytes, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
    case "ed25519":
      return verify(null, bytes, key, signature);
    default:
      return false;
  }
}
