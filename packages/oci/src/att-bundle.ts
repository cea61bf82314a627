import { BUNDLE_V03, decodeBase64, encodeJson, isTouchmarkError, type Json, parseJson } from "@touchmark/core";
import type { Descriptor } from "./descriptor.ts";

/** What cosign 2 wrote beside an envelope: https://github.com/sigstore/cosign/blob/v3.0.2/specs/SIGNATURE_SPEC.md#properties */
const CERTIFICATE = "dev.sigstore.cosign/certificate";
const CHAIN = "dev.sigstore.cosign/chain";
const LOG_ENTRY = "dev.sigstore.cosign/bundle";
const TIMESTAMP = "dev.sigstore.cosign/rfc3161timestamp";

/** A log entry with a promise of inclusion and no proof is what this version is for. */
const BUNDLE_V01 = "application/vnd.dev.sigstore.bundle+json;version=0.1";

type JsonObject = Readonly<Record<string, Json>>;

/**
 * Makes a Sigstore bundle of a layer of cosign's `.att` tag: the envelope, and all that the layer's annotations hold.
 *
 * @returns null when that does not go without loss; the envelope is then no evidence that a verifier could use.
 */
export function bundleOfAttLayer(envelope: Uint8Array, annotations: Descriptor["annotations"]): Uint8Array | null {
  try {
    const { payload, payloadType, signatures } = jsonObject(envelope);
    const entry = annotations?.[LOG_ENTRY];
    const timestamp = annotations?.[TIMESTAMP];
    return encodeJson({
      mediaType: entry === undefined ? BUNDLE_V03 : BUNDLE_V01,
      verificationMaterial: {
        ...signer(annotations ?? {}),
        tlogEntries: entry === undefined ? [] : [logEntry(jsonObject(utf8(entry)))],
        ...(timestamp === undefined ? {} : { timestampVerificationData: timestamps(jsonObject(utf8(timestamp))) }),
      },
      dsseEnvelope: { payload, payloadType, signatures },
    });
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}

function signer(annotations: Readonly<Record<string, string>>): object {
  const leaf = annotations[CERTIFICATE];
  if (leaf === undefined || leaf === "") return { publicKey: { hint: "" } };
  const certificates = [...pemBlocks(leaf), ...pemBlocks(annotations[CHAIN] ?? "")];
  return { x509CertificateChain: { certificates: certificates.map((rawBytes) => ({ rawBytes })) } };
}

/** The base64 inside certificates in PEM, one line each. */
function pemBlocks(pem: string): readonly string[] {
  const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, body = ""]) => body.replaceAll(/\s/g, ""));
}

/** Rekor v1's entry as cosign kept it, as protobuf-specs writes it: sigstore_rekor.proto, TransparencyLogEntry. */
function logEntry({ SignedEntryTimestamp: promise, Payload: payload }: JsonObject): object {
  const { body, integratedTime, logIndex, logID } = objectIn(payload);
  const { kind, apiVersion } = jsonObject(decodeBase64(String(body), "the log entry"));
  return {
    logIndex: String(logIndex),
    logId: { keyId: Buffer.from(String(logID), "hex").toString("base64") },
    kindVersion: { kind, version: apiVersion },
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp: promise },
    canonicalizedBody: body,
  };
}

function timestamps({ SignedRFC3161Timestamp: signedTimestamp }: JsonObject): object {
  return { rfc3161Timestamps: [{ signedTimestamp }] };
}

function jsonObject(bytes: Uint8Array): JsonObject {
  return objectIn(parseJson(bytes, { what: "the envelope", maxBytes: bytes.byteLength }));
}

function objectIn(json: Json | undefined): JsonObject {
  return json !== null && typeof json === "object" && !Array.isArray(json) ? (json as JsonObject) : {};
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
