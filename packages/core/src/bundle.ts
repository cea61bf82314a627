import * as z from "zod";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { boundedArray } from "./bounded-array.ts";
import { encodeJson } from "./canonical-json.ts";
import { isTouchmarkError, TouchmarkError } from "./errors.ts";
import { type Json, parseJson } from "./json.ts";
import { MAX_EVIDENCE_BYTES } from "./limits.ts";
import { issueText } from "./statement.ts";

/** The media type that we write. Source: https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto */
export const BUNDLE_V03 = "application/vnd.dev.sigstore.bundle.v0.3+json";

const MEDIA_TYPES = [
  "application/vnd.dev.sigstore.bundle+json;version=0.1",
  "application/vnd.dev.sigstore.bundle+json;version=0.2",
  "application/vnd.dev.sigstore.bundle+json;version=0.3",
  "application/vnd.dev.sigstore.bundle.v0.3+json",
] as const;

/** Who signed, as the bundle says it; nothing of it is verified. */
export type SignerMaterial =
  /** A key that the verifier must already have; the hint only helps to find it. */
  | { readonly kind: "key"; readonly hint: string | null }
  /** A certificate, or a chain of them, leaf first, each DER. */
  | { readonly kind: "certificate"; readonly chain: readonly Uint8Array[] };

/** A Sigstore bundle around a DSSE envelope, decoded and not verified. */
export interface Bundle {
  readonly mediaType: string;
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  readonly signer: SignerMaterial;
  /** Log entries and timestamps as they stand in the bundle, for the packages that verify them. */
  readonly tlogEntries: readonly Json[];
  readonly timestamps: readonly Json[];
}

const base64 = z.string().max(MAX_EVIDENCE_BYTES * 2);
const certificate = z.strictObject({ rawBytes: base64 });
// What parseJson gave is JSON; z.json() would walk millions of members again, one union at a time.
const foreignEntries = boundedArray(z.record(z.string(), z.unknown()), 32);

const BundleJson = z.strictObject({
  mediaType: z.enum(MEDIA_TYPES),
  verificationMaterial: z.strictObject({
    publicKey: z.strictObject({ hint: z.string().max(1024).optional() }).optional(),
    certificate: certificate.optional(),
    x509CertificateChain: z.strictObject({ certificates: boundedArray(certificate, 16, 1) }).optional(),
    tlogEntries: foreignEntries.optional(),
    timestampVerificationData: z.strictObject({ rfc3161Timestamps: foreignEntries.optional() }).nullish(),
  }),
  dsseEnvelope: z.strictObject({
    payload: base64,
    payloadType: z
      .string()
      .min(1)
      .max(256)
      .refine((type) => type.isWellFormed(), "a lone surrogate"),
    // A Sigstore bundle carries exactly one signature (sigstore_bundle.proto, dsse_envelope).
    signatures: z.tuple([z.strictObject({ sig: base64, keyid: z.string().max(1024).optional() })]),
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

function parseEvidenceJson(bytes: Uint8Array): Json {
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
      signer: signerOf(material),
      tlogEntries: (material.tlogEntries ?? []) as Json[],
      timestamps: (material.timestampVerificationData?.rfc3161Timestamps ?? []) as Json[],
    };
  } catch (error) {
    throw asMalformed(error);
  }
}

function signerOf(material: z.output<typeof BundleJson>["verificationMaterial"]): SignerMaterial {
  const { publicKey, certificate: leaf, x509CertificateChain: chain } = material;
  if ([publicKey, leaf, chain].filter((value) => value !== undefined).length !== 1) {
    throw new TouchmarkError("BUNDLE_MALFORMED", "the bundle does not say in one way who signed it", {
      expected: "exactly one of publicKey, certificate and x509CertificateChain",
      actual: "none or several",
    });
  }
  if (publicKey !== undefined) return { kind: "key", hint: publicKey.hint || null };
  const certificates = leaf !== undefined ? [leaf] : (chain?.certificates ?? []);
  return { kind: "certificate", chain: certificates.map((item) => decodeBase64(item.rawBytes, "a certificate")) };
}

function asMalformed(error: unknown): unknown {
  if (!isTouchmarkError(error) || error.code === "BUNDLE_MALFORMED") return error;
  return new TouchmarkError("BUNDLE_MALFORMED", error.message, {
    expected: error.expected,
    actual: error.actual,
    cause: error,
  });
}
