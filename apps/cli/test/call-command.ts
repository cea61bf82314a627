import type { Action } from "../src/context.ts";
import { recordingTerminal } from "./recording-terminal.ts";

/** What a command did. */
export interface Called {
  readonly status: number;
  /** Its standard output. */
  readonly text: string;
  /** Notes and details. */
  readonly noted: string;
}

export interface CallOptions {
  readonly cwd: string;
  readonly json?: boolean;
  /** Beside PATH. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Calls a command in a folder, as the program would.
 *
 * @param action - one of the commands; each has options of its own.
 */
export async function callCommand(
  action: unknown,
  positional: readonly string[],
  options: object,
  { cwd, json = false, env = {} }: CallOptions,
): Promise<Called> {
  const terminal = recordingTerminal({ json });
  const context = { terminal, env: { PATH: process.env["PATH"], ...env }, cwd, signal: new AbortController().signal };
  const status = await (action as Action)(context, positional, options as never); // as the program hands options on
  return { status, text: terminal.text(), noted: terminal.noted() };
}
