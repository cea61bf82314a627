import { basename } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { TouchmarkError } from "@touchmark/core";
import type { RunOptions } from "@touchmark/plugin";
import type { Boundary } from "./boundary.ts";
import { childEnvironment, type Env } from "./child-environment.ts";
import { type CommandEnding, runToEnd } from "./command-ending.ts";
import { aborted, refusedFile, refusedKind, throwIfAborted } from "./file-error.ts";
import { kindOf } from "./regular-file.ts";

export interface CommandOutput {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

export interface RunContext {
  readonly boundary: Boundary;
  readonly env: Env;
  readonly signal: AbortSignal;
}

/** Unit: bytes. */
const DEFAULT_MAX_OUTPUT = 64 * 1024 * 1024;

/** What of stderr a message carries. Unit: bytes. */
const STDERR_TAIL = 2 * 1024;

/** Runs a command without a shell, in a process group of its own; see Host. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: RunOptions,
  context: RunContext,
): Promise<CommandOutput> {
  throwIfAborted(context.signal);
  if (!(options.timeoutMs > 0)) throw failed(command, "a time limit above 0", `${options.timeoutMs} ms`);
  if (args.some((arg) => arg.includes("\0"))) {
    throw failed(command, "arguments without a NUL byte", "it could not start: an argument has one");
  }
  const cwd = folderOf(options.cwd ?? ".", context.boundary);
  const maxOutput = options.maxOutput ?? DEFAULT_MAX_OUTPUT;
  const ending = await runToEnd(command, args, {
    cwd,
    env: childEnvironment(context.env, options.env),
    input: options.input ?? new Uint8Array(),
    timeoutMs: options.timeoutMs,
    maxOutput,
    signal: context.signal,
  });
  switch (ending.kind) {
    case "interrupted":
      throw aborted();
    case "too slow":
      throw failed(command, `an end within ${options.timeoutMs} ms`, "it was still running");
    case "too much output":
      throw failed(command, `at most ${maxOutput} bytes of output`, "more");
    case "ended":
      if (ending.exitCode !== 0) throw failed(command, "exit code 0", `${howItEnded(ending)}${tailOf(ending.stderr)}`);
      return { stdout: ending.stdout, stderr: ending.stderr };
  }
}

function folderOf(path: string, boundary: Boundary): string {
  const kind = kindOf(path, boundary);
  if (kind === null) throw refusedFile("missing", null, path);
  if (kind !== "folder") throw refusedKind(path, "something that is no folder to run a command in");
  return boundary.resolve(path);
}

function howItEnded({ exitCode, signal, code }: Extract<CommandEnding, { kind: "ended" }>): string {
  if (exitCode !== undefined) return `exit code ${exitCode}`;
  if (signal !== undefined) return `signal ${signal}`;
  return code === "ENOENT" ? "it is not installed, or not on PATH" : `it did not start: ${code ?? "unknown"}`;
}

function tailOf(stderr: Uint8Array): string {
  const text = new TextDecoder().decode(stderr.subarray(-STDERR_TAIL));
  // A tool's words must not move the reader's cursor.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const plain = stripVTControlCharacters(text).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
  return plain.trim() === "" ? "" : `: ${plain.trim()}`;
}

/** Never with the arguments: one may be a token. */
function failed(command: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("RUN_FAILED", `${basename(command)} failed`, { expected, actual });
}
