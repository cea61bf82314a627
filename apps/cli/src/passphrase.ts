import { readFile } from "node:fs/promises";
import path from "node:path";
import { TouchmarkError } from "@touchmark/core";
import type { Context } from "./context.ts";

/** Where a passphrase may come from. It is never a flag's value: process lists show those. */
export interface PassphraseOptions {
  readonly passphraseFile?: string | undefined;
  readonly passphraseEnv?: string | undefined;
}

/**
 * Reads the passphrase from the file or the environment variable that the user named.
 *
 * @returns null when neither was named.
 * @throws TouchmarkError `USAGE` for both, `PASSPHRASE_MISSING` for one that is empty or not there.
 */
export async function readPassphrase(context: Context, options: PassphraseOptions): Promise<string | null> {
  const { passphraseFile, passphraseEnv } = options;
  if (passphraseFile !== undefined && passphraseEnv !== undefined) {
    throw new TouchmarkError("USAGE", "the passphrase comes from two places", {
      expected: "--passphrase-file or --passphrase-env",
      actual: "both",
    });
  }
  if (passphraseEnv !== undefined) {
    return present(context.env[passphraseEnv], `the environment variable ${passphraseEnv}`);
  }
  if (passphraseFile === undefined) return null;
  let text: string;
  try {
    text = await readFile(path.resolve(context.cwd, passphraseFile), "utf8");
  } catch (cause) {
    throw new TouchmarkError("PASSPHRASE_MISSING", `the passphrase file ${passphraseFile} cannot be read`, {
      expected: "a readable file with the passphrase in its first line",
      actual: (cause as NodeJS.ErrnoException).code ?? "an error",
      cause,
    });
  }
  return present(text.split(/\r?\n/, 1)[0], `the passphrase file ${passphraseFile}`);
}

/**
 * Asks the person at the terminal, without showing what they type.
 *
 * @returns null when nobody is there to ask.
 * @throws TouchmarkError `ABORTED` when they cancel.
 */
export async function askPassphrase(context: Context, question: string): Promise<string | null> {
  if (!context.terminal.interactive || process.stdin.isTTY !== true) return null;
  const { isCancel, password } = await import("@clack/prompts");
  const answer = await password({ message: question, output: process.stderr });
  if (!isCancel(answer)) return answer;
  throw new TouchmarkError("ABORTED", "no passphrase was given", { expected: "a passphrase", actual: "cancelled" });
}

function present(value: string | undefined, what: string): string {
  if (value !== undefined && value !== "") return value;
  throw new TouchmarkError("PASSPHRASE_MISSING", `${what} holds no passphrase`, {
    expected: "a passphrase",
    actual: value === undefined ? "nothing" : "an empty one",
  });
}
