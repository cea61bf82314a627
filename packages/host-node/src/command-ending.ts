/** How a command ended, and what it printed. */
export type CommandEnding =
  | {
      readonly kind: "ended";
      /** Undefined where a signal ended it, or it never started. */
      readonly exitCode: number | undefined;
      readonly signal: string | undefined;
      /** Of the system, where it could not start: `ENOENT`. */
      readonly code: string | undefined;
      readonly stdout: Uint8Array;
      readonly stderr: Uint8Array;
    }
  | { readonly kind: "interrupted" | "too slow" | "too much output" };

export interface CommandStart {
  /** Absolute. */
  readonly cwd: string;
  /** All that it gets; nothing of ours is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly input: Uint8Array;
  /** Unit: milliseconds. */
  readonly timeoutMs: number;
  /** Of standard output, and of standard error. Unit: bytes. */
  readonly maxOutput: number;
  readonly signal: AbortSignal;
}

/** Between asking the descendants to end and ending them. Unit: milliseconds. */
const GRACE = 1_000;

/** Runs a command without a shell, in a process group of its own, to whatever end it comes to. */
export async function runToEnd(command: string, args: readonly string[], start: CommandStart): Promise<CommandEnding> {
  // Loaded here: most commands of ours start no process, and this takes 15 ms.
  const { execa } = await import("execa");
  const child = execa(command, args, {
    cwd: start.cwd,
    env: start.env,
    extendEnv: false,
    input: start.input,
    encoding: "buffer",
    stripFinalNewline: false,
    maxBuffer: start.maxOutput,
    reject: false,
    // A group of its own, so that descendants can be ended with it.
    detached: process.platform !== "win32",
  });
  const result = await whicheverIsFirst(child, start.timeoutMs, start.signal);
  if (result === "interrupted" || result === "too slow") return { kind: result };
  if (result.isMaxBuffer) {
    endGroup(child.pid, "SIGKILL");
    return { kind: "too much output" };
  }
  const { exitCode, signal, code, stdout, stderr } = result;
  return { kind: "ended", exitCode, signal, code, stdout: stdout ?? EMPTY, stderr: stderr ?? EMPTY };
}

const EMPTY = new Uint8Array();

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
