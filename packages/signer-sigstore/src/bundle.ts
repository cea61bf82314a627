import { BUNDLE_V03, encodeBase64, encodeJson } from "@touchmark/core";
import type { LogEntry } from "./log-entry.ts";
import { envelopeOf, type SignedContent } from "./signed-content.ts";

/** Everything that a bundle holds. */
export interface BundleParts {
  readonly content: SignedContent;
  /** SHA-256 of what is signed. */
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
  /** The leaf alone, as v0.3 wants it, in DER. */
  readonly certificate: Uint8Array;
  readonly entries: readonly LogEntry[];
  /** TimeStampResp of RFC 3161 each, in DER. */
  readonly timestamps: readonly Uint8Array[];
}

/** A bundle v0.3 signed with a certificate: one line of JSON, without the line end. */
export function encodeBundle(parts: BundleParts): Uint8Array {
  const rfc3161Timestamps = parts.timestamps.map((der) => ({ signedTimestamp: encodeBase64(der) }));
  return encodeJson({
    mediaType: BUNDLE_V03,
    verificationMaterial: {
      certificate: { rawBytes: encodeBase64(parts.certificate) },
      tlogEntries: parts.entries,
      timestampVerificationData: { rfc3161Timestamps },
    },
    ...contentIn(parts),
  });
}

function contentIn({ content, digest, signature }: BundleParts) {
  if (content.kind === "envelope") return { dsseEnvelope: envelopeOf(content, signature) };
  const messageDigest = { algorithm: "SHA2_256", digest: encodeBase64(digest) };
  return { messageSignature: { messageDigest, signature: encodeBase64(signature) } };
}
