import { type Command, CommanderError } from "commander";
import type { Action } from "./context.ts";
import { inTerminal } from "./in-terminal.ts";
import type { Execute } from "./new-program.ts";
import { openTerminal } from "./render/terminal.ts";

/** Declares the commands that there are. */
export type BuildProgram = (execute: Execute) => Command;

/** Brings the code of a command, by its name: `verify`, `keys generate`. */
export type LoadAction = (program: Command, name: string) => Promise<Action>;

/**
 * Runs the command line.
 *
 * @param argv - the arguments after the program's name.
 * @returns the exit status: 0 everything holds, 1 a verification failed, 2 what the caller wrote, 3 something outside.
 */
export async function run(
  argv: readonly string[],
  buildProgram: BuildProgram,
  loadAction: LoadAction,
): Promise<number> {
  let status = 0;
  const program = buildProgram(async (name, positional, options) => {
    status = await inTerminal(options, async (context) => {
      const action = await loadAction(program, name);
      return action(context, positional, options as never);
    });
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    return refuse(error, argv);
  }
}

/** What the parser refused, printed as any other error. */
async function refuse(error: CommanderError, argv: readonly string[]): Promise<number> {
  // `touchmark` and `touchmark keys` alone: the help is the answer, and it is printed already.
  if (error.code === "commander.help") return 2;
  const [{ usageError }, { printError }] = await Promise.all([import("./run-errors.ts"), import("./render/error.ts")]);
  const options = { json: argv.includes("--json") };
  return printError(openTerminal(options, process.env), usageError(error.message), options);
}
