import type { Command } from "commander";
import { advancedHelp } from "../advanced-options.ts";

/** Fixed, so that the page does not depend on somebody's terminal. */
const HELP_WIDTH = 110;

/** What `--help` prints, for every command. */
export function commandsPage(program: Command): string {
  return `# Commands

What \`touchmark COMMAND --help\` prints. This page is written from the program by \`npm run docs\`.

${sections(program, "").join("\n")}`;
}

function sections(command: Command, path: string): readonly string[] {
  const name = path === "" ? command.name() : `${path} ${command.name()}`;
  command.configureHelp({ ...command.configureHelp(), helpWidth: HELP_WIDTH });
  const advanced = advancedHelp(command);
  return [
    section(name, command.helpInformation()),
    ...(advanced === null ? [] : [section(`${name} --help-advanced`, advanced)]),
    ...command.commands.flatMap((below) => sections(below, name)),
  ];
}

function section(heading: string, help: string): string {
  return `## ${heading}\n\n\`\`\`text\n${help.replaceAll(/ +$/gm, "").trimEnd()}\n\`\`\`\n`;
}
