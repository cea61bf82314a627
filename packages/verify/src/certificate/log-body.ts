import { createPublicKey, X509Certificate as NodeCertificate } from "node:crypto";
import { decodeBase64, decodedText, issueText, parseJson } from "@touchmark/core";
import * as z from "zod/mini";
import type { SigningHash } from "../hash-of-curve.ts";
import { MAX_LOG_BODY_BYTES } from "./limits.ts";
import type { LogEntry } from "./log-entry.ts";
import { reading, refused } from "./refused.ts";
import type { SignedContent } from "./signed-content.ts";

/** What a log wrote down about one signature. */
export interface Logged {
  /** Null where it kept none; it saw one that held before it wrote down the rest. */
  readonly signature: Uint8Array | null;
  /** Over what was signed, or over the payload of an envelope. */
  readonly digest: { readonly of: "signed" | "payload"; readonly hash: SigningHash; readonly bytes: Uint8Array };
  /** The certificate or the key, DER. */
  readonly verifier: Uint8Array;
  readonly payloadType: string | null;
}

/**
 * Checks that a log entry is about this very signature: the same bytes of signature, the same content, the same certificate
 * or key. Sigstore's verifier compares the first two; an entry for the same signature by another certificate passes there.
 *
 * @param verifiers - the certificate, or the key, each as DER that a log may have written down.
 * @throws TouchmarkError `LOG_ENTRY_INVALID`.
 */
export function checkLogBody(entry: LogEntry, content: SignedContent, verifiers: readonly Uint8Array[]): void {
  const what = logBodyDifference(entry, content, verifiers);
  if (what === null) return;
  throw refused("LOG_ENTRY_INVALID", `a log entry is about another ${what}`, {
    expected: `the ${what} of this bundle`,
    actual: "another one",
  });
}

/**
 * What a log entry has of another signature than this one: `signature`, `content`. Null where it is about this one.
 *
 * @throws TouchmarkError `LOG_ENTRY_INVALID` for a body that cannot be read.
 */
export function logBodyDifference(
  entry: LogEntry,
  content: SignedContent,
  verifiers: readonly Uint8Array[],
): string | null {
  const logged = bodyOf(entry);
  if (logged.signature !== null && !equal(logged.signature, content.signature)) return "signature";
  const { of, hash, bytes } = logged.digest;
  const digest = of === "signed" ? content.digest(hash) : content.payloadDigest;
  if (digest === null || !equal(digest, bytes)) return "content";
  if (logged.payloadType !== null && logged.payloadType !== content.payloadType) return "payload type";
  return verifiers.some((verifier) => equal(verifier, logged.verifier)) ? null : "certificate or key";
}

/**
 * The certificate or the key, DER, by which a log says that something was signed.
 *
 * @throws TouchmarkError `LOG_ENTRY_INVALID`.
 */
export function loggedVerifier(entry: LogEntry): Uint8Array {
  return bodyOf(entry).verifier;
}

function bodyOf(entry: LogEntry): Logged {
  return reading("LOG_ENTRY_INVALID", "the body of a log entry", () => readBody(entry));
}

/**
 * Reads what an entry says: of the five kinds that there are for signatures. Nothing of it is verified.
 *
 * @throws TouchmarkError, of any code; what it is about is wrong.
 */
export function readBody(entry: {
  readonly kind: string;
  readonly version: string;
  readonly body: Uint8Array;
}): Logged {
  const json = parseJson(entry.body, { what: "the body of a log entry", maxBytes: MAX_LOG_BODY_BYTES });
  const { kind, apiVersion } = checked(z.object({ kind: z.string(), apiVersion: z.string() }), json);
  if (kind !== entry.kind || apiVersion !== entry.version) {
    throw refused("LOG_ENTRY_INVALID", "a log entry is of another kind than the bundle says", {
      expected: `${entry.kind} ${entry.version}`,
      actual: `${kind} ${apiVersion}`,
    });
  }
  switch (`${kind} ${apiVersion}`) {
    case "hashedrekord 0.0.1":
      return hashedRekord1(checked(HashedRekord1, json));
    case "hashedrekord 0.0.2":
      return hashedRekord2(checked(HashedRekord2, json));
    case "dsse 0.0.1":
      return dsse(checked(Dsse1, json));
    case "intoto 0.0.1":
      return intoto1(checked(Intoto1, json));
    case "intoto 0.0.2":
      return intoto2(checked(Intoto2, json));
    default:
      throw refused("LOG_ENTRY_INVALID", "a log entry is of a kind that is not known", {
        expected: "hashedrekord 0.0.1 or 0.0.2, dsse 0.0.1, intoto 0.0.1 or 0.0.2",
        actual: `${kind} ${apiVersion}`,
      });
  }
}

