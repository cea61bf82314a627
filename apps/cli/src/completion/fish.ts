import type { CommandWords, OptionWords } from "./command-words.ts";

/** One `complete` line for each command and option. */
export function fishScript(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap((command) => [...subcommandLines(command), ...optionLines(command)]);
  return `# fish completion for touchmark: touchmark completion fish > ~/.config/fish/completions/touchmark.fish
complete -c touchmark -n __fish_use_subcommand -f
${lines.join("\n")}
`;
}

function subcommandLines({ path, commands }: CommandWords): readonly string[] {
  const names = commands.map(({ name }) => name).join(" ");
  const here = path === "" ? "__fish_use_subcommand" : `${seen(path)}; and not __fish_seen_subcommand_from ${names}`;
  return commands.map(
    ({ name, description }) => `complete -c touchmark -n ${quoted(here)} -f -a ${name} -d ${quoted(description)}`,
  );
}

function optionLines({ path, options }: CommandWords): readonly string[] {
  const here = path === "" ? "__fish_use_subcommand" : seen(path);
  return options.map((option) => `complete -c touchmark -n ${quoted(here)} ${optionWords(option)}`);
}

function optionWords({ long, short, description, value }: OptionWords): string {
  return [
    ...(short === null || short === long ? [] : [`-s ${short.slice(1)}`]),
    `-l ${long.replace(/^--/, "")}`,
    ...valueWords(value),
    `-d ${quoted(description)}`,
  ].join(" ");
}

function valueWords(value: OptionWords["value"]): readonly string[] {
  if (value === "none") return [];
  if (value === "file") return ["-r -F"];
  if (value === "folder") return [`-x -a '(__fish_complete_directories)'`];
  return value === "any" ? ["-x"] : [`-x -a ${quoted(value.join(" "))}`];
}

/** `keys generate`: both words are on the command line. */
function seen(path: string): string {
  return path
    .split(" ")
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join("; and ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
