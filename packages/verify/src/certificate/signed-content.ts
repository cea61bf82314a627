import { constants, createHash, type KeyObject, verify } from "node:crypto";
import { namedCurve, preAuthEncoding } from "@touchmark/core";
import { hashOfCurve, type SigningHash } from "../hash-of-curve.ts";
import { refused } from "./refused.ts";

/** A signature, and what it is over, for checks that need no key kind. */
export interface SignedContent {
  readonly kind: "dsse" | "message";
  readonly signature: Uint8Array;
  /** Digest of the bytes that were signed; null where only another digest of them is known. */
  digest(hash: SigningHash): Uint8Array | null;
  /** Of a DSSE envelope, SHA-256 of its payload: what Rekor v1 writes down. */
  readonly payloadDigest: Uint8Array | null;
  readonly payloadType: string | null;
  /** True when this key made the signature. */
  isSignedBy(key: KeyObject): boolean;
}

/** A DSSE envelope: the signature is over the pre-authentication encoding. */
export function envelopeContent(envelope: {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}): SignedContent {
  const encoded = preAuthEncoding(envelope.payloadType, envelope.payload);
  return {
    ...overBytes("dsse", encoded, envelope.signature),
    payloadDigest: createHash("sha256").update(envelope.payload).digest(),
    payloadType: envelope.payloadType,
  };
}

/** A signature over a file whose bytes are at hand. */
export function fileContent(bytes: Uint8Array, signature: Uint8Array): SignedContent {
  return { ...overBytes("message", bytes, signature), payloadDigest: null, payloadType: null };
}

function overBytes(kind: SignedContent["kind"], bytes: Uint8Array, signature: Uint8Array) {
  return {
    kind,
    signature,
    digest: (hash: SigningHash) => createHash(hash).update(bytes).digest(),
    isSignedBy: (key: KeyObject) => isSignature(bytes, key, signature),
  };
}

/** The hash belongs to the key, never to the bundle: P-256 with SHA-256, P-384 with SHA-384, P-521 with SHA-512. */
function isSignature(bytes: Uint8Array, key: KeyObject, signature: Uint8Array): boolean {
  const hash = hashOfCurve(key);
  if (hash !== null) return verify(hash, bytes, { key, dsaEncoding: "der" }, signature);
  const type = key.asymmetricKeyType;
  if (type === "ed25519") return verify(null, bytes, key, signature);
  if (type === "rsa" && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) {
    return verify("sha256", bytes, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
  }
  throw refused("SIGNATURE_INVALID", "the signer's key is of a kind that is not supported", {
    expected: "EC P-256, P-384 or P-521, Ed25519, or RSA of 2048 bits and more",
    actual: namedCurve(key) ?? type ?? "another kind",
  });
}
