import {
  boundedArray,
  decodeBase64,
  issueText,
  isTouchmarkError,
  type Json,
  MAX_EVIDENCE_BYTES,
  parseJson,
  splitEvidenceFile,
  TouchmarkError,
} from "@touchmark/core";
import * as z from "zod/mini";
import { MAX_REKOR_ENTRIES } from "./limits.ts";

/** An entry as Rekor v1 gives it, decoded and not verified. */
export interface RekorEntry {
  readonly kind: string;
  readonly version: string;
  readonly body: Uint8Array;
  /** The same as bundles have it: https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_rekor.proto */
  readonly inBundle: Json;
}

const hex = z.string().check(z.regex(/^(?:[0-9a-f]{2}){1,64}$/));

/**
 * What Rekor v1 answers for entries, each under its id.
 * Source: https://github.com/sigstore/rekor/blob/main/openapi.yaml, `LogEntry`
 */
const Answer = z.record(
  z.string(),
  z.object({
    body: z.string(),
    integratedTime: z.int().check(z.nonnegative()),
    logID: hex,
    logIndex: z.int().check(z.nonnegative()),
    verification: z.object({
      signedEntryTimestamp: z.string(),
      inclusionProof: z.optional(
        z.object({
          checkpoint: z.string(),
          hashes: z.array(hex).check(z.maxLength(64)),
          logIndex: z.int().check(z.nonnegative()),
          rootHash: hex,
          treeSize: z.int().check(z.positive()),
        }),
      ),
    }),
  }),
);

/** One object for `GET /entries/ID` and `POST /entries`; a list of them for `POST /entries/retrieve`. */
const Answers = z.union([
  z.pipe(
    Answer,
    z.transform((one) => [one]),
  ),
  boundedArray(Answer, MAX_REKOR_ENTRIES),
]);

const Body = z.object({ kind: z.string(), apiVersion: z.string() });

/**
 * Reads what Rekor's API answers: an entry under its id, or a list of such; in a file also one of these a line.
 *
 * @throws TouchmarkError `LOG_ENTRY_INVALID`; `EVIDENCE_TOO_LARGE` above the limits of evidence.
 */
export function readRekorFile(bytes: Uint8Array): readonly RekorEntry[] {
  const entries = wholeList(bytes) ?? splitEvidenceFile(bytes).flatMap((line) => readRekorAnswer(line.bytes));
  if (entries.length <= MAX_REKOR_ENTRIES) return entries;
  throw new TouchmarkError("EVIDENCE_TOO_LARGE", "the file has too many log entries", {
    expected: `at most ${MAX_REKOR_ENTRIES}`,
    actual: `${entries.length}`,
  });
}

/** A list over several lines, as a tool that formats JSON writes it; null for whatever else. */
function wholeList(bytes: Uint8Array): readonly RekorEntry[] | null {
  const start = bytes.findIndex((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
  if (bytes[start] !== 0x5b || bytes.indexOf(0x0a, start) === -1 || bytes.byteLength > MAX_EVIDENCE_BYTES) return null;
  try {
    return readRekorAnswer(bytes);
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}

/** @throws TouchmarkError `LOG_ENTRY_INVALID`. */
export function readRekorAnswer(bytes: Uint8Array): readonly RekorEntry[] {
  try {
    return read(Answers, bytes, bytes.byteLength).flatMap((one) => Object.values(one).map(entryOf));
  } catch (error) {
    // The readers of JSON and base64 say that any input is wrong.
    throw isTouchmarkError(error) && error.code !== "LOG_ENTRY_INVALID" ? malformed(error.message) : error;
  }
}

function entryOf(entry: z.output<typeof Answer>[string]): RekorEntry {
  const { body, integratedTime, logID, logIndex, verification } = entry;
  const decoded = decodeBase64(body, "the body of a log entry");
  // A body that is too large for the log's readers is about nothing (rekor-entries.ts), and must not hide those beside it.
  const { kind, apiVersion } = read(Body, decoded, decoded.byteLength);
  const { signedEntryTimestamp, inclusionProof: proof } = verification;
  return {
    kind,
    version: apiVersion,
    body: decoded,
    inBundle: {
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
    },
  };
}

function base64(text: string): string {
  return Buffer.from(text, "hex").toString("base64");
}

function read<T>(schema: z.ZodMiniType<T>, bytes: Uint8Array, maxBytes: number): T {
  const parsed = schema.safeParse(parseJson(bytes, { what: "a log entry", maxBytes }));
  if (parsed.success) return parsed.data;
  throw malformed(issueText(parsed.error));
}

function malformed(actual: string): TouchmarkError {
  return new TouchmarkError("LOG_ENTRY_INVALID", "this is not what Rekor answers for an entry", {
    expected: '{"<id>": {body, integratedTime, logID, logIndex, verification}}, or a list of these',
    actual,
  });
}
