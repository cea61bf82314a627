import { goProgram } from "./peers/go-programs.mjs";
import { runProgram } from "./touchmark-process.ts";

/**
 * Runs a program that `e2e/peers` builds, and waits for it.
 *
 * @returns what it printed, without the last line end.
 * @throws Error with what it wrote to standard error when it ends with anything but 0.
 */
export async function runPeer(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<string> {
  const ended = await runProgram(goProgram(program) ?? "", args, options);
  if (ended.status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${ended.status}:\n${ended.stderr}`);
  return ended.stdout.trim();
}
