import {
  BUNDLE_V03,
  decodeBase64,
  encodeJson,
  isTouchmarkError,
  type Json,
  parseBundle,
  parseJson,
  TouchmarkError,
} from "@touchmark/core";
import * as z from "zod/mini";
import { COSIGN } from "./att-layer.ts";
import type { Descriptor } from "./descriptor.ts";

/** A log entry with a promise of inclusion and no proof is what this version is for. */
const BUNDLE_V01 = "application/vnd.dev.sigstore.bundle+json;version=0.1";
/** The last version that has room for a chain of certificates. */
const BUNDLE_V02 = "application/vnd.dev.sigstore.bundle+json;version=0.2";

const Envelope = z.strictObject({ payload: z.string(), payloadType: z.string(), signatures: z.array(z.unknown()) });

const KeyHint = z.object({ keyid: z.string() });

const LogEntry = z.strictObject({
  SignedEntryTimestamp: z.string(),
  Payload: z.strictObject({
    body: z.string(),
    integratedTime: z.int(),
    logIndex: z.int(),
    logID: z.string().check(z.regex(/^(?:[0-9a-f]{2})+$/)),
  }),
});

const LogBody = z.object({ kind: z.string(), apiVersion: z.string() });

const Timestamp = z.strictObject({ SignedRFC3161Timestamp: z.string() });

/**
 * Makes a Sigstore bundle of a layer of cosign's `.att` tag: the envelope, and all that the layer's annotations hold.
 *
 * @returns null when that does not go without loss; the envelope is then no evidence that a verifier could use.
 */
export function bundleOfAttLayer(envelope: Uint8Array, annotations: Descriptor["annotations"]): Uint8Array | null {
  try {
    const entry = annotations?.[COSIGN.logEntry];
    const timestamp = annotations?.[COSIGN.timestamp];
    const dsseEnvelope = read(Envelope, envelope);
    const bundle = encodeJson({
      mediaType: entry === undefined ? (annotations?.[COSIGN.chain] ? BUNDLE_V02 : BUNDLE_V03) : BUNDLE_V01,
      verificationMaterial: {
        ...signer(annotations ?? {}, dsseEnvelope),
        tlogEntries: entry === undefined ? [] : [cosignLogEntry(entry)],
        ...(timestamp === undefined ? {} : { timestampVerificationData: timestamps(timestamp) }),
      },
      dsseEnvelope,
    });
    parseBundle(bundle);
    return bundle;
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}

function signer(annotations: Readonly<Record<string, string>>, { signatures }: z.output<typeof Envelope>): object {
  const leaf = annotations[COSIGN.certificate];
  if (leaf === undefined) return { publicKey: { hint: KeyHint.safeParse(signatures[0]).data?.keyid ?? "" } };
  const certificates = [...pemBlocks(leaf), ...pemBlocks(annotations[COSIGN.chain] ?? "")];
  return { x509CertificateChain: { certificates: certificates.map((rawBytes) => ({ rawBytes })) } };
}

/** The base64 inside certificates in PEM, one line each. */
function pemBlocks(pem: string): readonly string[] {
  const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, body = ""]) => body.replaceAll(/\s/g, ""));
}

/**
 * Rekor v1's entry as cosign kept it, as sigstore_rekor.proto has it: TransparencyLogEntry.
 *
 * @param annotation - `{SignedEntryTimestamp, Payload: {body, integratedTime, logIndex, logID}}`.
 * @throws TouchmarkError `BUNDLE_MALFORMED`, and as `decodeBase64` and `parseJson`.
 */
export function cosignLogEntry(annotation: string): Json {
  const { SignedEntryTimestamp: signedEntryTimestamp, Payload: payload } = read(LogEntry, utf8(annotation));
  const { kind, apiVersion } = read(LogBody, decodeBase64(payload.body, "the log entry"));
  return {
    logIndex: String(payload.logIndex),
    logId: { keyId: Buffer.from(payload.logID, "hex").toString("base64") },
    kindVersion: { kind, version: apiVersion },
    integratedTime: String(payload.integratedTime),
    inclusionPromise: { signedEntryTimestamp },
    canonicalizedBody: payload.body,
  };
}

function timestamps(annotation: string): object {
  const { SignedRFC3161Timestamp: signedTimestamp } = read(Timestamp, utf8(annotation));
  return { rfc3161Timestamps: [{ signedTimestamp }] };
}

function read<T>(schema: z.ZodMiniType<T>, bytes: Uint8Array): T {
  const parsed = schema.safeParse(parseJson(bytes, { what: "the layer", maxBytes: bytes.byteLength }));
  if (parsed.success) return parsed.data;
  throw new TouchmarkError("BUNDLE_MALFORMED", "the layer is not as cosign writes it", { cause: parsed.error });
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
