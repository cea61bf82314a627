import { ascii } from "./der.ts";
import type { EntryBody } from "./rekor.ts";
import { base64, digestOf, sha256, type TestKey } from "./test-key.ts";

/** `HashAlgorithm` of Sigstore's protobuf specs. */
export const HASHES = { sha256: "SHA2_256", sha384: "SHA2_384", sha512: "SHA2_512" } as const;

/** What was signed, and with what. */
export interface Signed {
  /** What the signature is over: a file's bytes, or an envelope's PAE. */
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
  /** PEM of a certificate, or of a public key. */
  readonly verifierPem: string;
  /** What signed: its kind decides the hash. */
  readonly key: TestKey;
}

export interface SignedEnvelope extends Signed {
  readonly payload: Uint8Array;
  readonly payloadType: string;
}

/** https://github.com/sigstore/rekor/tree/main/pkg/types/hashedrekord */
export function hashedrekordV1({ bytes, signature, verifierPem, key }: Signed): EntryBody {
  return body("hashedrekord", "0.0.1", {
    data: { hash: { algorithm: key.hash, value: hex(digestOf(key.hash, bytes)) } },
    signature: { content: base64(signature), publicKey: { content: base64(ascii(verifierPem)) } },
  });
}

/** https://github.com/sigstore/rekor/tree/main/pkg/types/dsse */
export function dsseV1({ payload, payloadType, signature, verifierPem }: SignedEnvelope): EntryBody {
  const envelope = { payload: base64(payload), payloadType, signatures: [{ sig: base64(signature) }] };
  return body("dsse", "0.0.1", {
    envelopeHash: { algorithm: "sha256", value: hex(sha256(ascii(JSON.stringify(envelope)))) },
    payloadHash: { algorithm: "sha256", value: hex(sha256(payload)) },
    signatures: [{ signature: base64(signature), verifier: base64(ascii(verifierPem)) }],
  });
}

/** Without the signature: https://github.com/sigstore/rekor/tree/main/pkg/types/intoto/v0.0.1 */
export function intotoV1({ payload, payloadType, signature, verifierPem }: SignedEnvelope): EntryBody {
  const envelope = { payload: base64(payload), payloadType, signatures: [{ sig: base64(signature) }] };
  return body("intoto", "0.0.1", {
    content: {
      hash: { algorithm: "sha256", value: hex(sha256(ascii(JSON.stringify(envelope)))) },
      payloadHash: { algorithm: "sha256", value: hex(sha256(payload)) },
    },
    publicKey: base64(ascii(verifierPem)),
  });
}

/** The signature is encoded twice: https://github.com/sigstore/rekor/tree/main/pkg/types/intoto */
export function intotoV2({ payload, payloadType, signature, verifierPem }: SignedEnvelope): EntryBody {
  const encoded = { publicKey: base64(ascii(verifierPem)), sig: base64(ascii(base64(signature))) };
  const envelope = { payload: base64(payload), payloadType, signatures: [{ sig: base64(signature) }] };
  return body("intoto", "0.0.2", {
    content: {
      envelope: { payloadType, signatures: [encoded] },
      hash: { algorithm: "sha256", value: hex(sha256(ascii(JSON.stringify(envelope)))) },
      payloadHash: { algorithm: "sha256", value: hex(sha256(payload)) },
    },
  });
}

/** Of Rekor v2, also for envelopes: https://github.com/sigstore/rekor-tiles/tree/main/pkg/types/hashedrekord */
export function hashedrekordV2({ bytes, signature, verifierPem, key }: Signed): EntryBody {
  const kind = verifierPem.includes("BEGIN CERTIFICATE") ? "x509Certificate" : "publicKey";
  const rawBytes = verifierPem.replace(/-----[^-]+-----|\s/g, "");
  return body("hashedrekord", "0.0.2", {
    hashedRekordV002: {
      data: { algorithm: HASHES[key.hash], digest: base64(digestOf(key.hash, bytes)) },
      signature: { content: base64(signature), verifier: { keyDetails: key.details, [kind]: { rawBytes } } },
    },
  });
}

/** Names in order, as RFC 8785 has them. */
function body(kind: string, version: string, spec: unknown): EntryBody {
  return { kind, version, body: ascii(JSON.stringify({ apiVersion: version, kind, spec })) };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
