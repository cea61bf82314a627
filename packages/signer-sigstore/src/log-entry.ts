import { isTouchmarkError, type Json, parseJson, TouchmarkError } from "@touchmark/core";
import type { ServiceCall } from "@touchmark/plugin";
import * as z from "zod";
import { MAX_LOG_ANSWER_BYTES } from "./limits.ts";
import type { SignedContent } from "./signed-content.ts";

/**
 * `TransparencyLogEntry` of https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_rekor.proto in JSON, with
 * every zero written: JSON of protobuf leaves them out, and sigstore-python refuses a bundle without them.
 */
export interface LogEntry {
  readonly logIndex: string;
  readonly logId: { readonly keyId: string };
  readonly kindVersion: { readonly kind: string; readonly version: string };
  /** Version 1 alone. */
  readonly integratedTime?: string;
  readonly inclusionPromise?: { readonly signedEntryTimestamp: string };
  readonly inclusionProof: {
    readonly logIndex: string;
    readonly rootHash: string;
    readonly treeSize: string;
    readonly hashes: readonly string[];
    readonly checkpoint: { readonly envelope: string };
  };
  readonly canonicalizedBody: string;
}

/** What an entry must be about. */
export interface Logged {
  readonly content: SignedContent;
  /** SHA-256 of what is signed: an envelope's pre-authentication encoding, or a file. */
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
  readonly certificate: { readonly der: Uint8Array; readonly pem: string };
}

/** Standard base64 (RFC 4648, 4). */
export const Base64 = z.base64().min(1);

/**
 * Whether the body that a log keeps is about our signature, and not about another one.
 *
 * @throws TouchmarkError `SERVICE_INVALID`.
 */
export function checkBody<T>(
  canonicalizedBody: string,
  schema: z.ZodType<T>,
  isOurs: (body: T) => boolean,
  call: ServiceCall,
): void {
  const parsed = schema.safeParse(jsonOf(canonicalizedBody));
  if (parsed.success && isOurs(parsed.data)) return;
  throw new TouchmarkError("SERVICE_INVALID", `${call.service} at ${new URL(call.request.url).host} answered wrongly`, {
    expected: "the entry of this signature",
    actual: parsed.success ? "the entry of another one" : "an entry of another kind",
  });
}

function jsonOf(base64: string): Json {
  try {
    return parseJson(Buffer.from(base64, "base64"), { what: "the entry", maxBytes: MAX_LOG_ANSWER_BYTES });
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}
