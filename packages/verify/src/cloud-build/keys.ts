import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { preAuthEncoding, TouchmarkError } from "@touchmark/core";
import { isSignedBy } from "../signed-by.ts";

/** Google Cloud Build's public keys, by the names under which slsa-verifier keeps them: a region, or `global-pae-…`. */
export type CloudBuildKeys = ReadonlyMap<string, KeyObject>;

/** What one of the keys signs, and how. */
export interface CloudBuildKey {
  /** The key's name among the {@link CloudBuildKeys}. */
  readonly name: string;
  /** As DSSE says, or the bare payload. */
  readonly over: "pae" | "payload";
  /** The version of the provenance that it signs; its signature under another one means nothing. */
  readonly version: "v1" | "v0.1";
}

const RING = "projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys";

/** The two keys that sign as DSSE says; all others sign the bare payload. */
const PAE_KEYS: ReadonlyMap<string, CloudBuildKey> = new Map([
  [
    `${RING}/google-hosted-worker/cryptoKeyVersions/1`,
    { name: "global-pae-google-hosted-worker_1", over: "pae", version: "v1" },
  ],
  [
    `${RING}/provenanceSigner/cryptoKeyVersions/1`,
    { name: "global-pae-provenanceSigner_1", over: "pae", version: "v0.1" },
  ],
]);

const REGIONAL =
  /^projects\/verified-builder\/locations\/(.*)\/keyRings\/attestor\/cryptoKeys\/builtByGCB\/cryptoKeyVersions\/1$/;

/** The key that a signature names; null for the keys of others. */
export function cloudBuildKey(keyId: string): CloudBuildKey | null {
  const pae = PAE_KEYS.get(keyId);
  if (pae !== undefined) return pae;
  const [, region] = REGIONAL.exec(keyId) ?? [];
  return region === undefined ? null : { name: region, over: "payload", version: "v0.1" };
}

/**
 * True when a key of Google Cloud Build made the signature over an envelope's content, in the one way in which this key signs.
 * Nothing else that this program verifies is signed without saying what it is: no other key may come here.
 */
export function isSignedByWorker(
  { over }: CloudBuildKey,
  key: KeyObject,
  { payloadType, payload }: { readonly payloadType: string; readonly payload: Uint8Array },
  signature: Uint8Array,
): boolean {
  return isSignedBy(key, over === "pae" ? preAuthEncoding(payloadType, payload) : payload, signature);
}

/**
 * Reads one key.
 *
 * @param pem - SubjectPublicKeyInfo: EC.
 * @throws TouchmarkError `KEY_INVALID`.
 */
export function readCloudBuildKey(pem: Uint8Array, label: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey(Buffer.from(pem));
  } catch {
    throw invalid(label, "something else");
  }
  if (key.asymmetricKeyType === "ec") return key;
  throw invalid(label, key.asymmetricKeyType ?? "another kind");
}

/** When the keys that came with this version were current: the day of slsa-verifier 2.7.1, which carries the same. */
export const CLOUD_BUILD_KEYS_DATE = "2025-06-25";

/** The keys that came with this version. */
export async function cloudBuildKeys(): Promise<CloudBuildKeys> {
  const { CLOUD_BUILD_PUBLIC_KEYS } = await import("./public-keys.ts");
  const block = (base64: string) => Buffer.from(`-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`);
  return new Map(CLOUD_BUILD_PUBLIC_KEYS.map(([name, base64]) => [name, readCloudBuildKey(block(base64), name)]));
}

function invalid(label: string, actual: string): TouchmarkError {
  return new TouchmarkError("KEY_INVALID", `${label} is not a key of Google Cloud Build`, {
    expected: "a public key in PEM: EC",
    actual,
  });
}

/** SHA-256 of the SubjectPublicKeyInfo in DER, lowercase hex. */
export function digestOfKey(key: KeyObject): string {
  return createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex");
}
