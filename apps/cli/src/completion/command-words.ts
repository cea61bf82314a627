import type { Command, Option } from "commander";
import { isAdvanced } from "../advanced-options.ts";

/** What can be typed after one command. */
export interface CommandWords {
  /** `verify`, or `keys generate`; empty for the program itself. */
  readonly path: string;
  readonly description: string;
  /** Commands below this one. */
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionWords[];
}

export interface OptionWords {
  /** `--key` */
  readonly long: string;
  /** `-o`, or null. */
  readonly short: string | null;
  readonly description: string;
  /** What follows it. */
  readonly value: "none" | "any" | "file" | "folder" | readonly string[];
  readonly repeatable: boolean;
}

/** Every command with its options, read from the program itself, parents first. */
export function commandWords(program: Command, path = ""): readonly CommandWords[] {
  const commands = program.createHelp().visibleCommands(program);
  const own: CommandWords = {
    path,
    description: program.description(),
    commands: commands.map((command) => ({ name: command.name(), description: command.description() })),
    options: [...program.createHelp().visibleOptions(program), ...program.options.filter(isAdvanced)].map(optionWords),
  };
  const below = commands
    .filter((command) => command.name() !== "help")
    .flatMap((command) => commandWords(command, path === "" ? command.name() : `${path} ${command.name()}`));
  return [own, ...below];
}

function optionWords(option: Option): OptionWords {
  return {
    long: option.long ?? option.short ?? "",
    short: option.short ?? null,
    description: option.description,
    value: valueKind(option),
    repeatable: option.description.includes("(repeatable)"),
  };
}

function valueKind(option: Option): OptionWords["value"] {
  if (!option.required && !option.optional) return "none";
  if (option.argChoices !== undefined) return option.argChoices;
  const placeholder = /<([^>]+)>/.exec(option.flags)?.[1];
  if (placeholder === "FILE" || placeholder === "PATH") return "file";
  return placeholder === "FOLDER" ? "folder" : "any";
}
