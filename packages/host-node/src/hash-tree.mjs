// @ts-check
// Plain JavaScript, with nothing but node: imports: the hash worker loads this file without a build on every Node.
import { closeSync, readlinkSync } from "node:fs";
import { CHUNK_BYTES, hashElsewhere, hashHere } from "./chunk-ring.mjs";
import { NAR_CLOSE, NAR_FOLDER, NAR_MAGIC, narEntry, narLink } from "./nar-frames.mjs";
import { createNarStream } from "./nar-stream.mjs";
import { createOpener, Refusal, refusalOf, systemPath } from "./open-contained.mjs";
import { below, requireUnchanged, surveyTree, TooMany } from "./survey-tree.mjs";

/** @typedef {import("./chunk-ring.mjs").FilledChunk} FilledChunk */
/** @typedef {import("./open-contained.mjs").RefusalReason} RefusalReason */
/** @typedef {import("./survey-tree.mjs").TreeNode} TreeNode */

/**
 * @typedef {object} TreeTask
 * @property {string} root - a byte string: absolute, links in its folders resolved.
 * @property {boolean | "plain"} files - whether the digest of each file is wanted; see Host.digestTree.
 * @property {number} maxEntries
 * @property {SharedArrayBuffer | null} ring - behind it another thread hashes; null when none is free for that.
 */

/**
 * A file's name is its path below the root, a byte string; empty for the root itself.
 *
 * @typedef {{ readonly name: string, readonly size: number, readonly executable: boolean, readonly sha256: string }} TreeFile
 */

/**
 * @typedef {{ readonly kind: "digested", readonly root: "file" | "folder" | "link", readonly narSha256: string,
 *     readonly narSize: number, readonly files: readonly TreeFile[] | null, readonly links: number }
 *   | { readonly kind: "refused", readonly path: string, readonly reason: RefusalReason | "too-many", readonly errno: string | null }} TreeResult
 */

/** Room for what two threads tell each other: as createControl, and behind it how much there is in all. */
export function createTreeControl() {
  return new SharedArrayBuffer(32);
}

/** @param {SharedArrayBuffer} control */
export function totalsOf(control) {
  return {
    filesTotal: Atomics.load(new Int32Array(control, 16, 1), 0),
    bytesTotal: Number(Atomics.load(new BigInt64Array(control, 24, 1), 0)),
  };
}

/**
 * Hashes the NAR serialisation of a tree in one pass over the contents. With a ring this thread only reads, unless there
 * is little.
 *
 * @param {TreeTask} task
 * @param {SharedArrayBuffer} control - from createTreeControl.
 * @param {(filled: FilledChunk) => void} tell - brings it to the thread that hashes.
 * @returns {TreeResult}
 */
export function hashTree({ root, files: wanted, maxEntries, ring }, control, tell) {
  const stopped = new Int32Array(control, 0, 1);
  const filesDone = new Int32Array(control, 4, 1);
  const bytesDone = new BigInt64Array(control, 8, 1);
  // Nothing below the root is reached through a folder that a link took the place of.
  const opener = createOpener([root], "latin1");
  let place = root;
  try {
    const survey = surveyTree(root, maxEntries, at);
    Atomics.store(new BigInt64Array(control, 24, 1), 0, BigInt(survey.bytes));
    Atomics.store(new Int32Array(control, 16, 1), 0, survey.files);
    /** @type {TreeFile[] | null} */
    const files = (wanted === "plain" ? survey.plain : wanted) ? [] : null;
    const sink = ring === null || survey.bytes < CHUNK_BYTES ? hashHere() : hashElsewhere(ring, tell);
    const stream = createNarStream(sink, tick);
    stream.text(NAR_MAGIC);
    write(survey.tree, root, "");
    requireUnchanged(survey.tree, root, at);
    const { sha256, size } = stream.end();
    return { kind: "digested", root: survey.tree.kind, narSha256: sha256, narSize: size, files, links: survey.links };

    /**
     * @param {TreeNode} node
     * @param {string} path
     * @param {string} name - below the root; empty for the root and where names are not wanted.
     */
    function write(node, path, name) {
      at(path);
      switch (node.kind) {
        case "file":
          file(node, path, name);
          Atomics.add(filesDone, 0, 1);
          return;
        case "link":
          stream.text(narLink(targetOf(path)));
          return;
        case "folder":
          stream.text(NAR_FOLDER);
          for (const child of node.children) {
            stream.text(narEntry(child.name));
            write(child, below(path, child.name), files === null ? "" : nameBelow(name, child.name));
            stream.text(NAR_CLOSE);
          }
          stream.text(NAR_CLOSE);
      }
    }

    /**
     * @param {import("./survey-tree.mjs").FileNode} node
     * @param {string} path
     * @param {string} name
     */
    function file(node, path, name) {
      changedWhenMissing(() => {
        const fd = opener.open(path);
        try {
          const sha256 = stream.file(fd, node, files !== null);
          if (sha256 !== null) files?.push({ name, size: node.size, executable: node.executable, sha256 });
        } finally {
          closeSync(fd);
        }
      });
    }
  } catch (error) {
    if (error instanceof TooMany) return { kind: "refused", path: place, reason: "too-many", errno: null };
    const { reason, errno } = refusalOf(error);
    return { kind: "refused", path: place, reason, errno };
  } finally {
    opener.close();
  }

  /** @param {string} path */
  function at(path) {
    place = path;
    if (Atomics.load(stopped, 0) !== 0) throw new Refusal("aborted");
  }

  /** @param {number} bytes */
  function tick(bytes) {
    if (Atomics.load(stopped, 0) !== 0) throw new Refusal("aborted");
    Atomics.add(bytesDone, 0, BigInt(bytes));
  }
}

/**
 * @param {string} folder
 * @param {string} name
 */
function nameBelow(folder, name) {
  return folder === "" ? name : `${folder}/${name}`;
}

/** @param {string} path */
function targetOf(path) {
  return changedWhenMissing(() => readlinkSync(systemPath(path, "latin1"), { encoding: "latin1" }));
}

/**
 * What was there when the tree was surveyed and is something else now has changed.
 *
 * @template T
 * @param {() => T} use
 * @returns {T}
 */
function changedWhenMissing(use) {
  try {
    return use();
  } catch (error) {
    const refusal = refusalOf(error);
    // EINVAL is what readlink(2) answers for anything but a link.
    const gone = ["missing", "link", "not-a-file", "outside"].includes(refusal.reason) || refusal.errno === "EINVAL";
    throw gone ? new Refusal("changed", refusal.errno) : refusal;
  }
}
