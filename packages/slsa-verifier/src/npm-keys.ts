import { createPublicKey, type KeyObject } from "node:crypto";
import { isTouchmarkError, MAX_SMALL_FILE_BYTES, parseJson, TouchmarkError } from "@touchmark/core";
import { objectOf } from "./go-json.ts";
import { Refusal } from "./refusal.ts";

/** The keys with which npm's registry signs what it says of itself, by their id (`SHA256:…`). */
export type NpmKeys = ReadonlyMap<string, KeyObject>;

const USAGE = "npm:attestations";

/**
 * Reads npm's keys.
 *
 * @param bytes - `{keys: [{keyId, keyUsage, publicKey: {rawBytes}}]}`: the target `registry.npmjs.org/keys.json` of
 * Sigstore's TUF repository. Keys for other uses are left out.
 * @throws TouchmarkError `KEY_INVALID`.
 */
export function readNpmKeys(bytes: Uint8Array): NpmKeys {
  const keys = new Map<string, KeyObject>();
  const list = listOf(bytes);
  for (const one of list) {
    const { keyId, keyUsage, publicKey } = objectOf(one) ?? {};
    if (keyUsage !== USAGE) continue;
    const rawBytes = objectOf(publicKey)?.["rawBytes"];
    if (typeof keyId !== "string" || typeof rawBytes !== "string")
      throw invalid("a key without an id or without bytes");
    if (keys.has(keyId)) throw invalid(`the id ${keyId} twice`);
    keys.set(keyId, keyOf(rawBytes));
  }
  if (keys.size === 0) throw invalid(`no key for ${USAGE}`);
  return keys;
}

/** The keys that came with this version. */
export async function npmKeys(): Promise<NpmKeys> {
  const { NPM_REGISTRY_KEYS } = await import("./npm-registry-keys.ts");
  return readNpmKeys(new TextEncoder().encode(NPM_REGISTRY_KEYS));
}

/** @throws Refusal `ErrorInvalidPublicKey` for an id that the registry does not have. */
export function npmKey(keys: NpmKeys, id: string | null): KeyObject {
  const key = keys.get(id ?? "");
  if (key !== undefined) return key;
  throw new Refusal(
    "ErrorInvalidPublicKey",
    `could not find a key with 'keyId': "${id ?? ""}", 'keyUsage': "${USAGE}"`,
  );
}

function listOf(bytes: Uint8Array) {
  try {
    const list = objectOf(parseJson(bytes, { what: "npm's keys", maxBytes: MAX_SMALL_FILE_BYTES }))?.["keys"];
    if (Array.isArray(list)) return list;
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    throw invalid(error.message);
  }
  throw invalid("no list of keys");
}

function keyOf(base64: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(base64, "base64"), format: "der", type: "spki" });
  } catch {
    throw invalid("bytes that are no key");
  }
}

function invalid(actual: string): TouchmarkError {
  return new TouchmarkError("KEY_INVALID", "the keys of npm's registry cannot be read", {
    expected: "keys.json of Sigstore's TUF repository",
    actual,
  });
}
