import { type Command, CommanderError, type Option } from "commander";
import { addOptions } from "./new-program.ts";
import { ADVANCED_OPTIONS, type AdvancedGroup } from "./verify-options.ts";

const HEADINGS: readonly (string | undefined)[] = ADVANCED_OPTIONS.map(({ heading }) => heading);

/** Adds fields of certificates, verification summaries and keys of registries: `--help` leaves them out and says so. */
export function addAdvancedOptions(command: Command): Command {
  for (const group of ADVANCED_OPTIONS) addGroup(command, group, true);
  return offerAdvancedHelp(command);
}

/** Adds options under their heading. */
export function addGroup(command: Command, { heading, options }: AdvancedGroup, hidden: boolean): void {
  addOptions(command, options, (option) => option.helpGroup(heading).hideHelp(hidden));
}

/** True for an option that only `--help-advanced` shows. */
export function isAdvanced(option: Option): boolean {
  return HEADINGS.includes(option.helpGroupHeading);
}

/** The text of `--help-advanced`; null for a command without such options. */
export function advancedHelp(command: Command): string | null {
  const advanced = command.options.filter(isAdvanced);
  if (advanced.length === 0) return null;
  for (const option of advanced) option.hidden = false;
  try {
    return command.helpInformation();
  } finally {
    for (const option of advanced) option.hidden = true;
  }
}

/** Answers before the arguments are looked at, as `--help` does. */
function offerAdvancedHelp(command: Command): Command {
  return command
    .option(
      "--help-advanced",
      "also show the options for fields of certificates, verification summaries, keys of registries and places of releases",
    )
    .on("option:help-advanced", () => {
      command.configureOutput().writeOut?.(advancedHelp(command) ?? "");
      throw new CommanderError(0, "commander.helpDisplayed", "(outputHelp)");
    });
}
