import { createHash } from "node:crypto";
import { type DigestSet, TouchmarkError } from "@touchmark/core";
import type { HashAlgorithm, HostFile } from "@touchmark/plugin";
import type { Boundary } from "./boundary.ts";
import { aborted, refusedFile, throwIfAborted } from "./file-error.ts";
import {
  type Batch,
  type BatchResult,
  createControl,
  createLane,
  createTaken,
  progressOf,
  stop,
} from "./hash-batch.mjs";
import type { HashPool } from "./hash-pool.ts";
import { yieldToEvents } from "./yield-to-events.ts";

/** How far hashing has come. */
export interface HashProgress {
  readonly kind: "hash";
  readonly files: number;
  readonly filesTotal: number;
  /** Unit: bytes. */
  readonly bytes: number;
  /** Unit: bytes; sizes as they were when this began. */
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

/** What this thread hashes before it looks up: some milliseconds of work. */
const TURN = { files: 256, bytes: 8 * 1024 * 1024 };

/** Measured with a page cache: opening and looking again costs 9 µs a file, SHA-256 1 ms for 1.6 MB. */
const COST = { perFile: 0.009, perByte: 1 / 1_600_000 };

/** Small files are shared with one more thread for each time that this goes into their cost: it needs 25 ms to start. Unit: milliseconds. */
const WORTH_SHARING = 60;

/** Unit: milliseconds. */
const PROGRESS_EVERY = 100;

/**
 * Digests of files, in their order, each read once.
 *
 * Small files are hashed in this thread, which yields between turns, and shared with workers when they are many; large
 * files only in workers, so that this thread can show progress and hear an interruption. Which is which shows when they
 * are opened.
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
  const { boundary, pool, signal } = context;
  const paths = files.map((file) => boundary.resolve(file.path));
  const common = { algorithms: names.map(opensslName), roots: boundary.roots() };
  const digests = new Array<DigestSet>(files.length);
  const control = createControl();
  const watch = watchOver(control, files, context);
  const elsewhere: Promise<void>[] = [];
  try {
    await Promise.race([watch.failed, hashAll()]);
    watch.report();
    return digests;
  } finally {
    stop(control);
    watch.end();
  }

  async function hashAll(): Promise<void> {
    const all = { ...common, paths, largeFrom: LARGE_BYTES, taken: createTaken() };
    const lane = createLane(all, control);
    let helpers = 0;
    try {
      for (let result = lane.work(TURN); ; result = lane.work(TURN)) {
        keep(result, (index) => index);
        if (result.kind === "hashed" && result.indexes.length + result.large.length === 0) break;
        const wanted = helpersFor(files.length, control, pool);
        for (; helpers < wanted; helpers += 1) hashElsewhere(all, (index) => index);
        await yieldToEvents(signal);
      }
    } finally {
      lane.close();
    }
    // Grows meanwhile: what a worker sets aside is hashed next.
    for (const one of elsewhere) await one;
  }

  function hashElsewhere(batch: Batch, fileOf: (index: number) => number): void {
    const one = pool.run(batch, control).then((result) => keep(result, fileOf));
    one.catch(watch.fail);
    elsewhere.push(one);
  }

  function keep(result: BatchResult, fileOf: (index: number) => number): void {
    if (result.kind === "refused") {
      throw refusedFile(result.reason, result.errno, files[fileOf(result.index)]?.path ?? "a file");
    }
    let at = 0;
    for (const index of result.indexes) {
      const set: Record<string, string> = {};
      for (const name of names) set[name] = result.digests[at++] ?? "";
      digests[fileOf(index)] = set;
    }
    // The largest first, so that no thread starts it when the others are done.
    for (const { index } of [...result.large].sort((left, right) => right.size - left.size)) {
      const one = { ...common, paths: [paths[index] ?? ""], largeFrom: Number.POSITIVE_INFINITY, taken: createTaken() };
      hashElsewhere(one, () => index);
    }
  }
}

/** How many threads beside this one are worth it for what is left, if the rest is like what was hashed by now. */
function helpersFor(filesTotal: number, control: SharedArrayBuffer, pool: HashPool): number {
  const { files, bytes } = progressOf(control);
  const cost = COST.perFile + (files === 0 ? 0 : bytes / files) * COST.perByte;
  return Math.min(pool.size - 1, Math.floor(((filesTotal - files) * cost) / WORTH_SHARING));
}

/** Tells how far it is, now and then, and fails when the user interrupts or something else goes wrong meanwhile. */
function watchOver(control: SharedArrayBuffer, files: readonly HostFile[], { signal, onProgress }: DigestContext) {
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const interrupt = () => {
    stop(control);
    fail(aborted());
  };
  let bytesTotal: number | null = null;
  const report = () => {
    if (onProgress === undefined) return;
    bytesTotal ??= files.reduce((sum, file) => sum + file.size, 0);
    onProgress({ kind: "hash", ...progressOf(control), filesTotal: files.length, bytesTotal });
  };
  const look = () => {
    try {
      report();
    } catch (error) {
      fail(error); // a file whose size is looked up now is gone
    }
  };
  const timer = onProgress === undefined ? undefined : setInterval(look, PROGRESS_EVERY);
  signal.addEventListener("abort", interrupt, { once: true });
  return {
    failed,
    fail,
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
