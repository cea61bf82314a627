import { fstatSync } from "node:fs";
import { jsonChunks } from "./json-document.ts";
import { escaped, escapeUnseen } from "./unseen-marks.ts";

/** Where a command prints. Results go to stdout, progress and notes to stderr. */
export interface Terminal {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** True when a person watches stderr: progress bars and prompts make sense. */
  readonly interactive: boolean;
  /** A line, or several, of the result. */
  result(text: string): void;
  /** A JSON document of any size. */
  resultDocument(document: object): void;
  /** Bytes of the result, as they are. */
  resultBytes(bytes: Uint8Array): void;
  /** A note to the person; nothing when --quiet. */
  note(text: string): void;
  /** What a person must read, on stderr; also when --quiet. */
  prompt(text: string): void;
  /** A note that only --verbose shows. */
  detail(text: string): void;
  /** A line that replaces the previous one of its kind; nothing when nobody watches. */
  progress(text: string | null): void;
  /** Colours, where stdout (or stderr) shows them. */
  paint(format: Paint, text: string, stream?: "stdout" | "stderr"): string;
  close(): void;
}

/** Opens a stream of the process, or gives the one that is open. */
export type OpenStream = () => NodeJS.WriteStream;

type Paint = "green" | "red" | "yellow" | "bold" | "dim";

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export function openTerminal(
  options: CommonOptions,
  env: Readonly<Record<string, string | undefined>>,
  openStandardError: OpenStream,
): Terminal {
  const quiet = options.quiet === true;
  const isTerminal = (stream: "stdout" | "stderr") =>
    stream === "stdout" ? process.stdout.isTTY === true : mayBeTerminal(2) && openStandardError().isTTY === true;
  const interactive = env["TERM"] !== "dumb" && !env["CI"] && isTerminal("stderr");
  const colours = (stream: "stdout" | "stderr") =>
    env["TERM"] !== "dumb" && (env["NO_COLOR"] ?? "") === "" && isTerminal(stream);
  let progressShown = false;
  const clearProgress = () => {
    if (progressShown) openStandardError().write("\r\u001b[K");
    progressShown = false;
  };
  return {
    json: options.json === true,
    quiet,
    verbose: options.verbose === true,
    interactive,
    result(text) {
      clearProgress();
      process.stdout.write(`${text}\n`);
    },
    resultDocument(document) {
      clearProgress();
      for (const chunk of jsonChunks(document)) process.stdout.write(chunk);
      process.stdout.write("\n");
    },
    resultBytes(bytes) {
      clearProgress();
      process.stdout.write(bytes);
    },
    note(text) {
      if (quiet) return;
      clearProgress();
      openStandardError().write(`${text}\n`);
    },
    prompt(text) {
      clearProgress();
      openStandardError().write(`${text}\n`);
    },
    detail(text) {
      if (options.verbose !== true) return;
      clearProgress();
      openStandardError().write(`${text}\n`);
    },
    progress(text) {
      if (!interactive || quiet) return;
      clearProgress();
      if (text === null) return;
      // A terminal that does not know its width says 0.
      const stream = openStandardError();
      stream.write(text.slice(0, Math.max(20, (stream.columns || 80) - 1)));
      progressShown = true;
    },
    paint: (format, text, stream = "stdout") => {
      if (!colours(stream)) return text;
      // Most runs have no colours, and this takes a start as long as 10 KiB of code.
      const { styleText } = process.getBuiltinModule("node:util");
      return styleText(format, text, { validateStream: false });
    },
    close: clearProgress,
  };
}

/** False for pipes and files, without opening a stream for them. */
function mayBeTerminal(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return true; // some systems say nothing about their consoles
  }
}

/**
 * Text of a stranger, made safe to print: control characters and the marks that turn a line's direction are escaped, so
 * that a file's name cannot move the cursor or hide what it says.
 */
export function safe(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return escapeUnseen(text).replaceAll(/[\u0000-\u001f]/g, escaped);
}
