import type { Command } from "commander";

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
  return [
    `## ${name}\n\n\`\`\`text\n${help(command)}\n\`\`\`\n`,
    ...command.commands.flatMap((below) => sections(below, name)),
  ];
}

function help(command: Command): string {
  command.configureHelp({ ...command.configureHelp(), helpWidth: HELP_WIDTH });
  return command.helpInformation().replaceAll(/ +$/gm, "").trimEnd();
}
