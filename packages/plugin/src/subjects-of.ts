import { type AcceptableAlgorithm, type Subject, TouchmarkError } from "@touchmark/core";
import type { Host } from "./host.ts";
import type { HostFile } from "./host-file.ts";

/**
 * Subjects of files, hashed: name = `options.name` of the file, sha256 and whatever else is wanted.
 *
 * @param options.name - the subject's name for a file, which stands at `index`; the base name when absent.
 * @throws TouchmarkError as `host.digest`; `INTERNAL` when the host left a file out.
 */
export async function subjectsOf(
  host: Host,
  files: readonly HostFile[],
  options: {
    readonly name?: (file: HostFile, index: number) => string;
    readonly algorithms?: readonly AcceptableAlgorithm[];
    readonly mediaType?: string;
  } = {},
): Promise<readonly Subject[]> {
  const digests = await host.digest(files, options.algorithms ?? ["sha256"]);
  return files.map((file, index) => {
    const digest = digests[index];
    if (digest === undefined) {
      throw new TouchmarkError("INTERNAL", `the host gave no digest for ${file.path}`, {
        expected: `${files.length} digest sets`,
        actual: String(digests.length),
      });
    }
    const name = options.name?.(file, index) ?? file.name;
    // Members in the order of their text, so that a long list is written without a copy.
    return options.mediaType === undefined ? { digest, name } : { digest, mediaType: options.mediaType, name };
  });
}
