import { constants, type KeyObject, verify } from "node:crypto";
import { hashOfCurve } from "./hash-of-curve.ts";

/**
 * True when the key made the signature: ECDSA with the curve's hash, as DER or as r and s in a row (IEEE P1363); RSA PKCS#1
 * v1.5 with SHA-256; Ed25519.
 * Source: https://github.com/sigstore/sigstore/blob/main/pkg/signature/ecdsa.go
 */
export function isSignedBy(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  switch (key.asymmetricKeyType) {
    case "ec": {
      const hash = hashOfCurve(key);
      if (hash === null) return false;
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
