import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import {
  boundedArray,
  issueText,
  isTouchmarkError,
  MAX_SMALL_FILE_BYTES,
  parseJson,
  TouchmarkError,
} from "@touchmark/core";
import * as z from "zod/mini";
import { MAX_NPM_KEYS } from "../limits.ts";

/** A key with which npm's registry signs what it says of itself. */
export interface NpmKey {
  /** As the registry calls it: `SHA256:…`. */
  readonly id: string;
  readonly key: KeyObject;
  /** SHA-256 of the SubjectPublicKeyInfo in DER, lowercase hex. */
  readonly digest: string;
  /** Null where the file does not say from when it counts. */
  readonly start: Date | null;
  /** The last moment at which it counts; null while it is in use. */
  readonly end: Date | null;
}

/** By their id (`SHA256:…`). */
export type NpmKeys = ReadonlyMap<string, NpmKey>;

const NPM_ATTESTATIONS = "npm:attestations";

const Document = z.object({ keys: boundedArray(z.unknown(), MAX_NPM_KEYS) });
const ForAttestations = z.object({ keyUsage: z.literal(NPM_ATTESTATIONS) });
const time = z.pipe(
  z.iso.datetime({ offset: true }),
  z.transform((text) => new Date(text)),
);

const Key = z.object({
  keyId: z.string().check(z.maxLength(1024)),
  publicKey: z.object({
    rawBytes: z.string(),
    validFor: z.nullish(z.object({ start: z.nullish(time), end: z.nullish(time) })),
  }),
});

/**
 * Reads npm's keys.
 *
 * @param bytes - `{keys: [{keyId, keyUsage, publicKey: {rawBytes, validFor: {start, end}}}]}`: the target
 * `registry.npmjs.org/keys.json` of Sigstore's TUF repository. Keys for other uses are left out.
 * @throws TouchmarkError `KEY_INVALID`.
 */
export function readNpmKeys(bytes: Uint8Array): NpmKeys {
  const keys = new Map<string, NpmKey>();
  for (const one of listOf(bytes)) {
    if (!ForAttestations.safeParse(one).success) continue;
    const { keyId, publicKey } = parsed(Key, one);
    if (keys.has(keyId)) throw invalid(`the id ${keyId} twice`);
    const { rawBytes, validFor } = publicKey;
    keys.set(keyId, { id: keyId, ...keyOf(rawBytes), start: validFor?.start ?? null, end: validFor?.end ?? null });
  }
  if (keys.size === 0) throw invalid(`no key for ${NPM_ATTESTATIONS}`);
  return keys;
}

/** The keys that came with this version. */
export async function npmKeys(): Promise<NpmKeys> {
  const { NPM_REGISTRY_KEYS } = await import("./npm-registry-keys.ts");
  return readNpmKeys(new TextEncoder().encode(NPM_REGISTRY_KEYS));
}

function listOf(bytes: Uint8Array): readonly unknown[] {
  try {
    return parsed(Document, parseJson(bytes, { what: "npm's keys", maxBytes: MAX_SMALL_FILE_BYTES })).keys;
  } catch (error) {
    if (!isTouchmarkError(error) || error.code === "KEY_INVALID") throw error;
    throw invalid(error.message);
  }
}

function parsed<T>(schema: z.ZodMiniType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(issueText(result.error));
}

function keyOf(base64: string): { readonly key: KeyObject; readonly digest: string } {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, "base64"), format: "der", type: "spki" });
    return {
      key,
      digest: createHash("sha256")
        .update(key.export({ format: "der", type: "spki" }))
        .digest("hex"),
    };
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
