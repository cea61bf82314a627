import { type FileHandle, open } from "node:fs/promises";
import { TouchmarkError } from "@touchmark/core";
import type { AssetSink } from "@touchmark/releases";

/**
 * Writes a file that is not there yet, for this user alone, and closes it.
 *
 * @param name - as messages call it.
 * @throws TouchmarkError `OUTPUT_CONFLICT` where something has the name, perhaps in other letters; `DISK_FULL`,
 * `OUTPUT_UNWRITABLE`; what `fill` throws.
 */
export async function writeThrough<Result>(
  file: string,
  name: string,
  fill: (sink: AssetSink) => Promise<Result>,
): Promise<Result> {
  const handle = await opened(file, name);
  let position = 0;
  try {
    return await fill({
      async restart() {
        position = 0;
        await handle.truncate(0);
      },
      async write(chunk) {
        try {
          await writeWhole(handle, chunk, position);
        } catch (cause) {
          throw unwritable(name, cause);
        }
        position += chunk.byteLength;
      },
    });
  } finally {
    await handle.close();
  }
}

async function writeWhole(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) {
    const { bytesWritten } = await handle.write(chunk, done, chunk.byteLength - done, position + done);
    done += bytesWritten;
  }
}

async function opened(file: string, name: string): Promise<FileHandle> {
  try {
    return await open(file, "wx", 0o600);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw unwritable(name, cause);
    throw new TouchmarkError("OUTPUT_CONFLICT", `${name} is there already`, {
      expected: "names that differ in more than small and capital letters",
      actual: "one file for two names",
    });
  }
}

function unwritable(name: string, cause: unknown): TouchmarkError {
  const actual = (cause as NodeJS.ErrnoException).code ?? "an error of the system";
  const isFull = actual === "ENOSPC" || actual === "EDQUOT";
  return new TouchmarkError(isFull ? "DISK_FULL" : "OUTPUT_UNWRITABLE", `${name} cannot be written`, {
    expected: "room for it, where files are brought to (TMPDIR)",
    actual,
    cause,
  });
}
