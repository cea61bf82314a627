// @ts-check
// Plain JavaScript, with nothing but node: imports: the hash worker loads this file without a build on every Node.
import { createHash, hash } from "node:crypto";
import { closeSync, fstatSync, lstatSync, readSync } from "node:fs";
import { createOpener, Refusal, refusalOf } from "./open-contained.mjs";

/** @typedef {import("./open-contained.mjs").RefusalReason} RefusalReason */

/**
 * @typedef {object} Batch
 * @property {readonly string[]} paths - absolute.
 * @property {readonly string[]} algorithms - by OpenSSL's names.
 * @property {readonly string[]} roots - absolute, links resolved.
 */

/**
 * Hex digests: of the first file by each algorithm, then of the second, and so on; or which file was refused, and why.
 *
 * @typedef {{ readonly kind: "digests", readonly digests: readonly string[] }
 *   | { readonly kind: "refused", readonly index: number, readonly reason: RefusalReason, readonly errno: string | null }} BatchResult
 */

/** Unit: bytes. One read; larger ones gained nothing, Node's 64 KiB lost a third. Smaller files are read in one go. */
const CHUNK_BYTES = 1024 * 1024;

/** Room for what two threads tell each other: stop, files done, bytes done. */
export function createControl() {
  return new SharedArrayBuffer(16);
}

/** @param {SharedArrayBuffer} control */
export function stop(control) {
  Atomics.store(new Int32Array(control, 0, 1), 0, 1);
}

/** @param {SharedArrayBuffer} control */
export function progressOf(control) {
  return {
    files: Atomics.load(new Int32Array(control, 4, 1), 0),
    bytes: Number(Atomics.load(new BigInt64Array(control, 8, 1), 0)),
  };
}

/** @type {Buffer | null} */
let chunk = null;

/**
 * Hashes files one after the other in this thread; memory is one chunk, however large they are.
 *
 * Each is opened once, and looked at again when it was read: one whose size or times differ is refused as changed, and
 * one that was removed or replaced meanwhile. A small file is looked at through its descriptor, a large one by its path.
 *
 * @param {Batch} batch
 * @param {SharedArrayBuffer} control - from createControl.
 * @returns {BatchResult}
 */
export function hashBatch(batch, control) {
  const opener = createOpener(batch.roots);
  const stopped = new Int32Array(control, 0, 1);
  const filesDone = new Int32Array(control, 4, 1);
  const bytesDone = new BigInt64Array(control, 8, 1);
  /** @type {string[]} */
  const digests = [];
  let index = 0;
  try {
    for (const path of batch.paths) {
      digests.push(...hashFile(path, opener, batch.algorithms, tick));
      Atomics.add(filesDone, 0, 1);
      index += 1;
    }
  } catch (error) {
    const { reason, errno } = refusalOf(error);
    return { kind: "refused", index, reason, errno };
  } finally {
    opener.close();
  }
  return { kind: "digests", digests };

  /** @param {number} bytes */
  function tick(bytes) {
    if (Atomics.load(stopped, 0) !== 0) throw new Refusal("aborted");
    Atomics.add(bytesDone, 0, BigInt(bytes));
  }
}

/**
 * @param {string} path
 * @param {{ open(path: string): number }} opener
 * @param {readonly string[]} algorithms
 * @param {(bytes: number) => void} tick
 */
function hashFile(path, opener, algorithms, tick) {
  const fd = opener.open(path);
  try {
    const before = fstatSync(fd);
    if (!before.isFile()) throw new Refusal("not-a-file");
    return before.size < CHUNK_BYTES ? hashSmall(fd, before, algorithms, tick) : hashLarge(path, fd, algorithms, tick);
  } catch (error) {
    const refusal = refusalOf(error);
    throw refusal.reason === "missing" ? new Refusal("changed", refusal.errno) : refusal;
  } finally {
    closeSync(fd);
  }
}

/**
 * A one-shot hash of a buffer costs half of createHash, update and digest. What took the path of the file in these
 * microseconds, a rename of the open file included, shows in its number of links or in its change time.
 *
 * @param {number} fd
 * @param {import("node:fs").Stats} before
 * @param {readonly string[]} algorithms
 * @param {(bytes: number) => void} tick
 */
function hashSmall(fd, before, algorithms, tick) {
  chunk ??= Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let length = 0;
  while (length < before.size || length === 0) {
    const count = readSync(fd, chunk, length, CHUNK_BYTES - length, null);
    if (count === 0) break;
    length += count;
  }
  const after = fstatSync(fd);
  if (length !== before.size || !isUntouched(before, after)) throw new Refusal("changed");
  tick(length);
  const bytes = chunk.subarray(0, length);
  return algorithms.map((algorithm) => hash(algorithm, bytes, "hex"));
}

/**
 * The path is looked at again, not the descriptor: while it names the same inode this says as much of the bytes, and it
 * also says that the name was not given to another file.
 *
 * @param {string} path
 * @param {number} fd
 * @param {readonly string[]} algorithms
 * @param {(bytes: number) => void} tick
 */
function hashLarge(path, fd, algorithms, tick) {
  chunk ??= Buffer.allocUnsafeSlow(CHUNK_BYTES);
  const before = fstatSync(fd, { bigint: true });
  const hashes = algorithms.map((algorithm) => createHash(algorithm));
  let length = 0;
  for (;;) {
    const count = readSync(fd, chunk, 0, CHUNK_BYTES, null);
    if (count === 0) break;
    length += count;
    // A file that grows as fast as it is read would never end.
    if (length > before.size) throw new Refusal("changed");
    tick(count);
    const bytes = chunk.subarray(0, count);
    for (const one of hashes) one.update(bytes);
  }
  const after = lstatSync(path, { bigint: true });
  if (BigInt(length) !== before.size || !isSame(before, after)) throw new Refusal("changed");
  return hashes.map((one) => one.digest("hex"));
}

/**
 * Of one open file, so that device and inode are the same. The last link goes when the file is removed or another one
 * is renamed over it (stat(2), st_nlink).
 *
 * @param {Pick<import("node:fs").Stats, "size" | "mtimeMs" | "ctimeMs">} before
 * @param {Pick<import("node:fs").Stats, "size" | "mtimeMs" | "ctimeMs" | "nlink">} after
 */
export function isUntouched(before, after) {
  return (
    after.nlink > 0 &&
    before.size === after.size &&
    before.mtimeMs === after.mtimeMs &&
    before.ctimeMs === after.ctimeMs
  );
}

/**
 * @param {import("node:fs").BigIntStats} before
 * @param {import("node:fs").BigIntStats} after
 */
function isSame(before, after) {
  return (
    before.ino === after.ino &&
    before.dev === after.dev &&
    before.size === after.size &&
    before.mtimeNs === after.mtimeNs &&
    before.ctimeNs === after.ctimeNs
  );
}
