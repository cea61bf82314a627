// @ts-check
// Plain JavaScript, with nothing but node: imports: the hash worker loads this file without a build on every Node.
//
// What stands between the contents of files in a Nix archive: https://nix.dev/manual/nix/2.33/protocols/nix-archive
// Byte strings throughout: one UTF-16 code unit, below 256, for each byte ("latin1" in Node).

/**
 * `str(s) = int(|s|), pad(s)` of the format.
 *
 * @param {string} bytes
 */
function narString(bytes) {
  return narLength(bytes.length) + bytes + narPadding(bytes.length);
}

/**
 * `int(n)`: 64 bits, little endian.
 *
 * @param {number} length - below 2^53.
 */
function narLength(length) {
  return word(length % 2 ** 32) + word(Math.floor(length / 2 ** 32));
}

/** 32 bits, little endian. @param {number} value */
function word(value) {
  return String.fromCharCode(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}

/**
 * Zeros up to a multiple of 8 bytes.
 *
 * @param {number} length
 */
export function narPadding(length) {
  return "\0".repeat((8 - (length % 8)) % 8);
}

export const NAR_MAGIC = narString("nix-archive-1");

const NODE = narString("(") + narString("type");

/** Before the contents of a file, which `narPadding` of their size and `NAR_CLOSE` follow. */
const REGULAR = NODE + narString("regular") + narString("contents");
const EXECUTABLE = NODE + narString("regular") + narString("executable") + narString("") + narString("contents");

/**
 * @param {boolean} executable
 * @param {number} size - bytes of the contents.
 */
export function narFile(executable, size) {
  return (executable ? EXECUTABLE : REGULAR) + narLength(size);
}

/** A whole link. @param {string} target */
export function narLink(target) {
  return NODE + narString("symlink") + narString("target") + narString(target) + NAR_CLOSE;
}

/** Before the entries of a folder, which are sorted by their bytes; `NAR_CLOSE` ends it. */
export const NAR_FOLDER = NODE + narString("directory");

const ENTRY = narString("entry") + narString("(") + narString("name");
const ENTRY_NODE = narString("node");

/** Before the node of an entry; `NAR_CLOSE` ends the entry after it. @param {string} name */
export function narEntry(name) {
  return ENTRY + narString(name) + ENTRY_NODE;
}

/** Ends a file, a folder or an entry. */
export const NAR_CLOSE = narString(")");
