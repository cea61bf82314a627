import { createHash } from "node:crypto";
import { type DigestSet, TouchmarkError } from "@touchmark/core";
import type { HashAlgorithm, HostFile } from "@touchmark/plugin";
import type { Boundary } from "./boundary.ts";
import { aborted, refusedFile, throwIfAborted } from "./file-error.ts";
import { type BatchResult, createControl, hashBatch, progressOf, stop } from "./hash-batch.mjs";
import type { HashPool } from "./hash-pool.ts";
import { yieldToEvents } from "./yield-to-events.ts";

/** How far hashing has come. */
export interface HashProgress {
  readonly kind: "hash";
  readonly files: number;
  readonly filesTotal: number;
  /** Unit: bytes. */
  readonly bytes: number;
  /** Unit: bytes; sizes as they were when the files were listed. */
  readonly bytesTotal: number;
}

export interface DigestContext {
  readonly boundary: Boundary;
  readonly pool: HashPool;
  readonly signal: AbortSignal;
  readonly onProgress?: (event: HashProgress) => void;
}

/** From this size on a file goes to a worker: it takes as long as starting one, and longer than a picture on the screen. Unit: bytes. */
const LARGE_BYTES = 16 * 1024 * 1024;

/** What one thread hashes before it looks up: some milliseconds of work. */
const BATCH = { files: 256, bytes: 8 * 1024 * 1024 };

/** Batches that a worker takes at once. */
const MAX_WORKER_BATCHES = 8;

/** Measured with a page cache: opening and looking again costs 9 µs a file, SHA-256 1 ms for 1.6 MB. */
const COST = { perFile: 0.009, perByte: 1 / 1_600_000 };

/** Small files that take longer than this in one thread are shared with workers, which need 25 ms to start. Unit: milliseconds. */
const WORTH_SHARING = 60;

/** Unit: milliseconds. */
const PROGRESS_EVERY = 100;

/**
 * Digests of files, in their order, each read once.
 *
 * Small files are hashed in this thread, which yields between batches, and shared with workers when they are many;
 * large files only in workers, so that this thread can show progress and hear an interruption.
 */
export async function digestFiles(
  files: readonly HostFile[],
  algorithms: readonly HashAlgorithm[],
  context: DigestContext,
): Promise<readonly DigestSet[]> {
  throwIfAborted(context.signal);
  if (files.length === 0) return [];
  const names = [...new Set(algorithms)];
  requireAlgorithms(names);
  const work = planOf(files, context);
  const digests = new Array<DigestSet>(files.length);
  const control = createControl();
  const watch = watchOver(control, files, context);
  try {
    const common = { algorithms: names.map(opensslName), roots: context.boundary.roots() };
    await Promise.race([watch.interrupted, Promise.all(work.lanes.map((lane) => drain(lane)))]);
    watch.report();
    return digests;

    async function drain(lane: Lane): Promise<void> {
      for (let indexes = work.next(lane); indexes !== undefined; indexes = work.next(lane)) {
        const paths = indexes.map((index) => context.boundary.resolve(files[index]?.path ?? ""));
        const batch = { ...common, paths };
        keep(indexes, lane === "worker" ? await context.pool.run(batch, control) : hashBatch(batch, control));
        if (lane === "here") await yieldToEvents(context.signal);
      }
    }
  } finally {
    stop(control);
    watch.end();
  }

  function keep(indexes: readonly number[], result: BatchResult): void {
    if (result.kind === "refused") {
      throw refusedFile(result.reason, result.errno, files[indexes[result.index] ?? 0]?.path ?? "a file");
    }
    let at = 0;
    for (const index of indexes) {
      const set: Record<string, string> = {};
      for (const name of names) set[name] = result.digests[at++] ?? "";
      digests[index] = set;
    }
  }
}

type Lane = "here" | "worker";

interface Work {
  readonly lanes: readonly Lane[];
  /** The next files for a lane, by their indexes; undefined when nothing is left for it. */
  next(lane: Lane): readonly number[] | undefined;
}

function planOf(files: readonly HostFile[], { pool }: DigestContext): Work {
  const large: number[] = [];
  const small: number[][] = [];
  let batchBytes = Number.POSITIVE_INFINITY;
  let cost = 0;
  for (const [index, { size }] of files.entries()) {
    if (size >= LARGE_BYTES) {
      large.push(index);
      continue;
    }
    const open = small[small.length - 1];
    if (open === undefined || open.length >= BATCH.files || batchBytes + size > BATCH.bytes) {
      small.push([index]);
      batchBytes = size;
    } else {
      open.push(index);
      batchBytes += size;
    }
    cost += COST.perFile + size * COST.perByte;
  }
  // The largest first, so that no thread starts it when the others are done.
  large.sort((left, right) => (files[right]?.size ?? 0) - (files[left]?.size ?? 0));
  const share = cost > WORTH_SHARING;
  const helpers = share ? Math.min(pool.size - 1, small.length - 1) : 0;
  const workers = Math.min(pool.size, large.length + helpers);
  const alone = small.length > 0 ? (["here"] as const) : [];
  return {
    lanes: [...alone, ...Array.from({ length: workers }, () => "worker" as const)],
    next: (lane) => {
      if (lane === "here") return small.shift();
      const index = large.shift();
      if (index !== undefined) return [index];
      if (!share || small.length === 0) return undefined;
      // A worker's answer waits until this thread looks up: so it takes several batches, and few when few are left.
      return small.splice(0, Math.min(MAX_WORKER_BATCHES, Math.ceil(small.length / (2 * workers + 2)))).flat();
    },
  };
}

/** Tells how far it is, now and then, and rejects when the user interrupts. */
function watchOver(control: SharedArrayBuffer, files: readonly HostFile[], { signal, onProgress }: DigestContext) {
  const bytesTotal = files.reduce((sum, file) => sum + file.size, 0);
  const report = () => onProgress?.({ kind: "hash", ...progressOf(control), filesTotal: files.length, bytesTotal });
  const timer = onProgress === undefined ? undefined : setInterval(report, PROGRESS_EVERY);
  let interrupt: () => void = () => {};
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = () => {
      stop(control);
      reject(aborted());
    };
  });
  signal.addEventListener("abort", interrupt, { once: true });
  return {
    interrupted,
    report,
    end: () => {
      clearInterval(timer);
      signal.removeEventListener("abort", interrupt);
    },
  };
}

/** OpenSSL's name of an algorithm: https://docs.openssl.org/3.0/man1/openssl-dgst/ */
function opensslName(algorithm: HashAlgorithm): string {
  if (algorithm === "blake2b") return "blake2b512";
  if (algorithm === "blake2s") return "blake2s256";
  return algorithm.replace("_", "-");
}

/** OpenSSL in FIPS mode has no MD5, SM3 or BLAKE2. */
function requireAlgorithms(algorithms: readonly HashAlgorithm[]): void {
  for (const algorithm of algorithms) {
    try {
      createHash(opensslName(algorithm));
    } catch (cause) {
      throw new TouchmarkError("INTERNAL", `this machine's OpenSSL cannot compute ${algorithm}`, {
        expected: "an OpenSSL with that algorithm",
        actual: "one that refuses it",
        cause,
      });
    }
  }
}
