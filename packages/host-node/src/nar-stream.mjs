// @ts-check
// Plain JavaScript, with nothing but node: imports: the hash worker loads this file without a build on every Node.
import { createHash, hash } from "node:crypto";
import { fstatSync, readSync } from "node:fs";
import { CHUNK_BYTES } from "./chunk-ring.mjs";
import { NAR_CLOSE, narFile, narPadding } from "./nar-frames.mjs";
import { Refusal } from "./open-contained.mjs";

/** Unit: bytes; with a name or a target, which are shorter than a path, below a chunk. */
const MANY_FRAMES = 64 * 1024;

/** A regular file as lstat(2) saw it. @typedef {{ readonly size: number, readonly executable: boolean, readonly ino: number, readonly mtimeMs: number, readonly ctimeMs: number }} SurveyedFile */

/**
 * Writes a NAR: frames and small files are gathered until a chunk is full.
 *
 * @param {import("./chunk-ring.mjs").HashSink} sink
 * @param {(bytes: number) => void} tick - told of contents that were read; may throw.
 */
export function createNarStream(sink, tick) {
  let buffer = sink.first;
  let filled = 0;
  let size = 0;
  /** Goes to the chunk before the next contents: one write instead of one for each frame. */
  let frames = "";

  return { text, file, end };

  /** @param {string} bytes - a byte string. */
  function text(bytes) {
    frames += bytes;
    if (frames.length > MANY_FRAMES) writeFrames();
  }

  function writeFrames() {
    if (filled + frames.length > CHUNK_BYTES) flush();
    filled += buffer.write(frames, filled, "latin1");
    size += frames.length;
    frames = "";
  }

  /**
   * A file's node. It is looked at when it was read, and must be the file that was surveyed: the last change shows in its
   * times, and its last link goes when another file takes its name.
   *
   * @param {number} fd
   * @param {SurveyedFile} surveyed
   * @param {boolean} wanted - whether its own digest is.
   * @returns hex SHA-256 of its contents; null where it is not wanted.
   */
  function file(fd, surveyed, wanted) {
    const { size: length, executable } = surveyed;
    text(narFile(executable, length));
    writeFrames();
    const own = length <= CHUNK_BYTES ? small(fd, length, wanted) : large(fd, length, wanted);
    const stats = fstatSync(fd);
    const same =
      stats.nlink > 0 &&
      stats.size === length &&
      stats.ino === surveyed.ino &&
      stats.mtimeMs === surveyed.mtimeMs &&
      stats.ctimeMs === surveyed.ctimeMs;
    if (!same) throw new Refusal("changed");
    text(narPadding(length) + NAR_CLOSE);
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
    buffer = sink.hand(filled);
    filled = 0;
  }

  function end() {
    writeFrames();
    flush();
    return { sha256: sink.digest(), size };
  }
}
