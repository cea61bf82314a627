import { createPublicKey, type KeyObject } from "node:crypto";
import { TouchmarkError } from "@touchmark/core";

/** Google Cloud Build's public keys, by the names under which slsa-verifier keeps them: a region, or `global-pae-…`. */
export type GcbKeys = ReadonlyMap<string, KeyObject>;

/** The two keys that sign as DSSE says; all others sign the bare payload. */
export const PAE_KEY_V1 =
  "projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1";
const PAE_KEY_V01 =
  "projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/provenanceSigner/cryptoKeyVersions/1";

const PAE_NAMES: ReadonlyMap<string, string> = new Map([
  [PAE_KEY_V1, "global-pae-google-hosted-worker_1"],
  [PAE_KEY_V01, "global-pae-provenanceSigner_1"],
]);

const REGIONAL =
  /^projects\/verified-builder\/locations\/(.*)\/keyRings\/attestor\/cryptoKeys\/builtByGCB\/cryptoKeyVersions\/1$/;

/** Which key a signature names, and over what it is; null for the keys of others. */
export function gcbKeyName(keyId: string): { readonly name: string; readonly over: "pae" | "payload" } | null {
  const pae = PAE_NAMES.get(keyId);
  if (pae !== undefined) return { name: pae, over: "pae" };
  const [, region] = REGIONAL.exec(keyId) ?? [];
  return region === undefined ? null : { name: region, over: "payload" };
}

/**
 * Reads one key.
 *
 * @param pem - SubjectPublicKeyInfo: EC P-256.
 * @throws TouchmarkError `KEY_INVALID`.
 */
export function readGcbKey(pem: Uint8Array, label: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey(Buffer.from(pem));
  } catch {
    throw invalid(label, "something else");
  }
  if (key.asymmetricKeyType === "ec") return key;
  throw invalid(label, key.asymmetricKeyType ?? "another kind");
}

/** The keys that came with this version. */
export async function gcbKeys(): Promise<GcbKeys> {
  const { GCB_PUBLIC_KEYS } = await import("./gcb-public-keys.ts");
  const block = (base64: string) => Buffer.from(`-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`);
  return new Map(GCB_PUBLIC_KEYS.map(([name, base64]) => [name, readGcbKey(block(base64), name)]));
}

function invalid(label: string, actual: string): TouchmarkError {
  return new TouchmarkError("KEY_INVALID", `${label} is not a key of Google Cloud Build`, {
    expected: "a public key in PEM: EC",
    actual,
  });
}
