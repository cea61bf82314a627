import { TouchmarkError } from "@touchmark/core";
import type { PackEntry } from "./pack-entry.ts";
import { baseName } from "./path.ts";

/**
 * The file's own name. pnpm and yarn write an absolute path of the machine that packed; npm 8 writes `@scope/name-1.0.0.tgz`
 * for the file `scope-name-1.0.0.tgz`. No other path is taken: the list must not lead to another folder.
 *
 * @throws TouchmarkError `INPUT_INVALID`.
 */
export function readPackedFileName(filename: string, label: string): Pick<PackEntry, "fileName" | "absolutePath"> {
  const isAbsolute = /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(filename);
  const isScoped = /^@[^/\\]+\/[^/\\]+$/.test(filename);
  const fileName = isAbsolute ? baseName(filename) : isScoped ? filename.slice(1).replace("/", "-") : filename;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[/\\\u0000-\u001f\u007f]/.test(fileName) || ["", ".", ".."].includes(fileName)) {
    throw new TouchmarkError("INPUT_INVALID", `${label} has a file name that is none`, {
      expected: "the name of a file, or an absolute path",
      actual: JSON.stringify(filename.slice(0, 200)),
    });
  }
  return { fileName, absolutePath: isAbsolute ? filename : null };
}
