import { issueText, isTouchmarkError, type Json, parseJson } from "@touchmark/core";
import { type Key, Metadata as SignedMetadata } from "@tufjs/models";
import type * as z from "zod";
import { Envelope, type RoleName, SIGNED, type Signed } from "./schema.ts";
import { unusable } from "./unusable.ts";

type Model = Parameters<Key["verifySignature"]>[0];

/** One piece of TUF metadata, well-formed; who signed it is another question. */
export interface Metadata<Name extends RoleName> {
  readonly role: Name;
  readonly signed: Signed<Name>;
  /** The same for the library that verifies signatures. */
  readonly model: Model;
  readonly bytes: Uint8Array;
}

/**
 * @param role - what it must be.
 * @param label - what messages call it: `timestamp.json`.
 * @throws TouchmarkError `SERVICE_INVALID`.
 */
export function parseMetadata<Name extends RoleName>(role: Name, bytes: Uint8Array, label: string): Metadata<Name> {
  const document = documentIn(bytes, label);
  const { signed } = checked(Envelope, document, label);
  return {
    role,
    signed: checked(SIGNED[role], signed, label) as Signed<Name>,
    model: modelOf(role, document, label),
    bytes,
  };
}

function documentIn(bytes: Uint8Array, label: string): Json {
  try {
    return parseJson(bytes, { what: label, maxBytes: bytes.byteLength });
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    throw unusable(label, "JSON that can be read in one way", error.message, error);
  }
}

function checked<Schema extends z.ZodType>(schema: Schema, document: unknown, label: string): z.output<Schema> {
  const parsed = schema.safeParse(document);
  if (!parsed.success) throw unusable(label, "TUF metadata of its kind", issueText(parsed.error), parsed.error);
  return parsed.data;
}

function modelOf(role: RoleName, document: Json, label: string): Model {
  try {
    // The library's names of the kinds are these.
    return SignedMetadata.fromJSON(role as never, document as never) as unknown as Model;
  } catch (cause) {
    throw unusable(label, "TUF metadata of its kind", (cause as Error).message, cause);
  }
}
