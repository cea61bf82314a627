import { type Certificate, pemOf, rawBytes } from "./certificate.ts";
import { ascii, concat } from "./der.ts";
import { fulcioLeaf, type LeafOptions } from "./fulcio-leaf.ts";
import { type EntryBody, type EntryOptions, type LogEntry, logEntry } from "./rekor.ts";
import {
  dsseV1,
  HASHES,
  hashedrekordV1,
  hashedrekordV2,
  intotoV1,
  intotoV2,
  type SignedEnvelope,
} from "./rekor-bodies.ts";
import { base64, digestOf, newTestKey, publicPem, type TestKey } from "./test-key.ts";
import type { TestSigstore } from "./test-sigstore.ts";
import { type TimestampOptions, timestampResponse } from "./timestamp.ts";

/** The kinds of entries that Sigstore's logs hold for what Touchmark reads. */
export type EntryKind = "hashedrekord-0.0.1" | "dsse-0.0.1" | "intoto-0.0.1" | "intoto-0.0.2" | "hashedrekord-0.0.2";

export interface BundleOptions {
  /** "0.3" when absent; before it the whole chain stands in the bundle. */
  readonly version?: "0.1" | "0.2" | "0.3";
  /** An envelope unless "message": a signature over the bytes themselves. */
  readonly content?: "envelope" | "message";
  readonly payloadType?: string;
  /** When all of it happens; 2026-01-15T12:00:00Z when absent. The leaf is valid from then on for ten minutes. */
  readonly time?: Date;
  /** Signs; a new P-256 when absent. */
  readonly key?: TestKey;
  /** A hint at that key instead of a certificate for it. */
  readonly keyHint?: string;
  readonly leaf?: Partial<LeafOptions>;
  /** "hashedrekord-0.0.2" when absent; null: no entry. */
  readonly entry?: EntryKind | null;
  readonly entryOptions?: Partial<EntryOptions>;
  /** Null: no timestamp. */
  readonly timestamp?: Partial<TimestampOptions> | null;
}

/** `Bundle` of Sigstore's protobuf specs, in JSON; a test may change any of it. */
export interface BundleJson {
  mediaType: string;
  verificationMaterial: {
    certificate?: { rawBytes: string };
    publicKey?: { hint: string };
    x509CertificateChain?: { certificates: { rawBytes: string }[] };
    tlogEntries: LogEntry[];
    timestampVerificationData?: { rfc3161Timestamps: { signedTimestamp: string }[] };
  };
  dsseEnvelope?: { payload: string; payloadType: string; signatures: { sig: string; keyid?: string }[] };
  messageSignature?: { messageDigest: { algorithm: string; digest: string }; signature: string };
}

export interface SignedBundle {
  readonly bundle: BundleJson;
  /** Also where the bundle has only a hint. */
  readonly leaf: Certificate;
  readonly key: TestKey;
  /** What the signature is over. */
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

const TIME = new Date("2026-01-15T12:00:00Z");
const INTOTO = "application/vnd.in-toto+json";

/**
 * Signs as a keyless release does: a leaf, a signature, an entry, a timestamp.
 *
 * @param payload - a statement's bytes, or a file's.
 */
export function signBundle(sigstore: TestSigstore, payload: Uint8Array, options: BundleOptions = {}): SignedBundle {
  const { time = TIME, payloadType = INTOTO, content = "envelope", entry = "hashedrekord-0.0.2" } = options;
  const key = options.key ?? newTestKey();
  const leaf = fulcioLeaf(sigstore.fulcio, key, time, { ctLogs: [sigstore.ctLog], ...options.leaf });
  const bytes = content === "envelope" ? pae(payloadType, payload) : payload;
  const signature = key.sign(bytes);
  const signed = {
    bytes,
    signature,
    payload,
    payloadType,
    verifierPem: options.keyHint === undefined ? pemOf(leaf) : publicPem(key),
    key,
  };
  const material: BundleJson["verificationMaterial"] = {
    ...(options.keyHint === undefined
      ? certificates(options.version ?? "0.3", leaf, sigstore.fulcio.chain)
      : { publicKey: { hint: options.keyHint } }),
    tlogEntries: entry === null ? [] : [entryFor(sigstore, entry, signed, { time, ...options.entryOptions })],
  };
  if (options.timestamp !== null) {
    const response = timestampResponse(sigstore.timestamps, signature, { time, ...options.timestamp });
    material.timestampVerificationData = { rfc3161Timestamps: [{ signedTimestamp: base64(response) }] };
  }
  const bundle: BundleJson = {
    mediaType: mediaType(options.version ?? "0.3"),
    verificationMaterial: material,
    ...(content === "envelope"
      ? { dsseEnvelope: { payload: base64(payload), payloadType, signatures: [{ sig: base64(signature) }] } }
      : {
          messageSignature: {
            messageDigest: { algorithm: HASHES[key.hash], digest: base64(digestOf(key.hash, payload)) },
            signature: base64(signature),
          },
        }),
  };
  return { bundle, leaf, key, bytes, signature };
}

/** An entry of one kind, in the log that takes it. */
export function entryFor(
  sigstore: TestSigstore,
  kind: EntryKind,
  signed: SignedEnvelope,
  options: EntryOptions,
): LogEntry {
  const log = kind === "hashedrekord-0.0.2" ? sigstore.rekorV2 : sigstore.rekorV1;
  return logEntry(log, bodyOf(kind, signed), options);
}

/** https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
export function pae(payloadType: string, payload: Uint8Array): Uint8Array {
  return concat(ascii(`DSSEv1 ${ascii(payloadType).length} ${payloadType} ${payload.length} `), payload);
}

function bodyOf(kind: EntryKind, signed: SignedEnvelope): EntryBody {
  switch (kind) {
    case "hashedrekord-0.0.1":
      return hashedrekordV1(signed);
    case "dsse-0.0.1":
      return dsseV1(signed);
    case "intoto-0.0.1":
      return intotoV1(signed);
    case "intoto-0.0.2":
      return intotoV2(signed);
    case "hashedrekord-0.0.2":
      return hashedrekordV2(signed);
  }
}

function certificates(version: "0.1" | "0.2" | "0.3", leaf: Certificate, chain: readonly Certificate[]) {
  if (version === "0.3") return { certificate: rawBytes(leaf) };
  return { x509CertificateChain: { certificates: [leaf, ...chain.slice(0, -1)].map(rawBytes) } };
}

/** https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto */
function mediaType(version: "0.1" | "0.2" | "0.3"): string {
  return version === "0.3"
    ? "application/vnd.dev.sigstore.bundle.v0.3+json"
    : `application/vnd.dev.sigstore.bundle+json;version=${version}`;
}
