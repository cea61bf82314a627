// @ts-check
// Plain JavaScript, with nothing but node: imports: the hash worker loads this file without a build on every Node.
import { closeSync, constants, lstatSync, openSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";

/** @typedef {"missing" | "outside" | "link" | "not-a-file" | "unreadable" | "changed" | "aborted"} RefusalReason */

/** Why a file was not opened or not hashed; the main thread makes a TouchmarkError of it. */
export class Refusal extends Error {
  /**
   * @param {RefusalReason} reason
   * @param {string | null} errno - such as "EACCES"; null when no system call failed.
   */
  constructor(reason, errno = null) {
    super(reason);
    /** @readonly */
    this.reason = reason;
    /** @readonly */
    this.errno = errno;
  }
}

/**
 * True when a path is a root or lies below one.
 *
 * @param {string} path - absolute, links resolved.
 * @param {readonly string[]} roots - absolute, links resolved.
 */
export function isInside(path, roots) {
  return roots.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep));
}

/**
 * Opens files for reading that lie inside roots. The last segment is never followed when it is a link, and opening
 * never waits for the other end of a FIFO.
 *
 * On Linux a folder is opened once, its true place is asked of the kernel, and its files are opened through that
 * descriptor: a folder that is swapped for a link meanwhile changes nothing. Elsewhere each folder is resolved before
 * each file.
 *
 * @param {readonly string[]} roots - absolute, links resolved.
 * @param {"utf8" | "latin1"} encoding - of paths and roots; latin1: byte strings, which can say any name.
 * @returns {{ open(path: string): number, close(): void }} `open` throws Refusal and returns a descriptor that may
 * still be anything but a link; `close` releases the folder.
 */
export function createOpener(roots, encoding = "utf8") {
  /** @type {{ prefix: string, real: string, fd: number, inside: boolean } | null} */
  let folder = null;

  /** @param {string} asked */
  function open(asked) {
    // Most files lie in the folder of the one before; dirname() and basename() of 20,000 paths take 20 ms.
    let name = folder === null ? null : nameIn(folder.prefix, asked);
    if (folder === null || name === null) {
      close();
      const parent = dirname(asked);
      name = basename(asked);
      const { real, fd } = openFolder(parent, encoding);
      folder = { prefix: parent.endsWith(sep) ? parent : parent + sep, real, fd, inside: isInside(real, roots) };
    }
    // A root may be a file: then its folder lies outside, and it alone may be opened.
    if (!folder.inside && !isInside(join(folder.real, name), roots)) throw new Refusal("outside");
    const path = folder.fd === NO_DESCRIPTOR ? join(folder.real, name) : `${DESCRIPTORS}/${folder.fd}/${name}`;
    return openFinal(systemPath(path, encoding));
  }

  function close() {
    if (folder !== null && folder.fd !== NO_DESCRIPTOR) closeSync(folder.fd);
    folder = null;
  }

  return { open, close };
}

const NO_DESCRIPTOR = -1;
const DESCRIPTORS = descriptorsOfThisProcess();
/** Absent on Windows, where lstat has to do. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NO_WAIT = constants.O_NONBLOCK ?? 0;

/** proc(5): where Linux shows what this process has open; null elsewhere. `/proc/self` is a link, one more for each file. */
function descriptorsOfThisProcess() {
  if (process.platform !== "linux") return null;
  try {
    return `/proc/${readlinkSync("/proc/self")}/fd`;
  } catch {
    return null;
  }
}

/**
 * The rest of a path that is one segment below a prefix, null for any other path.
 *
 * @param {string} prefix - ends with a separator.
 * @param {string} path
 */
function nameIn(prefix, path) {
  return path.startsWith(prefix) && path.indexOf(sep, prefix.length) === -1 ? path.slice(prefix.length) : null;
}

/**
 * A path as the system takes it: byte strings become bytes where they differ from UTF-8.
 *
 * @param {string} path
 * @param {"utf8" | "latin1"} encoding
 */
export function systemPath(path, encoding) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what both encodings share
  return encoding === "utf8" || /^[\x00-\x7f]*$/.test(path) ? path : Buffer.from(path, encoding);
}

/**
 * @param {string} path
 * @param {"utf8" | "latin1"} encoding
 */
function openFolder(path, encoding) {
  if (DESCRIPTORS !== null) {
    try {
      const fd = openSync(systemPath(path, encoding), constants.O_RDONLY | constants.O_DIRECTORY);
      return { real: readlinkSync(`${DESCRIPTORS}/${fd}`, { encoding }), fd };
    } catch (error) {
      // A folder that may be searched but not read (--x) cannot be opened; its files can.
      if (codeOf(error) !== "EACCES") throw refusalOf(error);
    }
  }
  try {
    return { real: realpathSync.native(systemPath(path, encoding), { encoding }), fd: NO_DESCRIPTOR };
  } catch (error) {
    throw refusalOf(error);
  }
}

/** @param {string | Buffer} path */
function openFinal(path) {
  try {
    if (NO_FOLLOW === 0 && lstatSync(path).isSymbolicLink()) throw new Refusal("link");
    return openSync(path, constants.O_RDONLY | NO_FOLLOW | NO_WAIT);
  } catch (error) {
    throw refusalOf(error);
  }
}

/**
 * What a failed system call says about a file.
 *
 * @param {unknown} error
 * @returns {Refusal}
 * @throws whatever is not about the file: a mistake of ours must not read as a bad disk.
 */
export function refusalOf(error) {
  if (error instanceof Refusal) return error;
  const code = codeOf(error);
  if (code === null) throw error;
  // open(2): ELOOP is what O_NOFOLLOW answers for a link (EMLINK on FreeBSD); ENXIO a socket or a device without driver.
  if (code === "ELOOP" || code === "EMLINK") return new Refusal("link", code);
  if (code === "ENXIO" || code === "EISDIR") return new Refusal("not-a-file", code);
  if (code === "ENOENT" || code === "ENOTDIR") return new Refusal("missing", code);
  return new Refusal("unreadable", code);
}

/**
 * The name of a system error, such as "EACCES"; Node's own start with "ERR_".
 *
 * @param {unknown} error
 */
function codeOf(error) {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : null;
}
