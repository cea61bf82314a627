import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Context } from "../context.ts";
import { safe } from "../render/terminal.ts";

/** Where a command finds what was verified. */
const VARIABLE = "TOUCHMARK_VERIFIED_DIR";

/** What others send to a process to stop it, or to tell it something. */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"] as const;

/**
 * Runs a command without a shell, with our streams, environment and working directory; `{}` in it stands for the folder.
 *
 * @returns its exit status; 128 and the signal's number where one ended it; 127 where it is not there and 126 where it cannot
 * be started, as shells have it (POSIX.1-2024, XCU 2.8.2).
 */
export function runCommand(
  [command = "", ...args]: readonly string[],
  folder: string,
  context: Context,
): Promise<number> {
  const filled = (text: string) => text.replaceAll("{}", () => folder);
  const child = spawn(filled(command), args.map(filled), {
    cwd: context.cwd,
    env: { ...context.env, [VARIABLE]: folder },
    stdio: "inherit",
  });
  const forward = (signal: NodeJS.Signals) => {
    // From the keyboard, the terminal sends it to both of us.
    if ((signal === "SIGINT" || signal === "SIGQUIT") && process.stdin.isTTY === true) return;
    child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  return new Promise<number>((resolve) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "ENOENT" ? "it is not there" : (error.code ?? "an error of the system");
      context.terminal.prompt(`E RUN_FAILED  ${safe(command)} could not be started: ${why}`);
      resolve(error.code === "ENOENT" ? 127 : 126);
    });
    child.on("exit", (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  }).finally(() => {
    for (const signal of FORWARDED) process.removeListener(signal, forward);
  });
}
