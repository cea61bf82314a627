import { basename } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { TouchmarkError } from "@touchmark/core";
import type { RunOptions } from "@touchmark/plugin";
import type { Boundary } from "./boundary.ts";
import { childEnvironment, type Env } from "./child-environment.ts";
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

/** Between asking the descendants to end and ending them. Unit: milliseconds. */
const GRACE = 1_000;

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
  // Loaded here: most commands of ours start no process, and this takes 15 ms.
  const { execa } = await import("execa");
  const child = execa(command, args, {
    cwd,
    env: childEnvironment(context.env, options.env),
    extendEnv: false,
    input: options.input ?? new Uint8Array(),
    encoding: "buffer",
    stripFinalNewline: false,
    maxBuffer: options.maxOutput ?? DEFAULT_MAX_OUTPUT,
    reject: false,
    // A group of its own, so that descendants can be ended with it.
    detached: process.platform !== "win32",
  });
  const result = await whicheverIsFirst(child, options.timeoutMs, context.signal);
  if (result === "interrupted") throw aborted();
  if (result === "too slow") throw failed(command, `an end within ${options.timeoutMs} ms`, "it was still running");
  if (result.isMaxBuffer) {
    endGroup(child.pid, "SIGKILL");
    throw failed(command, `at most ${options.maxOutput ?? DEFAULT_MAX_OUTPUT} bytes of output`, "more");
  }
  if (result.failed) throw failed(command, "exit code 0", `${howItEnded(result)}${tailOf(result.stderr)}`);
  return { stdout: result.stdout, stderr: result.stderr };
}

interface Child<Result> extends Promise<Result> {
  readonly pid?: number | undefined;
}

async function whicheverIsFirst<Result>(
  child: Child<Result>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Result | "too slow" | "interrupted"> {
  let stop: (why: "too slow" | "interrupted") => void = () => {};
  const stopped = new Promise<"too slow" | "interrupted">((resolve) => {
    stop = resolve;
  });
  const onAbort = () => stop("interrupted");
  const onExit = () => endGroup(child.pid, "SIGKILL");
  const timer = setTimeout(() => stop("too slow"), timeoutMs);
  signal.addEventListener("abort", onAbort, { once: true });
  process.once("exit", onExit);
  try {
    const first = await Promise.race([child, stopped]);
    if (first === "too slow" || first === "interrupted") await endAll(child);
    return first;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    process.off("exit", onExit);
  }
}

/** Asks the whole group to end, and ends what is left after a moment. */
async function endAll(child: Child<unknown>): Promise<void> {
  endGroup(child.pid, "SIGTERM");
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise((resolve) => {
    timer = setTimeout(resolve, GRACE);
  });
  await Promise.race([child, grace]);
  clearTimeout(timer);
  // Also when the child itself ended: descendants may have ignored the first signal.
  endGroup(child.pid, "SIGKILL");
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

function folderOf(path: string, boundary: Boundary): string {
  const kind = kindOf(path, boundary);
  if (kind === null) throw refusedFile("missing", null, path);
  if (kind !== "folder") throw refusedKind(path, "something that is no folder to run a command in");
  return boundary.resolve(path);
}

interface Ending {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
}

function howItEnded({ exitCode, signal, code }: Ending): string {
  if (exitCode !== undefined) return `exit code ${exitCode}`;
  if (signal !== undefined) return `signal ${signal}`;
  return code === "ENOENT" ? "it is not installed, or not on PATH" : `it did not start: ${code ?? "unknown"}`;
}

function tailOf(stderr: Uint8Array | undefined): string {
  const text = new TextDecoder().decode(stderr?.subarray(-STDERR_TAIL));
  // A tool's words must not move the reader's cursor.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const plain = stripVTControlCharacters(text).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
  return plain.trim() === "" ? "" : `: ${plain.trim()}`;
}

/** Never with the arguments: one may be a token. */
function failed(command: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("RUN_FAILED", `${basename(command)} failed`, { expected, actual });
}
