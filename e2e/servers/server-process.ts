import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const SUPERVISOR = fileURLToPath(new URL("supervisor.mjs", import.meta.url));
/** The slowest server here is ready within a second on two busy cores. */
const READY_MS = 30_000;
const POLL_MS = 20;
/** Longer than the supervisor's own grace. */
const STOP_MS = 15_000;
const LOG_TAIL = 4096;

export interface ServerCommand {
  /** Also the name of the log. */
  readonly name: string;
  /** For the log, and HOME. */
  readonly folder: string;
  readonly command: readonly [program: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** What the server writes once it answers. */
  readonly ready: RegExp;
}

export interface RunningServer {
  /** The match of `ready`. */
  readonly ready: RegExpExecArray;
  /** Everything the server has written so far. */
  readonly log: () => Promise<string>;
  /**
   * Ends the server and its children, and waits for it; a second call does nothing.
   *
   * @throws Error with the end of its log when it had ended by itself, or does not end in 15 seconds.
   */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a server and waits until it says that it is ready.
 *
 * @throws Error with the end of its log when it ends before, or is not ready in 30 seconds.
 */
export async function startServer({ name, folder, command, env, ready }: ServerCommand): Promise<RunningServer> {
  await mkdir(folder, { recursive: true });
  const logFile = join(folder, `${name}.log`);
  await writeFile(logFile, "");
  const supervisor = spawn(process.execPath, [SUPERVISOR, logFile, ...command], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", HOME: folder, ...env },
    stdio: ["pipe", "ignore", "inherit"],
  });
  const log = () => readFile(logFile, "utf8");
  const ended = once(supervisor, "exit");
  const failure = async (what: string) => new Error(`${name} ${what}:\n${await logTail(log)}`);
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    if (supervisor.exitCode !== null) throw await failure(`had ended by itself with ${supervisor.exitCode}`);
    supervisor.stdin.end();
    const waited = await Promise.race([ended, sleep(STOP_MS, "late" as const, { ref: false })]);
    if (waited === "late") throw await failure(`did not end in ${STOP_MS} ms`);
  };
  const deadline = Date.now() + READY_MS;
  while (supervisor.exitCode === null && Date.now() < deadline) {
    const match = ready.exec(await log());
    if (match !== null) return { ready: match, log, stop };
    await sleep(POLL_MS);
  }
  await stop();
  throw await failure(`was not ready in ${READY_MS} ms`);
}

/** The end of a server's log, for a message about a failure. */
export async function logTail(log: () => Promise<string>): Promise<string> {
  return (await log()).slice(-LOG_TAIL);
}
