import { X509Certificate } from "node:crypto";
import {
  BUNDLE_V03,
  type Bundle,
  boundedArray,
  decodeBase64,
  encodeJson,
  issueText,
  type Json,
  MAX_EVIDENCE_BYTES,
  MAX_SMALL_FILE_BYTES,
  parseBundle,
  parseJson,
  TouchmarkError,
} from "@touchmark/core";
import * as z from "zod";
import type { Format } from "./format.ts";

/** An envelope as slsa-github-generator wrote it before 2.1.0: the certificate, in PEM, beside the signature. */
const Envelope = z.strictObject({
  payloadType: z.string(),
  payload: z.string(),
  signatures: z.tuple([z.strictObject({ keyid: z.string().nullish(), sig: z.string(), cert: z.string() })]),
});

const hex = z.string().regex(/^(?:[0-9a-f]{2}){1,64}$/);

/**
 * What Rekor v1 answers for one entry, under its id.
 * Source: https://github.com/sigstore/rekor/blob/main/openapi.yaml, `LogEntry`
 */
const Answer = z.record(
  z.string(),
  z.object({
    body: z.string(),
    integratedTime: z.int().nonnegative(),
    logID: hex,
    logIndex: z.int().nonnegative(),
    verification: z.object({
      signedEntryTimestamp: z.string(),
      inclusionProof: z
        .object({
          checkpoint: z.string(),
          hashes: z.array(hex).max(64),
          logIndex: z.int().nonnegative(),
          rootHash: hex,
          treeSize: z.int().positive(),
        })
        .optional(),
    }),
  }),
);

const Body = z.object({ kind: z.string(), apiVersion: z.string() });

/** As the specification has it: any number of signatures, each perhaps with a certificate beside it. */
const AnyEnvelope = z.strictObject({
  payloadType: z.string().min(1).max(256),
  payload: z.string(),
  signatures: boundedArray(
    z.strictObject({ keyid: z.string().max(1024).nullish(), sig: z.string(), cert: z.string().nullish() }),
    32,
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
  recognises: (json) => isObject(json) && "payloadType" in json && "signatures" in json,
  read(json) {
    const { payloadType, payload, signatures } = parsed(AnyEnvelope, json, "BUNDLE_MALFORMED");
    const bytes = decodeBase64(payload, "the payload");
    return signatures.map(({ sig, cert, keyid }) => ({
      kind: "statement",
      format: "dsse",
      bundle: {
        mediaType: BUNDLE_V03,
        payloadType,
        payload: bytes,
        signature: decodeBase64(sig, "the signature"),
        signer:
          cert == null || cert === ""
            ? { kind: "key", hint: keyid || null }
            : { kind: "certificate", chain: [derOfPem(cert)] },
        tlogEntries: [],
        timestamps: [],
      },
    }));
  },
};

function isObject(json: Json): json is { readonly [key: string]: Json } {
  return json !== null && typeof json === "object" && !Array.isArray(json);
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
  const { payloadType, payload, signatures } = read(Envelope, bytes, "BUNDLE_MALFORMED", MAX_EVIDENCE_BYTES);
  const [{ sig, cert }] = signatures;
  return parseBundle(
    encodeJson({
      mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1",
      verificationMaterial: {
        x509CertificateChain: { certificates: [{ rawBytes: base64OfPem(cert) }] },
        tlogEntries: [entryOf(entry)],
      },
      dsseEnvelope: { payloadType, payload, signatures: [{ sig }] },
    }),
  );
}

function entryOf(bytes: Uint8Array) {
  const [answer, ...more] = Object.values(read(Answer, bytes, "LOG_ENTRY_INVALID", MAX_SMALL_FILE_BYTES));
  if (answer === undefined || more.length > 0) throw malformed("LOG_ENTRY_INVALID", `${more.length + 1} entries`);
  const { body, integratedTime, logID, logIndex, verification } = answer;
  const decoded = decodeBase64(body, "the body of a log entry");
  const { kind, apiVersion } = read(Body, decoded, "LOG_ENTRY_INVALID", MAX_SMALL_FILE_BYTES);
  const { signedEntryTimestamp, inclusionProof: proof } = verification;
  return {
    logIndex: `${logIndex}`,
    logId: { keyId: base64(logID) },
    kindVersion: { kind, version: apiVersion },
    integratedTime: `${integratedTime}`,
    inclusionPromise: { signedEntryTimestamp },
    ...(proof === undefined
      ? {}
      : {
          inclusionProof: {
            logIndex: `${proof.logIndex}`,
            rootHash: base64(proof.rootHash),
            treeSize: `${proof.treeSize}`,
            hashes: proof.hashes.map(base64),
            checkpoint: { envelope: proof.checkpoint },
          },
        }),
    canonicalizedBody: body,
  };
}

function base64(text: string): string {
  return Buffer.from(text, "hex").toString("base64");
}

function base64OfPem(pem: string): string {
  return derOfPem(pem).toString("base64");
}

function derOfPem(pem: string): Buffer {
  try {
    return new X509Certificate(pem).raw;
  } catch {
    throw malformed("BUNDLE_MALFORMED", "a certificate that cannot be read");
  }
}

type Malformed = "BUNDLE_MALFORMED" | "LOG_ENTRY_INVALID";

function read<T>(schema: z.ZodType<T>, bytes: Uint8Array, code: Malformed, maxBytes: number): T {
  return parsed(schema, parseJson(bytes, { what: "the file", maxBytes }), code);
}

function parsed<T>(schema: z.ZodType<T>, json: Json, code: Malformed): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw malformed(code, issueText(result.error));
}

function malformed(code: Malformed, actual: string): TouchmarkError {
  return code === "BUNDLE_MALFORMED"
    ? new TouchmarkError(code, "the envelope cannot be made a bundle", {
        expected: "one signature, with its certificate",
        actual,
      })
    : new TouchmarkError(code, "the file is not what Rekor answers for an entry", {
        expected: '{"<id>": {body, integratedTime, logID, logIndex, verification}}, one entry',
        actual,
      });
}
