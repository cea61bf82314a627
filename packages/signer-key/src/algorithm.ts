import type { KeyObject } from "node:crypto";
import { namedCurve, TouchmarkError } from "@touchmark/core";

/** What we sign with. ECDSA is over SHA-256 for both curves: cosign refuses P-384 over SHA-384. */
export type KeyAlgorithm = "ecdsa-p256" | "ecdsa-p384" | "ed25519";

/** For messages: what may stand where a key is wanted. */
export const ACCEPTED_KEYS = "ECDSA P-256, ECDSA P-384 or Ed25519";

/**
 * @returns the algorithm of either half of a key pair.
 * @throws TouchmarkError `KEY_UNSUPPORTED` for every other kind of key.
 */
export function algorithmOf(key: KeyObject): KeyAlgorithm {
  const kind = key.asymmetricKeyType;
  const curve = namedCurve(key);
  if (kind === "ed25519") return "ed25519";
  if (curve === "prime256v1") return "ecdsa-p256";
  if (curve === "secp384r1") return "ecdsa-p384";
  throw new TouchmarkError("KEY_UNSUPPORTED", "the key is of a kind that Touchmark does not sign with", {
    expected: ACCEPTED_KEYS,
    actual: kind === "ec" ? `an EC key on the curve ${curve ?? "with explicit parameters"}` : `a key of type ${kind}`,
  });
}

/** The digest for `crypto.sign` and `crypto.verify`; null where the algorithm hashes by itself (RFC 8032). */
export function digestFor(algorithm: KeyAlgorithm): "sha256" | null {
  switch (algorithm) {
    case "ecdsa-p256":
    case "ecdsa-p384":
      return "sha256";
    case "ed25519":
      return null;
  }
}
