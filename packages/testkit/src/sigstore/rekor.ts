import { type Checkpoint, signedCheckpoint } from "./checkpoint.ts";
import { ascii } from "./der.ts";
import { inclusionPath, leafHash, treeRoot } from "./merkle-tree.ts";
import { base64, sha256, type TestKey } from "./test-key.ts";

/** A transparency log of a test's own. Version 1 promises and says the time, version 2 does neither. */
export interface TestLog {
  readonly version: 1 | 2;
  readonly key: TestKey;
  /** As in trusted_root.json; its host is the checkpoints' origin. */
  readonly baseUrl: string;
  /** Version 1: after the host in the origin, ` - TREE`. */
  readonly tree?: string;
}

export interface EntryOptions {
  /** Version 1: seconds since 1970 are written. */
  readonly time: Date;
  /** Entries before this one; one other when absent. */
  readonly before?: readonly Uint8Array[];
  /** Entries after it; one other when absent. */
  readonly after?: readonly Uint8Array[];
  /** The index over all of the log's trees; that in the tree when absent. */
  readonly logIndex?: number;
  /** Version 1: whether the log promises (SET); true when absent. */
  readonly promise?: boolean;
  /** Whether there is a proof and a checkpoint; true when absent. */
  readonly proof?: boolean;
  /** Changes the checkpoint before it is signed. */
  readonly checkpoint?: Partial<Checkpoint>;
  /** The name in the checkpoint's signature line. */
  readonly checkpointName?: string;
}

export interface EntryBody {
  readonly kind: string;
  readonly version: string;
  /** What is hashed, as bytes. */
  readonly body: Uint8Array;
}

/** `TransparencyLogEntry` of Sigstore's protobuf specs, in JSON; a test may change any of it. */
export interface LogEntry {
  logIndex: string;
  logId: { keyId: string };
  kindVersion: { kind: string; version: string };
  integratedTime: string;
  inclusionPromise?: { signedEntryTimestamp: string };
  inclusionProof?: {
    logIndex: string;
    rootHash: string;
    treeSize: string;
    hashes: string[];
    checkpoint: { envelope: string };
  };
  canonicalizedBody: string;
}

/** RFC 6962 for ECDSA keys; for Ed25519 that of signed notes, whose first four bytes are the hint. */
export function logIdOf({ key, baseUrl }: TestLog): Uint8Array {
  if (key.kind !== "ed25519") return sha256(key.spki);
  return sha256(ascii(`${hostOf(baseUrl)}\n`), Uint8Array.of(1), key.spki.subarray(-32));
}

export function logEntry(log: TestLog, entry: EntryBody, options: EntryOptions): LogEntry {
  const { before = [ascii("an entry before")], after = [ascii("an entry after")] } = options;
  const logId = logIdOf(log);
  const logIndex = options.logIndex ?? before.length;
  const canonicalizedBody = base64(entry.body);
  const integratedTime = log.version === 1 ? Math.floor(options.time.getTime() / 1000) : 0;
  const made: LogEntry = {
    logIndex: `${logIndex}`,
    logId: { keyId: base64(logId) },
    kindVersion: { kind: entry.kind, version: entry.version },
    integratedTime: `${integratedTime}`,
    canonicalizedBody,
  };
  if (log.version === 1 && options.promise !== false) {
    const logID = Buffer.from(logId).toString("hex");
    made.inclusionPromise = {
      signedEntryTimestamp: base64(
        log.key.sign(promised({ body: canonicalizedBody, integratedTime, logID, logIndex })),
      ),
    };
  }
  if (options.proof !== false) {
    const hashes = [...before, entry.body, ...after].map(leafHash);
    const root = treeRoot(hashes);
    const origin = `${hostOf(log.baseUrl)}${log.tree === undefined ? "" : ` - ${log.tree}`}`;
    const checkpoint = { origin, size: hashes.length, root, ...options.checkpoint };
    made.inclusionProof = {
      logIndex: `${before.length}`,
      rootHash: base64(root),
      treeSize: `${hashes.length}`,
      hashes: inclusionPath(hashes, before.length).map(base64),
      checkpoint: { envelope: signedCheckpoint(checkpoint, { key: log.key, logId }, options.checkpointName) },
    };
  }
  return made;
}

/** What version 1 signs as its promise: JSON by RFC 8785, whose order of names this is. */
export function promised(entry: { body: string; integratedTime: number; logID: string; logIndex: number }): Uint8Array {
  const { body, integratedTime, logID, logIndex } = entry;
  return ascii(JSON.stringify({ body, integratedTime, logID, logIndex }));
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}
