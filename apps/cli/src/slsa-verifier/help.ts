import { COMMANDS, type CommandFlags, type CommandName } from "./flags.ts";

const WIDTH = 36;

/** What `slsa-verifier --help` prints. */
export function overview(): string {
  return [
    "Verify SLSA provenance by the rules of slsa-verifier 2.7.1, offline: its commands, flags and verdicts.",
    "",
    "Usage: touchmark slsa-verifier COMMAND [FLAGS]",
    "",
    "Commands:",
    ...Object.entries(COMMANDS).map(([name, { summary }]) => row(name, summary)),
    row("version", "which rules these are"),
    "",
    "slsa-verifier COMMAND --help names the flags of one. A link of this program that is called slsa-verifier is it.",
  ].join("\n");
}

/** What `slsa-verifier COMMAND --help` prints. */
export function helpOf(command: CommandName): string {
  const { usage, summary, flags }: CommandFlags = COMMANDS[command];
  return [
    `Verify ${summary}.`,
    "",
    `Usage: touchmark slsa-verifier ${[command, "[FLAGS]", usage].filter((part) => part !== "").join(" ")}`,
    "",
    "Flags:",
    ...flags.map(({ name, kind, value, help, isRequired }) => {
      const note = [isRequired ? "needed" : "", kind === "list" ? "repeatable" : ""].filter((one) => one !== "");
      return row(`--${name} ${value}`.trimEnd(), note.length === 0 ? help : `${help} (${note.join(", ")})`);
    }),
  ].join("\n");
}

function row(name: string, text: string): string {
  return name.length < WIDTH ? `  ${name.padEnd(WIDTH)}  ${text}` : `  ${name}\n  ${" ".repeat(WIDTH)}  ${text}`;
}
