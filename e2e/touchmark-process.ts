import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built command line, as users get it. */
export const CLI = fileURLToPath(new URL("../apps/cli/dist/touchmark.cjs", import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Piped in; nothing when absent. */
  readonly input?: string;
  /** Called with all that is on standard error, each time that there is more. */
  readonly said?: (stderr: string) => void;
  /** Called once the process runs, to interrupt it. */
  readonly started?: (kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs a program without a shell, with an empty HOME and no standard input but what is given, and waits for it. */
export function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      cwd: options.cwd,
      env: { PATH: process.env["PATH"] ?? "", HOME: options.cwd, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    // Whoever does not read its input may end before it is written.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      err.push(chunk);
      options.said?.(Buffer.concat(err).toString());
    });
    child.on("error", reject);
    child.on("close", (status) => {
      resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
    child.on("spawn", () => options.started?.((signal) => child.kill(signal)));
  });
}

/** Runs the built touchmark. */
export function touchmark(args: readonly string[], options: RunOptions): Promise<Ended> {
  return runProgram(process.execPath, [CLI, ...args], options);
}

/** A new folder that is removed by `remove`. */
export async function newFolder(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "touchmark-e2e-"));
  await mkdir(join(path, "work"));
  return { path: join(path, "work"), remove: () => rm(path, { recursive: true, force: true }) };
}
