import { encodeBase64 } from "./base64.ts";
import type { Bundle } from "./bundle.ts";
import type { BundleMaterial } from "./bundle-material.ts";
import { encodeJson } from "./canonical-json.ts";
import type { MessageBundle } from "./message-bundle.ts";

/**
 * Writes a bundle that was read, as the version that its media type names has it: one line of JSON, without the line end.
 * `parseBundle` reads the same from it.
 *
 * Whether everything in it may stand in a bundle of that version is the caller's to know.
 */
export function encodeBundle(bundle: Bundle): Uint8Array {
  return encodeJson({
    mediaType: bundle.mediaType,
    verificationMaterial: materialJson(bundle),
    dsseEnvelope: {
      payload: encodeBase64(bundle.payload),
      payloadType: bundle.payloadType,
      signatures: [{ sig: encodeBase64(bundle.signature) }],
    },
  });
}

/** The same of a bundle with a signature over a file, which `parseMessageBundle` reads. */
export function encodeMessageBundle(bundle: MessageBundle): Uint8Array {
  const { messageDigest } = bundle;
  return encodeJson({
    mediaType: bundle.mediaType,
    verificationMaterial: materialJson(bundle),
    messageSignature: {
      ...(messageDigest === null
        ? {}
        : { messageDigest: { algorithm: messageDigest.algorithm, digest: encodeBase64(messageDigest.bytes) } }),
      signature: encodeBase64(bundle.signature),
    },
  });
}

function materialJson({ mediaType, signer, tlogEntries, timestamps }: BundleMaterial & { readonly mediaType: string }) {
  return {
    ...signerJson(mediaType, signer),
    tlogEntries,
    ...(timestamps.length === 0 ? {} : { timestampVerificationData: { rfc3161Timestamps: timestamps } }),
  };
}

/** From v0.3 on there is one certificate and no chain: sigstore_bundle.proto, `VerificationMaterial`. */
function signerJson(mediaType: string, signer: BundleMaterial["signer"]) {
  if (signer.kind === "key") return { publicKey: { hint: signer.hint ?? "" } };
  const certificates = signer.chain.map((der) => ({ rawBytes: encodeBase64(der) }));
  const [leaf] = certificates;
  const isNew = !/;version=0\.[12]$/.test(mediaType);
  return isNew && certificates.length === 1 ? { certificate: leaf } : { x509CertificateChain: { certificates } };
}
