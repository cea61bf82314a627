import {
  boundedArray,
  boundedText,
  decodeBase64,
  decodedText,
  issueText,
  type Json,
  nullishAs,
  readWith,
  refuseValue,
} from "@touchmark/core";
import * as z from "zod/mini";
import type { SignedEntity } from "../sigstore-library.ts";
import { MAX_CHECKPOINT, MAX_INTEGRATED_TIME, MAX_LOG_BODY_BYTES, MAX_PROOF_HASHES } from "./limits.ts";
import { refused } from "./refused.ts";

/** A log entry as Sigstore's verifier takes it. */
type LibraryLogEntry = SignedEntity["tlogEntries"][number];

/** A log entry of a bundle, decoded strictly and not verified. */
export interface LogEntry {
  /** SHA-256 that names the log's key. */
  readonly logId: Buffer;
  readonly kind: string;
  readonly version: string;
  readonly body: Buffer;
  /** Seconds since 1970; null where it says nothing. Worth something only with a promise that holds. */
  readonly integratedTime: number | null;
  readonly hasPromise: boolean;
  readonly proof: LogProof | null;
  readonly forLibrary: LibraryLogEntry;
}

export interface LogProof {
  readonly logIndex: string;
  readonly rootHash: Buffer;
  readonly treeSize: string;
  /** From the entry's side to the root. */
  readonly hashes: readonly Buffer[];
  readonly checkpoint: string;
}

/** protobuf's JSON writes 64-bit numbers as text, and readers take both. Beyond 2^53 nothing here could tell them apart. */
const whole = readWith((value, payload): string => {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text === "string" && /^(?:0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text))) return text;
  return refuseValue(payload, "expected a whole number below 2^53");
});

const bytes = (maximum: number, length?: number) =>
  decodedText(maximum * 2, (text, payload): Buffer => {
    const decoded = Buffer.from(decodeBase64(text, "a part of a log entry"));
    if (length === undefined || decoded.byteLength === length) return decoded;
    return refuseValue(payload, `${decoded.byteLength} bytes, expected ${length}`);
  });

const hash = bytes(32, 32);
// protobuf's JSON leaves out zeros.
const zeroOrMore = nullishAs(whole, "0");
const time = whole.check(z.refine((text) => Number(text) <= MAX_INTEGRATED_TIME, "a time that no calendar has"));

const Entry = z.object({
  logIndex: zeroOrMore,
  logId: z.object({ keyId: hash }),
  kindVersion: z.object({ kind: boundedText(64), version: boundedText(16) }),
  integratedTime: nullishAs(time, "0"),
  inclusionPromise: nullishAs(z.object({ signedEntryTimestamp: bytes(1024) }), null),
  inclusionProof: nullishAs(
    z.object({
      logIndex: zeroOrMore,
      rootHash: hash,
      treeSize: whole,
      hashes: nullishAs(boundedArray(hash, MAX_PROOF_HASHES), []),
      checkpoint: z.object({ envelope: boundedText(MAX_CHECKPOINT, 1) }),
    }),
    null,
  ),
  canonicalizedBody: bytes(MAX_LOG_BODY_BYTES),
});

/**
 * Reads the log entries of a bundle.
 *
 * @throws TouchmarkError `LOG_ENTRY_INVALID`, as {@link readLogEntry}; for an entry that is there twice, before the work of
 * verifying it is done twice.
 */
export function readLogEntries(entries: readonly Json[], bundleVersion: "0.1" | "0.2" | "0.3"): readonly LogEntry[] {
  const read = entries.map((entry) => readLogEntry(entry, bundleVersion));
  const isCopy = ({ logId, body }: LogEntry, index: number) =>
    read.slice(0, index).some((earlier) => earlier.logId.equals(logId) && earlier.body.equals(body));
  if (!read.some(isCopy)) return read;
  throw refused("LOG_ENTRY_INVALID", "the bundle has a log entry twice", { expected: "each once", actual: "a copy" });
}

/**
 * Reads a log entry.
 *
 * @param bundleVersion - v0.1 demands a promise, later ones a proof with a checkpoint
 * (https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto, tlog_entries).
 * @throws TouchmarkError `LOG_ENTRY_INVALID`.
 */
export function readLogEntry(json: Json, bundleVersion: "0.1" | "0.2" | "0.3"): LogEntry {
  const parsed = Entry.safeParse(json);
  if (!parsed.success) throw malformed(issueText(parsed.error), parsed.error);
  const { logIndex, logId, kindVersion, integratedTime, canonicalizedBody } = parsed.data;
  const seconds = Number(integratedTime);
  const { inclusionPromise: promise, inclusionProof: proof } = parsed.data;
  if (bundleVersion === "0.1" && promise === null) throw malformed("no inclusion promise, in a bundle v0.1");
  if (bundleVersion !== "0.1" && proof === null) throw malformed(`no inclusion proof, in a bundle v${bundleVersion}`);
  return {
    logId: logId.keyId,
    ...kindVersion,
    body: canonicalizedBody,
    integratedTime: seconds === 0 ? null : seconds,
    hasPromise: promise !== null,
    proof: proof === null ? null : { ...proof, checkpoint: proof.checkpoint.envelope },
    forLibrary: {
      logIndex,
      logId,
      kindVersion,
      integratedTime,
      inclusionPromise: promise ?? undefined,
      inclusionProof: proof ?? undefined,
      canonicalizedBody,
    } satisfies Record<keyof LibraryLogEntry, unknown> as LibraryLogEntry,
  };
}

function malformed(actual: string, cause?: unknown) {
  return refused("LOG_ENTRY_INVALID", "a log entry of the bundle is malformed", {
    expected: "an entry of a transparency log, with its proof",
    actual,
    cause,
  });
}
