import { decodeBase64, issueText, isTouchmarkError, type Json } from "@touchmark/core";
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
const whole = z
  .union([
    z.string().check(z.regex(/^(?:0|[1-9]\d{0,15})$/)),
    z.pipe(z.int().check(z.nonnegative()), z.transform(String)),
  ])
  .check(z.refine((text) => Number.isSafeInteger(Number(text)), "a number that is too large"));

const bytes = (maximum: number, length?: number) =>
  z.pipe(
    z.string().check(z.maxLength(maximum * 2)),
    z.transform((text, context): Buffer => {
      try {
        const decoded = Buffer.from(decodeBase64(text, "a part of a log entry"));
        if (length === undefined || decoded.byteLength === length) return decoded;
        const message = `${decoded.byteLength} bytes, expected ${length}`;
        context.issues.push({ code: "custom", input: text, message });
      } catch (error) {
        if (!isTouchmarkError(error)) throw error;
        context.issues.push({ code: "custom", input: text, message: error.message });
      }
      return z.NEVER;
    }),
  );

const hash = bytes(32, 32);
// protobuf's JSON leaves out zeros.
const position = z.pipe(
  z.nullish(whole),
  z.transform((index) => index ?? "0"),
);

const Entry = z.object({
  logIndex: position,
  logId: z.object({ keyId: hash }),
  kindVersion: z.object({ kind: z.string().check(z.maxLength(64)), version: z.string().check(z.maxLength(16)) }),
  integratedTime: z.pipe(
    z.nullish(whole.check(z.refine((time) => Number(time) <= MAX_INTEGRATED_TIME, "a time that no calendar has"))),
    z.transform((time) => (time == null || time === "0" ? null : time)),
  ),
  inclusionPromise: z.nullish(z.object({ signedEntryTimestamp: bytes(1024) })),
  inclusionProof: z.nullish(
    z.object({
      logIndex: position,
      rootHash: hash,
      treeSize: whole,
      hashes: z.pipe(
        z.pipe(
          z.nullish(z.array(z.string().check(z.maxLength(64))).check(z.maxLength(MAX_PROOF_HASHES))),
          z.transform((hashes) => hashes ?? []),
        ),
        z.array(hash),
      ),
      checkpoint: z.object({ envelope: z.string().check(z.minLength(1), z.maxLength(MAX_CHECKPOINT)) }),
    }),
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
  const { inclusionPromise: promise, inclusionProof: proof } = parsed.data;
  if (bundleVersion === "0.1" && promise == null) throw malformed("no inclusion promise, in a bundle v0.1");
  if (bundleVersion !== "0.1" && proof == null) throw malformed(`no inclusion proof, in a bundle v${bundleVersion}`);
  return {
    logId: logId.keyId,
    ...kindVersion,
    body: canonicalizedBody,
    integratedTime: integratedTime === null ? null : Number(integratedTime),
    hasPromise: promise != null,
    proof: proof == null ? null : { ...proof, checkpoint: proof.checkpoint.envelope },
    forLibrary: {
      logIndex,
      logId,
      kindVersion,
      integratedTime: integratedTime ?? "0",
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
