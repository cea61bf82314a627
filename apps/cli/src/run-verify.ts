import "./interpreted-schemas.ts";
import { verifyCommand } from "./commands/verify.ts";
import type { Action, Context } from "./context.ts";
import { inTerminal } from "./in-terminal.ts";
import { readArguments } from "./read-arguments.ts";
import type { OpenStream } from "./render/terminal.ts";
import { OPTIONS_OF_VERIFY } from "./verify-options.ts";

/**
 * Runs a command line that starts with `verify`, as `run` does. Verifying is what most machines do with Touchmark, again and
 * again, and nothing else: the build makes one file of all that it always needs. What follows `--` is a command that gets what
 * was verified, and never ours to read.
 */
export async function runVerify(argv: readonly string[], openStandardError: OpenStream): Promise<number> {
  const end = argv.indexOf("--");
  const own = end === -1 ? argv : argv.slice(0, end);
  const action: Action = (context, positional, options) =>
    verifyCommand(context, positional, end === -1 ? options : { ...(options as object), command: argv.slice(end + 1) });
  const read = readArguments(own.slice(1), OPTIONS_OF_VERIFY);
  if (read !== null) {
    const work = (context: Context) => action(context, read.positional, read.options as never);
    return inTerminal(read.options, openStandardError, work);
  }
  const [{ run }, { buildVerifyProgram }] = await Promise.all([import("./run.ts"), import("./declare-verify.ts")]);
  return run(own, openStandardError, buildVerifyProgram, async () => action);
}
