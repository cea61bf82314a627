import { Command, Option } from "commander";
import { COMMON_OPTIONS, type DeclaredOption } from "./verify-options.ts";
import { VERSION } from "./version.ts";

/** Runs one command by its name, `attest` or `keys generate`. */
export type Execute = (name: string, positional: readonly string[], options: object) => Promise<void>;

/** Declares a command by its usage, such as `publish <BUNDLE...>`, in a group of the help. */
export type Declare = (usage: string, group: string, description: string) => Command;

export const RELEASE = "Release:";
export const CHECK = "Check:";
export const RULES = "Rules:";
export const PLUMBING = "Plumbing:";

const FOOTER = `
Exit status: 0 everything holds; 1 a verification failed; 2 what you wrote; 3 something outside, or unknown.
touchmark explain CODE tells what an error means and what to do.`;

/** The program before its commands are declared. */
export function newProgram(): Command {
  return new Command("touchmark")
    .description("States where a release came from, signs it, and verifies a whole release.")
    .version(VERSION, "-V, --version")
    .helpOption("-h, --help")
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureHelp({ sortOptions: false })
    .configureOutput({ outputError: () => undefined })
    .addHelpText("after", FOOTER);
}

/** What a command does is loaded when it runs. */
export function toDeclare(program: Command, execute: Execute): Declare {
  return (usage, group, description) =>
    common(program.command(usage).helpGroup(group).description(description)).action(async (...args: unknown[]) => {
      const options = args.at(-2) as object;
      const positional = args
        .slice(0, -2)
        .flat()
        .filter((value) => value !== undefined) as string[];
      await execute(usage.split(" ", 1)[0] ?? "", positional, options);
    });
}

/** Collects the values of an option that is repeatable. */
export function repeat(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** Adds the options that every command has. */
export function common(command: Command): Command {
  return addOptions(command, COMMON_OPTIONS);
}

/** Adds options that are declared as data. */
export function addOptions(
  command: Command,
  declared: readonly DeclaredOption[],
  complete: (option: Option) => Option = (option) => option,
): Command {
  for (const { flags, text, repeatable, choices } of declared) {
    const option = complete(new Option(flags, text));
    if (repeatable) option.argParser(repeat);
    if (choices !== undefined) option.choices(choices);
    command.addOption(option);
  }
  return command;
}
