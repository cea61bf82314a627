import { TouchmarkError } from "@touchmark/core";

/**
 * The error for people, from what the system said when something was written.
 *
 * @param path - as the user gave it.
 */
export function outputError(error: unknown, path: string): TouchmarkError {
  if (error instanceof TouchmarkError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "an error of the system";
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return new TouchmarkError("DISK_FULL", `there is no room to write ${path}`, {
        expected: "room on the disk, and in the quota of this user",
        actual: code,
        cause: error,
      });
    case "EISDIR":
      return conflict(path, "a folder");
    default:
      return new TouchmarkError("OUTPUT_UNWRITABLE", `${path} cannot be written`, {
        expected: "a folder that this user may write to",
        actual: code,
        cause: error,
      });
  }
}

/** `OUTPUT_CONFLICT`: something that we do not replace has the name. */
export function conflict(path: string, actual: string): TouchmarkError {
  return new TouchmarkError("OUTPUT_CONFLICT", `${path} is taken`, {
    expected: "nothing, or a regular file that can be replaced",
    actual,
  });
}
