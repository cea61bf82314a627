import { closeSync, fstatSync, readSync } from "node:fs";
import { TouchmarkError } from "@touchmark/core";
import type { Boundary } from "./boundary.ts";
import { fileError, refusedFile } from "./file-error.ts";
import { createOpener } from "./open-contained.mjs";

/**
 * The bytes of a regular file inside the boundary.
 *
 * @param max - bytes; a larger file is refused by its size before anything is read, and one that grows meanwhile after `max`.
 * @throws TouchmarkError `INPUT_TOO_LARGE`, `INPUT_MISSING`, `FILE_REFUSED`, `FILE_CHANGED`, `FILE_UNREADABLE`, `OUTSIDE_ROOTS`.
 */
export function readBytes(path: string, max: number, boundary: Boundary): Uint8Array {
  const absolute = boundary.resolve(path);
  const opener = createOpener(boundary.roots());
  try {
    const fd = opener.open(absolute);
    try {
      return readOpen(fd, path, max);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw fileError(error, path);
  } finally {
    opener.close();
  }
}

function readOpen(fd: number, path: string, max: number): Uint8Array {
  const before = fstatSync(fd);
  if (!before.isFile()) throw refusedFile("not-a-file", null, path);
  if (before.size > max) {
    throw new TouchmarkError("INPUT_TOO_LARGE", `${path} is too large to read`, {
      expected: `at most ${max} bytes`,
      actual: `${before.size} bytes`,
    });
  }
  // One byte more than the file has: when it is filled, somebody is writing.
  const buffer = Buffer.allocUnsafeSlow(before.size + 1);
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(fd, buffer, length, buffer.length - length, null);
    if (count === 0) break;
    length += count;
  }
  if (length !== before.size) throw refusedFile("changed", null, path);
  return new Uint8Array(buffer.buffer, 0, length);
}
