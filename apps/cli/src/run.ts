import { type Command, CommanderError } from "commander";
import type { Action, Context } from "./context.ts";
import { buildProgram } from "./program.ts";

/**
 * Runs the command line.
 *
 * @param argv - the arguments after the program's name.
 * @returns the exit status: 0 everything holds, 1 a verification failed, 2 what the caller wrote, 3 something outside.
 */
export async function run(argv: readonly string[]): Promise<number> {
  if (argv[0] === "slsa-verifier") return standIn(argv.slice(1));
  let status = 0;
  const program = buildProgram(async (name, positional, options) => {
    status = await execute(program, name, positional, options);
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

/** A command line that cannot be read: the same shape of answer as any other error. */
async function refuse(error: CommanderError, argv: readonly string[]): Promise<number> {
  // `touchmark` and `touchmark keys` alone: the help is the answer, and it is printed already.
  if (error.code === "commander.help") return 2;
  const [{ TouchmarkError }, { printError }, { openTerminal }, { foreignOption }] = await Promise.all([
    import("@touchmark/core"),
    import("./render/error.ts"),
    import("./render/terminal.ts"),
    import("./foreign-options.ts"),
  ]);
  const options = { json: argv.includes("--json") };
  const { message, expected } = foreignOption(error.message) ?? {
    message: error.message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " "),
    expected: "a command line as touchmark --help shows it",
  };
  const usage = new TouchmarkError("USAGE", message, { expected });
  return printError(openTerminal(options, process.env), usage, options);
}

function execute(program: Command, name: string, positional: readonly string[], options: object): Promise<number> {
  return inTerminal(options, async (context) => {
    const action = await loadAction(program, name);
    return action(context, positional, options as never);
  });
}

/** Runs something that prints, until it ends or is interrupted. */
async function inTerminal(options: object, work: (context: Context) => Promise<number>): Promise<number> {
  const { openTerminal } = await import("./render/terminal.ts");
  const terminal = openTerminal({ ...options }, process.env);
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

/** Another tool's command line: its own options, texts and exit status. */
async function standIn(args: readonly string[]): Promise<number> {
  return inTerminal({}, async (context) => {
    const { slsaVerifier } = await import("./slsa-verifier/main.ts");
    return slsaVerifier(context, args);
  });
}

/** A shell may stand in a folder that somebody has removed. */
async function workingDirectory(): Promise<string> {
  try {
    return process.cwd();
  } catch (cause) {
    const { TouchmarkError } = await import("@touchmark/core");
    throw new TouchmarkError("FILE_UNREADABLE", "the working directory is gone", {
      expected: "a folder that exists",
      actual: (cause as NodeJS.ErrnoException).code ?? "an error",
      cause,
    });
  }
}

/** Each command is a chunk of its own, loaded on first use, so that `--help` and `verify` start quickly. */
export async function loadAction(program: Command, name: string): Promise<Action> {
  switch (name) {
    case "init":
      return (await import("./commands/init.ts")).init;
    case "check":
      return (await import("./commands/check.ts")).check;
    case "collect":
      return (await import("./commands/collect.ts")).collectCommand;
    case "attest":
      return (await import("./commands/attest.ts")).attestCommand;
    case "publish":
      return (await import("./commands/publish.ts")).publishCommand;
    case "verify":
      return (await import("./commands/verify.ts")).verifyCommand;
    case "inspect":
      return (await import("./commands/inspect.ts")).inspectCommand;
    case "keys generate":
      return (await import("./commands/keys.ts")).keysGenerate;
    case "keys public":
      return (await import("./commands/keys.ts")).keysPublic;
    case "roots show":
      return (await import("./commands/roots.ts")).rootsShow;
    case "roots export":
      return (await import("./commands/roots.ts")).rootsExport;
    case "roots update":
      return (await import("./commands/roots-update.ts")).rootsUpdate;
    case "combine":
      return (await import("./commands/combine.ts")).combineCommand;
    case "convert":
      return (await import("./commands/convert.ts")).convertCommand;
    case "explain":
      return (await import("./commands/explain.ts")).explainCommand;
    case "doctor":
      return (await import("./commands/doctor.ts")).doctorCommand;
    case "slsa-verifier":
      return (await import("./slsa-verifier/main.ts")).slsaVerifier;
    case "completion":
      return (await import("./commands/completion.ts")).completionCommand(program);
    default:
      throw new Error(`the command "${name}" is declared and has no code`);
  }
}
