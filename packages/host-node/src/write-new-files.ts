import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { look } from "./boundary.ts";
import { outputError } from "./output-error.ts";
import { makeFolder, type OutputFile, removeEmpty, writeWhole } from "./write-files.ts";

/**
 * Writes files where nothing stands, all or none: a key must never replace another. The folder is made when missing.
 *
 * @param folder - absolute, or relative to the working directory of the process.
 * @param files - with `mode` 0o600 for a secret; the file has it from its first moment.
 * @param taken - throws for the first name at which something stands, a link that leads nowhere included; nothing of
 * ours is left there by then.
 * @throws TouchmarkError `OUTPUT_UNWRITABLE`, `DISK_FULL`.
 */
export async function writeNewFiles(
  folder: string,
  files: readonly OutputFile[],
  taken: (name: string) => never,
): Promise<void> {
  const absolute = resolve(folder);
  const made = makeFolder(absolute, folder);
  const written: string[] = [];
  try {
    for (const { name } of files) if (look(join(absolute, name)) !== undefined) taken(name);
    for (const { name, bytes, mode = 0o644 } of files) {
      const path = join(absolute, name);
      if (!(await writeWhole(path, bytes, mode, name))) taken(name);
      written.push(path);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    removeEmpty(made, absolute);
    throw outputError(error, folder);
  }
}
