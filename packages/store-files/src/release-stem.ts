import { lastSegment, type Subject } from "@touchmark/core";
import { checkStem, safeFileName } from "./file-name.ts";

export interface ReleaseStemOptions {
  /** `--name`; null when it was not given. */
  readonly name: string | null;
  /** `release.name` of the configuration; null when it has none. */
  readonly releaseName: string | null;
  readonly subjects: readonly Pick<Subject, "name">[];
}

/**
 * What the release's files are called before their endings: `--name`, else the release's name, else the base name of the
 * only subject, else `multiple`.
 *
 * @throws TouchmarkError `NAME_REFUSED` for a chosen name that is not a plain file name; a subject's name is made one.
 */
export function releaseStem(options: ReleaseStemOptions): string {
  const chosen = options.name ?? options.releaseName;
  if (chosen !== null) {
    checkStem(chosen);
    return chosen;
  }
  const [only, second] = options.subjects;
  return only === undefined || second !== undefined ? "multiple" : safeFileName(lastSegment(only.name));
}
