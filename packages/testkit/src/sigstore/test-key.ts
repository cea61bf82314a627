import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type Der, nothing, oid, sequence } from "./der.ts";

export type HashName = "sha256" | "sha384" | "sha512";

export type KeyKind = "P-256" | "P-384" | "P-521" | "ed25519" | "RSA";

/** A key pair that signs as its kind does in Sigstore. */
export interface TestKey {
  readonly kind: KeyKind;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** SubjectPublicKeyInfo. */
  readonly spki: Der;
  /** `PublicKeyDetails` of Sigstore's protobuf specs, as in trusted_root.json and in Rekor v2. */
  readonly details: string;
  /** What is hashed before it signs, where somebody writes that hash down: https://github.com/sigstore/architecture-docs/blob/main/algorithm-registry.md */
  readonly hash: HashName;
  /** AlgorithmIdentifier of its signatures. */
  readonly algorithm: Der;
  sign(bytes: Uint8Array): Uint8Array;
}

/** RFC 5758, 3.2; RFC 8017, A.2.4; RFC 8410, 3. */
const KINDS = {
  "P-256": { hash: "sha256", details: "PKIX_ECDSA_P256_SHA_256", algorithm: sequence(oid("1.2.840.10045.4.3.2")) },
  "P-384": { hash: "sha384", details: "PKIX_ECDSA_P384_SHA_384", algorithm: sequence(oid("1.2.840.10045.4.3.3")) },
  "P-521": { hash: "sha512", details: "PKIX_ECDSA_P521_SHA_512", algorithm: sequence(oid("1.2.840.10045.4.3.4")) },
  ed25519: { hash: null, details: "PKIX_ED25519", algorithm: sequence(oid("1.3.101.112")) },
  RSA: {
    hash: "sha256",
    details: "PKIX_RSA_PKCS1V15_2048_SHA256",
    algorithm: sequence(oid("1.2.840.113549.1.1.11"), nothing()),
  },
} as const;

const CURVES = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" } as const;

export function newTestKey(kind: KeyKind = "P-256"): TestKey {
  return testKeyOf(generate(kind));
}

/** The key of a PEM, so that what is made with it can be made again. */
export function testKeyOf(pem: string | Uint8Array | KeyObject): TestKey {
  const privateKey = typeof pem === "string" || pem instanceof Uint8Array ? createPrivateKey(Buffer.from(pem)) : pem;
  const kind = kindOf(privateKey);
  const publicKey = createPublicKey(privateKey);
  const { hash, details, algorithm } = KINDS[kind];
  return {
    kind,
    privateKey,
    publicKey,
    spki: new Uint8Array(publicKey.export({ type: "spki", format: "der" })),
    details,
    hash: hash ?? "sha512",
    algorithm,
    sign: (bytes) => new Uint8Array(sign(hash, bytes, privateKey)),
  };
}

export function privatePem({ privateKey }: TestKey): string {
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

export function publicPem({ publicKey }: TestKey): string {
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}

export function digestOf(hash: HashName, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash(hash).update(bytes).digest());
}

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function generate(kind: KeyKind): KeyObject {
  if (kind === "ed25519") return generateKeyPairSync("ed25519").privateKey;
  if (kind === "RSA") return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  return generateKeyPairSync("ec", { namedCurve: kind }).privateKey;
}

function kindOf(key: KeyObject): KeyKind {
  if (key.asymmetricKeyType === "ed25519") return "ed25519";
  if (key.asymmetricKeyType === "rsa") return "RSA";
  const curve = key.asymmetricKeyDetails?.namedCurve ?? "";
  const kind = CURVES[curve as keyof typeof CURVES];
  if (kind === undefined) throw new Error(`a key of type ${key.asymmetricKeyType} ${curve} is not supported`);
  return kind;
}

/**
 * A public key of P-256 whose point is at infinity. RFC 5480 section 2.2 leaves it out, OpenSSL reads it, and Node 20 and 22 end the
 * process when they are asked for its details.
 */
export const POINTLESS_KEY_PEM = `-----BEGIN PUBLIC KEY-----
MBkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDAgAA
-----END PUBLIC KEY-----
`;
