import { createHash, X509Certificate } from "node:crypto";
import {
  BUNDLE_V03,
  type Bundle,
  boundedArray,
  decodeBase64,
  encodeJson,
  isJsonObject,
  issueText,
  isTouchmarkError,
  type Json,
  MAX_EVIDENCE_BYTES,
  PayloadType,
  parseBundle,
  parseJson,
  TouchmarkError,
} from "@touchmark/core";
import * as z from "zod/mini";
import type { Format } from "./format.ts";
import { MAX_ENVELOPE_SIGNATURES } from "./limits.ts";
import type { StatementPiece } from "./piece.ts";
import { readRekorAnswer } from "./rekor-answer.ts";

/** An envelope as slsa-github-generator wrote it before 2.1.0: the certificate, in PEM, beside the signature. */
const Envelope = z.strictObject({
  payloadType: z.string(),
  payload: z.string(),
  signatures: z.tuple([z.strictObject({ keyid: z.nullish(z.string()), sig: z.string(), cert: z.string() })]),
});

/** As the specification has it: any number of signatures, each perhaps with a certificate beside it. */
const AnyEnvelope = z.strictObject({
  payloadType: PayloadType,
  payload: z.string(),
  signatures: boundedArray(
    z.strictObject({
      keyid: z.nullish(z.string().check(z.maxLength(1024))),
      sig: z.string(),
      cert: z.nullish(z.string()),
    }),
    MAX_ENVELOPE_SIGNATURES,
    1,
  ),
});

/**
 * An envelope with nothing around it. Each of its signatures is a piece: one that is trusted suffices.
 * Source: https://github.com/secure-systems-lab/dsse/blob/v1.0.2/envelope.md
 */
export const dsseFormat: Format = {
  name: "dsse",
  title: "a DSSE envelope",
  recognises: (json) => isJsonObject(json) && "payloadType" in json && "signatures" in json,
  read: envelopePieces,
};

/** @throws TouchmarkError `BUNDLE_MALFORMED`. */
export function envelopePieces(json: Json, bytes: Uint8Array): readonly StatementPiece[] {
  const { payloadType, payload: encoded, signatures } = parsed(AnyEnvelope, json);
  const payload = decoded(encoded, "the payload");
  const sha256 = createHash("sha256").update(trimmed(bytes)).digest("hex");
  return signatures.map(({ sig, cert, keyid }) => ({
    kind: "statement",
    format: "dsse",
    bundle: {
      mediaType: BUNDLE_V03,
      payloadType,
      payload,
      signature: decoded(sig, "the signature"),
      signer:
        cert == null || cert === ""
          ? { kind: "key", hint: keyid || null }
          : { kind: "certificate", chain: [derOfPem(cert)] },
      tlogEntries: [],
      timestamps: [],
    },
    unlogged: { sha256 },
  }));
}

function trimmed(bytes: Uint8Array): Uint8Array {
  const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
  let [start, end] = [0, bytes.byteLength];
  while (start < end && isSpace(bytes[start])) start += 1;
  while (end > start && isSpace(bytes[end - 1])) end -= 1;
  return bytes.subarray(start, end);
}

/** True for an envelope with nothing around it, and a certificate beside its signature. */
export function isBareEnvelope(bytes: Uint8Array): boolean {
  try {
    return Envelope.safeParse(parseJson(bytes, { what: "an envelope", maxBytes: MAX_EVIDENCE_BYTES })).success;
  } catch {
    return false;
  }
}

/**
 * Makes a bundle v0.1 of an envelope with its certificate, and the log's entry for it. Nothing is verified.
 *
 * @param entry - what Rekor answers for one entry: `{"<id>": {body, integratedTime, logID, logIndex, verification}}`.
 * @throws TouchmarkError `BUNDLE_MALFORMED`, `LOG_ENTRY_INVALID`, and as `parseBundle`.
 */
export function bundleOfEnvelope(bytes: Uint8Array, entry: Uint8Array): Bundle {
  const json = parseJson(bytes, { what: "the file", maxBytes: MAX_EVIDENCE_BYTES });
  const { payloadType, payload, signatures } = parsed(Envelope, json);
  const [{ sig, cert }] = signatures;
  return parseBundle(
    encodeJson({
      mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1",
      verificationMaterial: {
        x509CertificateChain: { certificates: [{ rawBytes: derOfPem(cert).toString("base64") }] },
        tlogEntries: [onlyEntry(entry)],
      },
      dsseEnvelope: { payloadType, payload, signatures: [{ sig }] },
    }),
  );
}

function onlyEntry(bytes: Uint8Array): Json {
  const [first, ...more] = readRekorAnswer(bytes);
  if (first !== undefined && more.length === 0) return first.inBundle;
  throw new TouchmarkError("LOG_ENTRY_INVALID", "the file is not what Rekor answers for one entry", {
    expected: '{"<id>": {body, integratedTime, logID, logIndex, verification}}, one entry',
    actual: `${more.length + (first === undefined ? 0 : 1)} entries`,
  });
}

/** @throws TouchmarkError `BUNDLE_MALFORMED`. */
export function derOfPem(pem: string): Buffer {
  try {
    return new X509Certificate(pem).raw;
  } catch {
    throw malformed("a certificate that cannot be read");
  }
}

function decoded(base64: string, what: string): Uint8Array {
  try {
    return decodeBase64(base64, what);
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    throw malformed(error.message);
  }
}

function parsed<T>(schema: z.ZodMiniType<T>, json: Json): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw malformed(issueText(result.error));
}

function malformed(actual: string): TouchmarkError {
  return new TouchmarkError("BUNDLE_MALFORMED", "the DSSE envelope is malformed", {
    expected: "payloadType, payload and signatures, each with sig and perhaps keyid and cert",
    actual,
  });
}
