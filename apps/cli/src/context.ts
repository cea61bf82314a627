import type { Terminal } from "./render/terminal.ts";

/** What every command gets: where to print, the environment, and how to stop. */
export interface Context {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** What a command does; resolves to the exit status. */
export type Action = (context: Context, positional: readonly string[], options: never) => Promise<number>;
