// @ts-check
// Plain JavaScript, with nothing but node: imports: the hash worker loads this file without a build on every Node.
import { createHash } from "node:crypto";

/** Unit: bytes. What is hashed at once: 0.5 ms, or 5 on a processor without instructions for SHA-256. */
export const CHUNK_BYTES = 1024 * 1024;

/** One is filled while others wait. More of them gained nothing. */
const CHUNKS = 4;

/** Before the chunks: how many of them were hashed since the beginning, and at the end the digest. */
const DIGEST_AT = 64;
const DIGEST_BYTES = 32;
const CHUNKS_AT = 4096;

/**
 * Where bytes go to be hashed. The first `length` bytes of `first`, or of the chunk that `hand` gave last, are taken over
 * by `hand`, which gives the chunk to fill next; `digest`, in hex, ends it.
 *
 * @typedef {{ readonly first: Buffer, hand(length: number): Buffer, digest(): string }} HashSink
 */

/**
 * What the thread that reads tells the one that hashes: the next chunk has so many bytes. Null: there are no more.
 *
 * @typedef {{ readonly kind: "chunk", readonly length: number | null }} FilledChunk
 */

/**
 * Memory between two threads: one reads files into its chunks, the other hashes them in that order. One digest is
 * computed by one thread, but opening and reading many files takes longer than hashing them.
 */
export function createRing() {
  return new SharedArrayBuffer(CHUNKS_AT + CHUNKS * CHUNK_BYTES);
}

/**
 * The thread that hashes: it never waits.
 *
 * @param {SharedArrayBuffer} ring - that nobody else uses.
 */
export function createRingHash(ring) {
  const hashed = new Int32Array(ring, 0, 1);
  Atomics.store(hashed, 0, 0);
  const whole = createHash("sha256");

  /** @param {FilledChunk} filled - in the order in which they were told. */
  return ({ length }) => {
    if (length === null) whole.digest().copy(Buffer.from(ring, DIGEST_AT, DIGEST_BYTES));
    else whole.update(chunkOf(ring, Atomics.load(hashed, 0)).subarray(0, length));
    Atomics.add(hashed, 0, 1);
    Atomics.notify(hashed, 0);
  };
}

/**
 * The thread that reads: it waits while all chunks are full.
 *
 * @param {SharedArrayBuffer} ring - for which another thread has a createRingHash.
 * @param {(filled: FilledChunk) => void} tell - brings it to that thread.
 * @returns {HashSink}
 */
export function hashElsewhere(ring, tell) {
  const hashed = new Int32Array(ring, 0, 1);
  let filled = 0;
  return { first: chunkOf(ring, 0), hand, digest };

  /** @param {number} length */
  function hand(length) {
    next(length);
    waitUntilHashed(filled - CHUNKS + 1);
    return chunkOf(ring, filled);
  }

  function digest() {
    next(null);
    waitUntilHashed(filled);
    return Buffer.from(ring, DIGEST_AT, DIGEST_BYTES).toString("hex");
  }

  /** @param {number | null} length */
  function next(length) {
    tell({ kind: "chunk", length });
    filled += 1;
  }

  /** @param {number} chunks */
  function waitUntilHashed(chunks) {
    for (let seen = Atomics.load(hashed, 0); seen < chunks; seen = Atomics.load(hashed, 0)) {
      Atomics.wait(hashed, 0, seen);
    }
  }
}

/** @type {Buffer | null} */
let own = null;

/** @returns {HashSink} one that hashes in this thread. */
export function hashHere() {
  own ??= Buffer.allocUnsafeSlow(CHUNK_BYTES);
  const chunk = own;
  const whole = createHash("sha256");
  return { first: chunk, hand, digest: () => whole.digest("hex") };

  /** @param {number} length */
  function hand(length) {
    whole.update(chunk.subarray(0, length));
    return chunk;
  }
}

/**
 * @param {SharedArrayBuffer} ring
 * @param {number} index - since the beginning.
 */
function chunkOf(ring, index) {
  return Buffer.from(ring, CHUNKS_AT + (index % CHUNKS) * CHUNK_BYTES, CHUNK_BYTES);
}
