import { type Command, CommanderError } from "commander";
import type { Action } from "./context.ts";
import { inTerminal } from "./in-terminal.ts";
import type { Execute } from "./new-program.ts";
import { type OpenStream, openTerminal } from "./render/terminal.ts";

/** Declares the commands that there are. */
export type BuildProgram = (execute: Execute) => Command;

/** Brings the code of a command, by its name: `verify`, `keys generate`. */
export type LoadAction = (program: Command, name: string) => Promise<Action>;

/**
 * Runs the command line.
 *
 * @param argv - the arguments after the program's name.
 * @param openStandardError - of this process; the parser of the command line may write there too.
 * @returns the exit status: 0 everything holds, 1 a verification failed, 2 what the caller wrote, 3 something outside.
 */
export async function run(
  argv: readonly string[],
  openStandardError: OpenStream,
  buildProgram: BuildProgram,
  loadAction: LoadAction,
): Promise<number> {
  let status = 0;
  openStandardError();
  const program = buildProgram(async (name, positional, options) => {
    status = await inTerminal(options, openStandardError, async (context) => {
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
    return refuse(error, argv, openStandardError);
  }
}

/** What the parser refused, printed as any other error. */
async function refuse(error: CommanderError, argv: readonly string[], openStandardError: OpenStream): Promise<number> {
  // `touchmark` and `touchmark keys` alone: the help is the answer, and it is printed already.
  if (error.code === "commander.help") return 2;
  const [{ usageError }, { printError }] = await Promise.all([import("./run-errors.ts"), import("./render/error.ts")]);
  const options = { json: argv.includes("--json") };
  return printError(openTerminal(options, process.env, openStandardError), usageError(error.message), options);
}
