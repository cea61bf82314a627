import * as z from "zod/mini";
import { decodeBase64 } from "./base64.ts";
import { boundedArray } from "./bounded-array.ts";
import { TouchmarkError } from "./errors.ts";
import type { Json } from "./json.ts";
import { MAX_EVIDENCE_BYTES } from "./limits.ts";
import { AnyObject, boundedText, decodedText, refuseValue } from "./schema-parts.ts";

/** The media type that we write. Source: https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto */
export const BUNDLE_V03 = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** Every media type that is read. */
export const BundleMediaType = z.enum([
  "application/vnd.dev.sigstore.bundle+json;version=0.1",
  "application/vnd.dev.sigstore.bundle+json;version=0.2",
  "application/vnd.dev.sigstore.bundle+json;version=0.3",
  BUNDLE_V03,
]);

/** Who signed, as the bundle says it; nothing of it is verified. */
export type SignerMaterial =
  /** A key that the verifier must already have; the hint only helps to find it. */
  | { readonly kind: "key"; readonly hint: string | null }
  /** A certificate, or a chain of them, leaf first, each DER. */
  | { readonly kind: "certificate"; readonly chain: readonly Uint8Array[] };

/** What a bundle brings to verify its signature with, decoded and not verified. */
export interface BundleMaterial {
  readonly signer: SignerMaterial;
  /** Log entries and timestamps as they stand in the bundle, for the packages that verify them. At most 32 each. */
  readonly tlogEntries: readonly Json[];
  readonly timestamps: readonly Json[];
}

/** A DSSE payload type, wherever an envelope stands: Unicode text, since no other has a pre-authentication encoding. */
export const PayloadType = decodedText(
  256,
  (type, payload) => (type.isWellFormed() ? type : refuseValue(payload, "a lone surrogate")),
  1,
);

/** Base64 of anything that a bundle holds. */
export const BundleBase64 = boundedText(MAX_EVIDENCE_BYTES * 2);

const certificate = z.strictObject({ rawBytes: BundleBase64 });
// What parseJson gave is JSON; z.json() would walk millions of members again, one union at a time.
const foreignEntries = z.optional(boundedArray(AnyObject, 32));

/** `verificationMaterial`; closed. */
export const MaterialJson = z.strictObject({
  publicKey: z.optional(z.strictObject({ hint: z.optional(boundedText(1024)) })),
  certificate: z.optional(certificate),
  x509CertificateChain: z.optional(z.strictObject({ certificates: boundedArray(certificate, 16, 1) })),
  tlogEntries: foreignEntries,
  timestampVerificationData: z.nullish(z.strictObject({ rfc3161Timestamps: foreignEntries })),
});

/** @throws TouchmarkError `BUNDLE_MALFORMED` or `INPUT_INVALID`. */
export function decodeMaterial(material: z.output<typeof MaterialJson>): BundleMaterial {
  return {
    signer: signerOf(material),
    tlogEntries: (material.tlogEntries ?? []) as Json[],
    timestamps: (material.timestampVerificationData?.rfc3161Timestamps ?? []) as Json[],
  };
}

function signerOf(material: z.output<typeof MaterialJson>): SignerMaterial {
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
