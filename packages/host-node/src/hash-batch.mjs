// @ts-check
// Plain JavaScript, with nothing but node: imports: the hash worker loads this file without a build on every Node.
import { createHash, hash } from "node:crypto";
import { closeSync, fstatSync, lstatSync, readSync } from "node:fs";
import { createOpener, Refusal, refusalOf } from "./open-contained.mjs";

/** @typedef {import("./open-contained.mjs").RefusalReason} RefusalReason */

/**
 * Files that threads share: each takes the next one that nobody has taken.
 *
 * @typedef {object} Batch
 * @property {readonly string[]} paths - absolute.
 * @property {readonly string[]} algorithms - by OpenSSL's names.
 * @property {readonly string[]} roots - absolute, links resolved.
 * @property {number} largeFrom - files of this size or more are set aside, and hashed by nobody. Unit: bytes.
 * @property {SharedArrayBuffer} taken - from createTaken.
 */

/**
 * What one thread did of a batch: hex digests of its first file by each algorithm, then of its second, and so on; or
 * which file was refused, and why.
 *
 * @typedef {{ readonly kind: "hashed", readonly indexes: readonly number[], readonly digests: readonly string[],
 *     readonly large: readonly { readonly index: number, readonly size: number }[] }
 *   | { readonly kind: "refused", readonly index: number, readonly reason: RefusalReason, readonly errno: string | null }} BatchResult
 */

/** Unit: bytes. One read; larger ones gained nothing, Node's 64 KiB lost a third. Smaller files are read in one go. */
const CHUNK_BYTES = 1024 * 1024;

/** Room for what two threads tell each other: stop, files done, bytes done. */
export function createControl() {
  return new SharedArrayBuffer(16);
}

/** Room for how many files of a batch were taken. */
export function createTaken() {
  return new SharedArrayBuffer(4);
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
 * Hashes what nobody else takes of a batch, in this thread and to its end.
 *
 * @param {Batch} batch
 * @param {SharedArrayBuffer} control - from createControl.
 * @returns {BatchResult}
 */
export function hashBatch(batch, control) {
  const lane = createLane(batch, control);
  try {
    return lane.work({ files: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY });
  } finally {
    lane.close();
  }
}

/**
 * One thread's part in a batch: files one after the other; memory is one chunk, however large they are.
 *
 * Each is opened once, and looked at again when it was read: one whose size or times differ is refused as changed, and
 * one that was removed or replaced meanwhile. A small file is looked at through its descriptor, a large one by its path.
 *
 * @param {Batch} batch
 * @param {SharedArrayBuffer} control - from createControl.
 */
export function createLane(batch, control) {
  const opener = createOpener(batch.roots);
  const stopped = new Int32Array(control, 0, 1);
  const filesDone = new Int32Array(control, 4, 1);
  const bytesDone = new BigInt64Array(control, 8, 1);
  const taken = new Int32Array(batch.taken);
  /** Done and not yet told. */
  const untold = { files: 0, bytes: 0 };

  return { work, close: opener.close };

  /**
   * Works until about so much is done or nothing is left.
   *
   * @param {{ readonly files: number, readonly bytes: number }} turn
   * @returns {BatchResult} without any index when nothing was left.
   */
  function work(turn) {
    /** @type {number[]} */
    const indexes = [];
    /** @type {string[]} */
    const digests = [];
    /** @type {{ index: number, size: number }[]} */
    const large = [];
    let bytes = 0;
    let index = 0;
    try {
      while (indexes.length + large.length < turn.files && bytes < turn.bytes) {
        index = Atomics.add(taken, 0, 1);
        const path = batch.paths[index];
        if (path === undefined) break;
        const size = hashFile(path, opener, batch, digests, tick);
        if (size < batch.largeFrom) {
          indexes.push(index);
          bytes += size;
          untold.files += 1;
        } else {
          large.push({ index, size });
        }
      }
      tell();
    } catch (error) {
      const { reason, errno } = refusalOf(error);
      return { kind: "refused", index, reason, errno };
    }
    return { kind: "hashed", indexes, digests, large };
  }

  /** @param {number} bytes */
  function tick(bytes) {
    if (Atomics.load(stopped, 0) !== 0) throw new Refusal("aborted");
    untold.bytes += bytes;
    if (untold.bytes >= CHUNK_BYTES) tell();
  }

  function tell() {
    Atomics.add(bytesDone, 0, BigInt(untold.bytes));
    Atomics.add(filesDone, 0, untold.files);
    untold.bytes = 0;
    untold.files = 0;
  }
}

/**
 * @param {string} path
 * @param {{ open(path: string): number }} opener
 * @param {Pick<Batch, "algorithms" | "largeFrom">} wanted
 * @param {string[]} digests - to which the file's are added, unless it is set aside.
 * @param {(bytes: number) => void} tick
 * @returns the size of the file. Unit: bytes.
 */
function hashFile(path, opener, { algorithms, largeFrom }, digests, tick) {
  const fd = opener.open(path);
  try {
    const before = fstatSync(fd);
    if (!before.isFile()) throw new Refusal("not-a-file");
    const { size } = before;
    if (size >= largeFrom) return size;
    if (size < CHUNK_BYTES) hashSmall(fd, before, algorithms, digests, tick);
    else hashLarge(path, fd, algorithms, digests, tick);
    return size;
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
 * @param {string[]} digests
 * @param {(bytes: number) => void} tick
 */
function hashSmall(fd, before, algorithms, digests, tick) {
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
  for (const algorithm of algorithms) digests.push(hash(algorithm, bytes, "hex"));
}

/**
 * The path is looked at again, not the descriptor: while it names the same inode this says as much of the bytes, and it
 * also says that the name was not given to another file.
 *
 * @param {string} path
 * @param {number} fd
 * @param {readonly string[]} algorithms
 * @param {string[]} digests
 * @param {(bytes: number) => void} tick
 */
function hashLarge(path, fd, algorithms, digests, tick) {
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
  for (const one of hashes) digests.push(one.digest("hex"));
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
