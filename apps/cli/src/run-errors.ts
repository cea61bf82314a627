import { TouchmarkError } from "@touchmark/core";
import { foreignOption } from "./foreign-options.ts";

/** A command line that cannot be read: the same shape of answer as any other error. */
export function usageError(parserMessage: string): TouchmarkError {
  const { message, expected } = foreignOption(parserMessage) ?? {
    message: parserMessage.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " "),
    expected: "a command line as touchmark --help shows it",
  };
  return new TouchmarkError("USAGE", message, { expected });
}

/** A shell may stand in a folder that somebody has removed. */
export function folderGone(cause: NodeJS.ErrnoException): TouchmarkError {
  return new TouchmarkError("FILE_UNREADABLE", "the working directory is gone", {
    expected: "a folder that exists",
    actual: cause.code ?? "an error",
    cause,
  });
}
