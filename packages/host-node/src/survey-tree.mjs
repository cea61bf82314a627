// @ts-check
// Plain JavaScript, with nothing but node: imports: the hash worker loads this file without a build on every Node.
import { isUtf8 } from "node:buffer";
import { lstatSync, readdirSync } from "node:fs";
import { sep } from "node:path";
import { Refusal, refusalOf, systemPath } from "./open-contained.mjs";

/**
 * What stands at a place of a tree. Names are byte strings, since a NAR holds bytes and not every name is UTF-8.
 *
 * @typedef {{ readonly kind: "file", readonly name: string } & import("./nar-stream.mjs").SurveyedFile} FileNode
 * @typedef {{ readonly kind: "link", readonly name: string }} LinkNode
 * @typedef {{ readonly kind: "folder", readonly name: string, readonly stamp: string, readonly children: readonly TreeNode[] }} FolderNode
 * @typedef {FileNode | LinkNode | FolderNode} TreeNode
 */

/**
 * @typedef {object} Survey
 * @property {TreeNode} tree
 * @property {number} files
 * @property {number} bytes - of all files.
 * @property {number} links
 * @property {boolean} plain - a folder without links and executables, with every name in UTF-8.
 */

/** More entries than wanted. */
export class TooMany extends Error {}

/**
 * Looks at everything in a tree before anything is read: what cannot be in a NAR is refused early, and the size is known.
 * Links are not followed. Entries are in the order of a NAR: by the bytes of their names.
 *
 * @param {string} root - a byte string: absolute, links in its folders resolved.
 * @param {number} maxEntries
 * @param {(path: string) => void} at - told of each path before it is looked at; may throw.
 * @returns {Survey}
 * @throws Refusal, TooMany.
 */
export function surveyTree(root, maxEntries, at) {
  const found = { files: 0, bytes: 0, links: 0, executables: 0, entries: 0, badlyNamed: 0 };
  const tree = look(root, "");
  const plain = tree.kind === "folder" && found.links + found.executables + found.badlyNamed === 0;
  return { tree, files: found.files, bytes: found.bytes, links: found.links, plain };

  /**
   * @param {string} path
   * @param {string} name
   * @returns {TreeNode}
   */
  function look(path, name) {
    at(path);
    const stats = lookAt(path, path === root ? "missing" : "changed");
    if (stats.isSymbolicLink()) {
      found.links += 1;
      return { kind: "link", name };
    }
    if (stats.isFile()) {
      const { size, ino, mtimeMs, ctimeMs, mode } = stats;
      // The one permission bit that a NAR has, and that Nix looks at: the owner's.
      const executable = (mode & 0o100) !== 0;
      found.files += 1;
      found.bytes += size;
      if (executable) found.executables += 1;
      return { kind: "file", name, size, executable, ino, mtimeMs, ctimeMs };
    }
    if (!stats.isDirectory()) throw new Refusal("not-a-file");
    return { kind: "folder", name, stamp: stampOf(stats), children: childrenOf(path) };
  }

  /** @param {string} path */
  function childrenOf(path) {
    const names = namesIn(path);
    found.entries += names.length;
    if (found.entries > maxEntries) throw new TooMany();
    // Each code unit is a byte, so that this is the order of strcmp.
    return names.sort().map((name) => {
      const bytes = systemPath(name, "latin1");
      if (typeof bytes !== "string" && !isUtf8(bytes)) found.badlyNamed += 1;
      return look(below(path, name), name);
    });
  }
}

/**
 * Refuses a tree in which a folder is not what it was when it was surveyed: something was added, removed or renamed.
 *
 * @param {TreeNode} tree
 * @param {string} path
 * @param {(path: string) => void} at
 */
export function requireUnchanged(tree, path, at) {
  if (tree.kind !== "folder") return;
  at(path);
  if (stampOf(lookAt(path, "changed")) !== tree.stamp) throw new Refusal("changed");
  for (const child of tree.children) if (child.kind === "folder") requireUnchanged(child, below(path, child.name), at);
}

/**
 * @param {string} folder
 * @param {string} name
 */
export function below(folder, name) {
  return folder.endsWith(sep) ? folder + name : folder + sep + name;
}

/**
 * @param {string} path
 * @param {"missing" | "changed"} whenGone
 */
function lookAt(path, whenGone) {
  try {
    return lstatSync(systemPath(path, "latin1"));
  } catch (error) {
    const refusal = refusalOf(error);
    throw refusal.reason === "missing" ? new Refusal(whenGone, refusal.errno) : refusal;
  }
}

/** @param {string} folder */
function namesIn(folder) {
  try {
    return readdirSync(systemPath(folder, "latin1"), { encoding: "latin1" });
  } catch (error) {
    const refusal = refusalOf(error);
    throw refusal.reason === "missing" ? new Refusal("changed", refusal.errno) : refusal;
  }
}

/** Changes with the list of names, and when another folder takes its place. @param {import("node:fs").Stats} stats */
function stampOf({ dev, ino, mtimeMs, ctimeMs }) {
  return `${dev} ${ino} ${mtimeMs} ${ctimeMs}`;
}
