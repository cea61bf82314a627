import * as z from "zod/mini";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import {
  BUNDLE_V03,
  BundleBase64,
  type BundleMaterial,
  BundleMediaType,
  decodeMaterial,
  MaterialJson,
  PayloadType,
} from "./bundle-material.ts";
import { encodeJson } from "./canonical-json.ts";
import { isTouchmarkError, TouchmarkError } from "./errors.ts";
import { issueText } from "./issue-text.ts";
import { type Json, parseJson } from "./json.ts";
import { MAX_EVIDENCE_BYTES } from "./limits.ts";
import { boundedText } from "./schema-parts.ts";

/** A Sigstore bundle around a DSSE envelope, decoded and not verified. */
export interface Bundle extends BundleMaterial {
  readonly mediaType: string;
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

const BundleJson = z.strictObject({
  mediaType: BundleMediaType,
  verificationMaterial: MaterialJson,
  dsseEnvelope: z.strictObject({
    payload: BundleBase64,
    payloadType: PayloadType,
    // A Sigstore bundle carries exactly one signature (sigstore_bundle.proto, dsse_envelope).
    signatures: z.tuple([z.strictObject({ sig: BundleBase64, keyid: z.optional(boundedText(1024)) })]),
  }),
});

/** A bundle v0.3 signed with a key: one line of JSON, without the line end. */
export function encodeKeyBundle(envelope: {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  readonly hint: string;
}): Uint8Array {
  return encodeJson({
    mediaType: BUNDLE_V03,
    verificationMaterial: { publicKey: { hint: envelope.hint }, tlogEntries: [] },
    dsseEnvelope: {
      payload: encodeBase64(envelope.payload),
      payloadType: envelope.payloadType,
      signatures: [{ sig: encodeBase64(envelope.signature), keyid: "" }],
    },
  });
}

/**
 * Reads one Sigstore bundle that carries a DSSE envelope. Closed: unknown members are refused.
 *
 * @throws TouchmarkError `EVIDENCE_TOO_LARGE` above 64 MiB; `BUNDLE_MALFORMED` otherwise.
 */
export function parseBundle(bytes: Uint8Array): Bundle {
  return bundleFromJson(parseEvidenceJson(bytes));
}

/** @throws TouchmarkError `EVIDENCE_TOO_LARGE` above 64 MiB. */
export function checkSize(bytes: Uint8Array): void {
  if (bytes.byteLength <= MAX_EVIDENCE_BYTES) return;
  throw new TouchmarkError("EVIDENCE_TOO_LARGE", "the evidence is too large to read", {
    expected: `at most ${MAX_EVIDENCE_BYTES} bytes`,
    actual: `${bytes.byteLength} bytes`,
  });
}

/** @throws TouchmarkError `EVIDENCE_TOO_LARGE`, `BUNDLE_MALFORMED`. */
export function parseEvidenceJson(bytes: Uint8Array): Json {
  checkSize(bytes);
  try {
    return parseJson(bytes, { what: "the bundle", maxBytes: MAX_EVIDENCE_BYTES });
  } catch (error) {
    throw asMalformed(error);
  }
}

function bundleFromJson(json: Json): Bundle {
  const parsed = BundleJson.safeParse(json);
  if (!parsed.success) {
    throw new TouchmarkError("BUNDLE_MALFORMED", "this is not a Sigstore bundle with a DSSE envelope", {
      expected: "a Sigstore bundle v0.1 to v0.3",
      actual: issueText(parsed.error),
      cause: parsed.error,
    });
  }
  const { verificationMaterial: material, dsseEnvelope: envelope, mediaType } = parsed.data;
  try {
    return {
      mediaType,
      payloadType: envelope.payloadType,
      payload: decodeBase64(envelope.payload, "the payload"),
      signature: decodeBase64(envelope.signatures[0].sig, "the signature"),
      ...decodeMaterial(material),
    };
  } catch (error) {
    throw asMalformed(error);
  }
}

/** The same error as one of a bundle. */
export function asMalformed(error: unknown): unknown {
  if (!isTouchmarkError(error) || error.code === "BUNDLE_MALFORMED") return error;
  return new TouchmarkError("BUNDLE_MALFORMED", error.message, {
    expected: error.expected,
    actual: error.actual,
    cause: error,
  });
}
