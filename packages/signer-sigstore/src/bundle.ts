import { BUNDLE_V03, encodeBase64, encodeJson } from "@touchmark/core";
import type { LogEntry } from "./log-entry.ts";

/** A signed payload. */
export interface SignedPayload {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** Everything that a bundle holds. */
export interface BundleParts extends SignedPayload {
  /** The leaf alone, as v0.3 wants it, in DER. */
  readonly certificate: Uint8Array;
  readonly entries: readonly LogEntry[];
  /** TimeStampResp of RFC 3161 each, in DER. */
  readonly timestamps: readonly Uint8Array[];
}

/** A DSSE envelope as JSON writes it. */
export function envelopeOf({ payloadType, payload, signature }: SignedPayload) {
  return {
    payload: encodeBase64(payload),
    payloadType,
    signatures: [{ sig: encodeBase64(signature), keyid: "" }],
  };
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
    dsseEnvelope: envelopeOf(parts),
  });
}