const base64 = decodedText(MAX_LOG_BODY_BYTES, (text) => decodeBase64(text, "a part of a log entry"));
const hexDigest = z.lazy(() =>
  z.object({
    algorithm: z.enum(["sha256", "sha384", "sha512"]),
    value: z.string().check(z.regex(/^(?:[0-9a-f]{2}){32,64}$/)),
  }),
);
const sha256 = z.lazy(() =>
  z.object({ algorithm: z.literal("sha256"), value: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
);

/** https://github.com/sigstore/rekor/tree/main/pkg/types/hashedrekord/v0.0.1 */
const HashedRekord1 = z.lazy(() =>
  z.object({
    spec: z.object({
      data: z.object({ hash: hexDigest }),
      signature: z.object({ content: base64, publicKey: z.object({ content: base64 }) }),
    }),
  }),
);

/** https://github.com/sigstore/protobuf-specs/blob/main/protos/rekor/v2/hashedrekord.proto */
const HashedRekord2 = z.lazy(() =>
  z.object({
    spec: z.object({
      hashedRekordV002: z.object({
        data: z.object({ algorithm: z.enum(["SHA2_256", "SHA2_384", "SHA2_512"]), digest: base64 }),
        signature: z.object({
          content: base64,
          verifier: z.union([
            z.object({ x509Certificate: z.object({ rawBytes: base64 }) }),
            z.object({ publicKey: z.object({ rawBytes: base64 }) }),
          ]),
        }),
      }),
    }),
  }),
);

/** https://github.com/sigstore/rekor/tree/main/pkg/types/dsse/v0.0.1 */
const Dsse1 = z.lazy(() =>
  z.object({
    spec: z.object({
      payloadHash: sha256,
      signatures: z.tuple([z.object({ signature: base64, verifier: base64 })]),
    }),
  }),
);

/** https://github.com/sigstore/rekor/tree/main/pkg/types/intoto/v0.0.1 ; it keeps no signature. */
const Intoto1 = z.lazy(() =>
  z.object({ spec: z.object({ content: z.object({ payloadHash: sha256 }), publicKey: base64 }) }),
);

/** https://github.com/sigstore/rekor/tree/main/pkg/types/intoto/v0.0.2 ; the signature is base64 of base64. */
const Intoto2 = z.lazy(() =>
  z.object({
    spec: z.object({
      content: z.object({
        payloadHash: sha256,
        envelope: z.object({
          payloadType: z.string(),
          signatures: z.tuple([z.object({ sig: base64, publicKey: base64 })]),
        }),
      }),
    }),
  }),
);

function hashedRekord1({ spec }: z.output<typeof HashedRekord1>): Logged {
  const { algorithm, value } = spec.data.hash;
  return {
    signature: spec.signature.content,
    digest: { of: "signed", hash: algorithm, bytes: Buffer.from(value, "hex") },
    verifier: derOfPem(spec.signature.publicKey.content),
    payloadType: null,
  };
}

function hashedRekord2({ spec }: z.output<typeof HashedRekord2>): Logged {
  const { data, signature } = spec.hashedRekordV002;
  const hash = ({ SHA2_256: "sha256", SHA2_384: "sha384", SHA2_512: "sha512" } as const)[data.algorithm];
  const { verifier } = signature;
  return {
    signature: signature.content,
    digest: { of: "signed", hash, bytes: data.digest },
    verifier: "publicKey" in verifier ? verifier.publicKey.rawBytes : verifier.x509Certificate.rawBytes,
    payloadType: null,
  };
}

function dsse({ spec }: z.output<typeof Dsse1>): Logged {
  const [{ signature, verifier }] = spec.signatures;
  return {
    signature,
    digest: { of: "payload", hash: "sha256", bytes: Buffer.from(spec.payloadHash.value, "hex") },
    verifier: derOfPem(verifier),
    payloadType: null,
  };
}

function intoto1({ spec }: z.output<typeof Intoto1>): Logged {
  return {
    signature: null,
    digest: { of: "payload", hash: "sha256", bytes: Buffer.from(spec.content.payloadHash.value, "hex") },
    verifier: derOfPem(spec.publicKey),
    payloadType: null,
  };
}

function intoto2({ spec }: z.output<typeof Intoto2>): Logged {
  const { envelope, payloadHash } = spec.content;
  const [{ sig, publicKey }] = envelope.signatures;
  return {
    signature: decodeBase64(Buffer.from(sig).toString("latin1"), "a signature in a log entry"),
    digest: { of: "payload", hash: "sha256", bytes: Buffer.from(payloadHash.value, "hex") },
    verifier: derOfPem(publicKey),
    payloadType: envelope.payloadType,
  };
}

/** Rekor v1 keeps certificates and keys as PEM. Node reads both, and gives back the DER. */
function derOfPem(pem: Uint8Array): Uint8Array {
  const text = Buffer.from(pem).toString("latin1");
  if (text.includes("BEGIN CERTIFICATE")) return new NodeCertificate(text).raw;
  return createPublicKey(text).export({ type: "spki", format: "der" });
}

function checked<S extends z.ZodMiniType>(schema: S, json: unknown): z.output<S> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw refused("LOG_ENTRY_INVALID", "the body of a log entry is malformed", {
    expected: "what the log writes for a signature",
    actual: issueText(parsed.error),
    cause: parsed.error,
  });
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
