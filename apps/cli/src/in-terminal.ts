import type { Context } from "./context.ts";
import { type OpenStream, openTerminal } from "./render/terminal.ts";

/** Runs something that prints, until it ends or is interrupted. */
export async function inTerminal(
  options: object,
  openStandardError: OpenStream,
  work: (context: Context) => Promise<number>,
): Promise<number> {
  const terminal = openTerminal({ ...options }, process.env, openStandardError);
  const interrupt = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    // A second interruption ends the process the way the system does.
    process.removeListener("SIGINT", stop);
    process.removeListener("SIGTERM", stop);
    interrupt.abort(signal);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    return await work({ terminal, env: process.env, cwd: await workingDirectory(), signal: interrupt.signal });
  } catch (error) {
    const { printError } = await import("./render/error.ts");
    return printError(terminal, error, options);
  } finally {
    process.removeListener("SIGINT", stop);
    process.removeListener("SIGTERM", stop);
    terminal.close();
  }
}

async function workingDirectory(): Promise<string> {
  try {
    return process.cwd();
  } catch (cause) {
    throw (await import("./run-errors.ts")).folderGone(cause as NodeJS.ErrnoException);
  }
}
