import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { TouchmarkError } from "@touchmark/core";

/**
 * Reads a file that the user named by a flag: a key, a bundle, a subjects file.
 *
 * @param max - bytes; a larger file is refused before it is read.
 * @param shown - what messages call it.
 * @throws TouchmarkError `INPUT_MISSING`, `FILE_REFUSED`, `INPUT_TOO_LARGE`, `FILE_UNREADABLE`.
 */
export async function readInput(cwd: string, file: string, max: number, shown = file): Promise<Uint8Array> {
  const { handle, size } = await openInput(cwd, file, shown);
  try {
    if (size > max) {
      throw new TouchmarkError("INPUT_TOO_LARGE", `${shown} is too large to read`, {
        expected: `at most ${max} bytes`,
        actual: `${size} bytes`,
      });
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/**
 * Opens a file that the user named; a pipe or a device is refused before anything waits for it. Who opens it closes it.
 *
 * @throws TouchmarkError `INPUT_MISSING`, `FILE_REFUSED`, `FILE_UNREADABLE`.
 */
export async function openInput(
  cwd: string,
  file: string,
  shown = file,
): Promise<{ readonly handle: FileHandle; readonly size: number }> {
  let handle: FileHandle;
  try {
    handle = await open(path.resolve(cwd, file), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "an error";
    throw new TouchmarkError(code === "ENOENT" ? "INPUT_MISSING" : "FILE_UNREADABLE", `${shown} cannot be read`, {
      expected: "a readable file",
      actual: code === "ENOENT" ? "nothing there" : code,
      cause,
    });
  }
  try {
    const stat = await handle.stat();
    if (stat.isFile()) return { handle, size: stat.size };
    throw new TouchmarkError("FILE_REFUSED", `${shown} is not a file`, {
      expected: "a regular file",
      actual: stat.isDirectory() ? "a folder" : "something else",
    });
  } catch (error) {
    await handle.close();
    throw error;
  }
}
