import {
  type Bundle,
  decodeBase64,
  encodeBase64,
  encodeJson,
  isTouchmarkError,
  type Json,
  nullishAs,
} from "@touchmark/core";
import * as z from "zod/mini";
import { envelopeText, loggedEnvelope } from "./logged-envelope.ts";

/** What cosign 2 wrote beside an envelope: https://github.com/sigstore/cosign/blob/v3.0.2/specs/SIGNATURE_SPEC.md#properties */
export const COSIGN = {
  signature: "dev.cosignproject.cosign/signature",
  certificate: "dev.sigstore.cosign/certificate",
  chain: "dev.sigstore.cosign/chain",
  logEntry: "dev.sigstore.cosign/bundle",
  timestamp: "dev.sigstore.cosign/rfc3161timestamp",
} as const;

/** A layer of cosign's `.att` tag, and what of the bundle had no place in it. */
export interface AttLayer {
  readonly content: Uint8Array;
  readonly annotations: Readonly<Record<string, string>>;
  readonly lost: AttLayerLoss;
}

/** How many of each. */
export interface AttLayerLoss {
  readonly logEntries: number;
  /** Of the entry that is kept: cosign keeps a log's promise alone. */
  readonly logProofs: number;
  /** Where the bytes of the envelope that the log hashed are not known: cosign compares them, others do not. */
  readonly loggedEnvelopes: number;
  readonly timestamps: number;
}

const whole = z.pipe(
  z.union([z.string().check(z.regex(/^\d{1,16}$/)), z.int().check(z.nonnegative())]),
  z.transform(Number),
);

/** Of an entry of Rekor v1, which promises: sigstore_rekor.proto, `TransparencyLogEntry`. */
const PromisedEntry = z.object({
  logIndex: nullishAs(whole, 0),
  logId: z.object({ keyId: z.string() }),
  integratedTime: whole,
  inclusionPromise: z.object({ signedEntryTimestamp: z.string() }),
  inclusionProof: z.optional(z.unknown()),
  canonicalizedBody: z.string(),
});

const Timestamp = z.object({ signedTimestamp: z.string() });

/**
 * Makes a layer of cosign's `.att` tag of a bundle: `bundleOfAttLayer` the other way round. There is room for one log
 * entry, which has a promise, and for one timestamp; nothing is verified.
 * Source: https://github.com/sigstore/cosign/blob/v3.0.2/specs/ATTESTATION_SPEC.md
 *
 * @param predicateType - of the statement; a reader may choose layers by it.
 */
export function attLayerOfBundle(bundle: Bundle, predicateType: string): AttLayer {
  const { signer, tlogEntries, timestamps } = bundle;
  const [entry] = tlogEntries.flatMap(promised);
  const [timestamp] = timestamps.flatMap((json) => Timestamp.safeParse(json).data ?? []);
  const envelope = { ...bundle, keyid: signer.kind === "key" ? (signer.hint ?? "") : "" };
  const logged = entry === undefined ? null : loggedEnvelope(envelope, entry.body);
  return {
    content: logged ?? envelopeText(envelope),
    annotations: {
      [COSIGN.signature]: "",
      predicateType,
      ...(signer.kind === "key" ? {} : certificates(signer.chain)),
      ...(entry === undefined ? {} : { [COSIGN.logEntry]: entry.annotation }),
      ...(timestamp === undefined
        ? {}
        : { [COSIGN.timestamp]: text({ SignedRFC3161Timestamp: timestamp.signedTimestamp }) }),
    },
    lost: {
      logEntries: tlogEntries.length - (entry === undefined ? 0 : 1),
      logProofs: entry?.isProved === true ? 1 : 0,
      loggedEnvelopes: entry !== undefined && logged === null ? 1 : 0,
      timestamps: timestamps.length - (timestamp === undefined ? 0 : 1),
    },
  };
}

/** The entry as cosign keeps it; none for an entry that has no promise. */
function promised(json: Json): readonly PromisedAnnotation[] {
  const entry = PromisedEntry.safeParse(json).data;
  const logID = entry === undefined ? null : hexOf(entry.logId.keyId);
  if (entry === undefined || logID === null) return [];
  const { canonicalizedBody: body, integratedTime, logIndex, inclusionPromise, inclusionProof } = entry;
  const annotation = text({
    SignedEntryTimestamp: inclusionPromise.signedEntryTimestamp,
    Payload: { body, integratedTime, logID, logIndex },
  });
  return [{ annotation, body, isProved: inclusionProof != null }];
}

interface PromisedAnnotation {
  readonly annotation: string;
  /** Base64. */
  readonly body: string;
  readonly isProved: boolean;
}

function hexOf(base64: string): string | null {
  try {
    return Buffer.from(decodeBase64(base64, "the id of a log")).toString("hex");
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}

function certificates([leaf, ...chain]: readonly Uint8Array[]): Readonly<Record<string, string>> {
  return {
    [COSIGN.certificate]: leaf === undefined ? "" : pem(leaf),
    ...(chain.length === 0 ? {} : { [COSIGN.chain]: chain.map(pem).join("") }),
  };
}

/** RFC 7468: lines of 64 characters. */
function pem(der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function text(json: object): string {
  return new TextDecoder().decode(encodeJson(json));
}
