import "./interpreted-schemas.ts";
import { verifyCommand } from "./commands/verify.ts";
import type { Action } from "./context.ts";
import { buildVerifyProgram } from "./declare-verify.ts";
import { run } from "./run.ts";

/**
 * Runs a command line that starts with `verify`, as `run` does. Verifying is what most machines do with Touchmark, again and
 * again, and nothing else: the build makes one file of all that it always needs. What follows `--` is a command that gets what
 * was verified, and never ours to read.
 */
export function runVerify(argv: readonly string[]): Promise<number> {
  const end = argv.indexOf("--");
  const action: Action = (context, positional, options) =>
    verifyCommand(context, positional, end === -1 ? options : { ...(options as object), command: argv.slice(end + 1) });
  return run(end === -1 ? argv : argv.slice(0, end), buildVerifyProgram, async () => action);
}
