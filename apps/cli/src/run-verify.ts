import "./interpreted-schemas.ts";
import { verifyCommand } from "./commands/verify.ts";
import type { Action } from "./context.ts";
import { buildVerifyProgram } from "./declare-verify.ts";
import { run } from "./run.ts";

/**
 * Runs a command line that starts with `verify`, as `run` does. Verifying is what most machines do with Touchmark, again and
 * again, and nothing else: the build makes one file of all that it always needs.
 */
export function runVerify(argv: readonly string[]): Promise<number> {
  return run(argv, buildVerifyProgram, async () => verifyCommand as Action);
}
