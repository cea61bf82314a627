import { closeSync, fstatSync, lstatSync, read } from "node:fs";
import type { Boundary } from "./boundary.ts";
import { fileError, refusedFile, throwIfAborted } from "./file-error.ts";
import { createOpener } from "./open-contained.mjs";

/** Unit: bytes. As for hashing: larger reads gained nothing. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * A regular file in chunks; see Host. Opened once, inside the boundary, and looked at again at the end.
 *
 * @throws TouchmarkError `INPUT_MISSING`, `FILE_REFUSED`, `FILE_CHANGED`, `FILE_UNREADABLE`, `OUTSIDE_ROOTS`, `ABORTED`.
 */
export async function* openRead(path: string, boundary: Boundary, signal: AbortSignal): AsyncIterable<Uint8Array> {
  throwIfAborted(signal);
  const absolute = boundary.resolve(path);
  const opener = createOpener(boundary.roots());
  let fd: number;
  try {
    fd = opener.open(absolute);
  } catch (error) {
    throw fileError(error, path);
  } finally {
    opener.close();
  }
  try {
    const before = fstatSync(fd, { bigint: true });
    if (!before.isFile()) throw refusedFile("not-a-file", null, path);
    const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    let length = 0n;
    for (;;) {
      const count = await readInto(fd, chunk);
      throwIfAborted(signal);
      if (count === 0) break;
      length += BigInt(count);
      // A file that grows as fast as it is read would never end.
      if (length > before.size) throw refusedFile("changed", null, path);
      yield chunk.subarray(0, count);
    }
    const after = lstatSync(absolute, { bigint: true });
    const same =
      length === before.size &&
      before.ino === after.ino &&
      before.dev === after.dev &&
      before.size === after.size &&
      before.mtimeNs === after.mtimeNs &&
      before.ctimeNs === after.ctimeNs;
    if (!same) throw refusedFile("changed", null, path);
  } catch (error) {
    const refused = fileError(error, path);
    throw refused.code === "INPUT_MISSING" ? refusedFile("changed", null, path) : refused;
  } finally {
    closeSync(fd);
  }
}

/** @returns how many bytes were read. */
function readInto(fd: number, chunk: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, chunk, 0, chunk.byteLength, null, (error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
