import { constants } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { TouchmarkError } from "@touchmark/core";

/**
 * Reads a file that the user named by a flag: a key, a bundle, a subjects file.
 *
 * @param max - bytes; a larger file is refused before it is read.
 * @throws TouchmarkError `INPUT_MISSING`, `FILE_REFUSED`, `INPUT_TOO_LARGE`, `FILE_UNREADABLE`.
 */
export async function readInput(cwd: string, file: string, max: number): Promise<Uint8Array> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path.resolve(cwd, file), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "an error";
    throw new TouchmarkError(code === "ENOENT" ? "INPUT_MISSING" : "FILE_UNREADABLE", `${file} cannot be read`, {
      expected: "a readable file",
      actual: code === "ENOENT" ? "nothing there" : code,
      cause,
    });
  }
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) {
      throw new TouchmarkError("FILE_REFUSED", `${file} is not a file`, {
        expected: "a regular file",
        actual: stat.isDirectory() ? "a folder" : "something else",
      });
    }
    if (stat.size > max) {
      throw new TouchmarkError("INPUT_TOO_LARGE", `${file} is too large to read`, {
        expected: `at most ${max} bytes`,
        actual: `${stat.size} bytes`,
      });
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
