// @ts-check
// Plain JavaScript, with nothing but node: imports: the hash worker loads this file without a build on every Node.
import { createHash, hash } from "node:crypto";
import { fstatSync, readSync } from "node:fs";
import { NAR_CLOSE, narFile, narPadding } from "./nar-frames.mjs";
import { Refusal } from "./open-contained.mjs";

/** Unit: bytes. What is hashed at once: frames and small files are gathered until so much is there. */
const CHUNK_BYTES = 1024 * 1024;

/** @type {Buffer | null} */
let chunk = null;

/**
 * Hashes a NAR while it is written; memory is one chunk, however large the files are.
 *
 * @param {(bytes: number) => void} tick - told of contents that were read; may throw.
 */
export function createNarStream(tick) {
  chunk ??= Buffer.allocUnsafeSlow(CHUNK_BYTES);
  const buffer = chunk;
  const whole = createHash("sha256");
  let filled = 0;
  let size = 0;

  return { text, file, end };

  /** @param {string} bytes - a byte string. */
  function text(bytes) {
    if (filled + bytes.length > CHUNK_BYTES) flush();
    filled += buffer.write(bytes, filled, "latin1");
    size += bytes.length;
  }

  /**
   * A file's node. It is looked at again when it was read.
   *
   * @param {number} fd
   * @param {{ readonly size: number, readonly executable: boolean }} expected - as it was listed.
   * @param {boolean} wanted - whether its own digest is.
   * @returns hex SHA-256 of its contents; null where it is not wanted.
   */
  function file(fd, expected, wanted) {
    const before = fstatSync(fd);
    if (!before.isFile()) throw new Refusal("not-a-file");
    if (before.size !== expected.size || isExecutable(before) !== expected.executable) throw new Refusal("changed");
    text(narFile(expected.executable, expected.size));
    const own = expected.size <= CHUNK_BYTES ? small(fd, expected.size, wanted) : large(fd, expected.size, wanted);
    const after = fstatSync(fd);
    const same =
      after.nlink > 0 &&
      after.size === before.size &&
      after.mtimeMs === before.mtimeMs &&
      after.ctimeMs === before.ctimeMs;
    if (!same) throw new Refusal("changed");
    text(narPadding(expected.size) + NAR_CLOSE);
    return own;
  }

  /**
   * @param {number} fd
   * @param {number} length
   * @param {boolean} wanted
   */
  function small(fd, length, wanted) {
    if (filled + length > CHUNK_BYTES) flush();
    const start = filled;
    while (filled < start + length) filled += read(fd, start + length - filled);
    // A one-shot hash costs half of createHash, update and digest.
    return wanted ? hash("sha256", buffer.subarray(start, filled), "hex") : null;
  }

  /**
   * @param {number} fd
   * @param {number} length
   * @param {boolean} wanted
   */
  function large(fd, length, wanted) {
    const own = wanted ? createHash("sha256") : null;
    for (let rest = length; rest > 0; ) {
      if (filled === CHUNK_BYTES) flush();
      const count = read(fd, Math.min(rest, CHUNK_BYTES - filled));
      own?.update(buffer.subarray(filled, filled + count));
      filled += count;
      rest -= count;
    }
    return own?.digest("hex") ?? null;
  }

  /**
   * @param {number} fd
   * @param {number} most
   */
  function read(fd, most) {
    const count = readSync(fd, buffer, filled, most, null);
    if (count === 0) throw new Refusal("changed"); // shorter than it was
    size += count;
    tick(count);
    return count;
  }

  function flush() {
    whole.update(buffer.subarray(0, filled));
    filled = 0;
  }

  function end() {
    flush();
    return { sha256: whole.digest("hex"), size };
  }
}

/**
 * The one permission bit that a NAR has, and that Nix looks at: the owner's.
 *
 * @param {Pick<import("node:fs").Stats, "mode">} stats
 */
export function isExecutable({ mode }) {
  return (mode & 0o100) !== 0;
}
