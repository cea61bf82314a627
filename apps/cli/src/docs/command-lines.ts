import { type Command, CommanderError } from "commander";
import type { MarkdownText } from "./markdown.ts";

/** A command line of ours in a page. */
export interface CommandLine {
  readonly line: number;
  /** The words after `touchmark`. */
  readonly words: readonly string[];
  /** True for a line of code, which somebody may paste; false for a mention inside a sentence. */
  readonly whole: boolean;
}

/** Words before our name that leave the rest a command line of ours. */
const BEFORE = /^(?:\$|-|run:|node|npx|--no-install|--yes|source|<\(|sudo|time|&&)$/;
const NAME = /^(?:touchmark(?:@[\w.^~-]+)?|\S*\/touchmark\.cjs)$/;

/** Every `touchmark …` in code, and every mention of one. */
export function commandLines({ code, spans }: MarkdownText): readonly CommandLine[] {
  return [
    ...joinContinued(code).flatMap(({ line, text }) => ofText(text).map((words) => ({ line, words, whole: true }))),
    ...spans.flatMap(({ line, text }) => ofText(text).map((words) => ({ line, words, whole: false }))),
  ];
}

function joinContinued(lines: MarkdownText["code"]): MarkdownText["code"] {
  const joined: { line: number; text: string }[] = [];
  for (const { line, text } of lines) {
    const last = joined.at(-1);
    if (last?.text.endsWith("\\")) last.text = `${last.text.slice(0, -1)} ${text.trim()}`;
    else joined.push({ line, text });
  }
  return joined;
}

function ofText(text: string): readonly (readonly string[])[] {
  const plain = text
    .replaceAll(/\$\{\{.*?\}\}/g, "VALUE") // an expression of GitHub Actions
    .replace(/<\((.*)\)/, "<( $1");
  return shellCommands(plain).flatMap((words) => {
    const start = words.findIndex((word) => !BEFORE.test(word));
    const name = words[start];
    return name !== undefined && NAME.test(name) ? [words.slice(start + 1)] : [];
  });
}

/** Splits at `|`, `;` and `&&`, drops comments and redirections; quotes group, nothing is expanded. */
function shellCommands(text: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  const pattern = /\s*(?:(#.*$)|(\|\||&&|[|;])|(\d?>>?&?\s*\S+)|((?:[^\s"'|;>]|"[^"]*"|'[^']*')+)|(.))/gy;
  for (const [, comment, separator, redirection, word] of text.matchAll(pattern)) {
    if (comment !== undefined) break;
    if (separator !== undefined) commands.push([]);
    else if (redirection === undefined && word !== undefined) commands.at(-1)?.push(word.replaceAll(/["']/g, ""));
  }
  return commands;
}

/**
 * Why a command line could not be typed like this.
 *
 * @returns null when it can.
 */
export function refusal(program: Command, { words, whole }: CommandLine): string | null {
  return whole ? refusalByParsing(program, words) : refusalOfMention(program, words);
}

/** What the program itself says to it, required options and arguments included. */
function refusalByParsing(program: Command, words: readonly string[]): string | null {
  const lines: string[] = [];
  const quiet = { writeOut: () => {}, writeErr: (text: string) => lines.push(text.trim()) };
  for (const command of [program, ...descendants(program)]) command.exitOverride().configureOutput(quiet);
  try {
    program.parse([...words], { from: "user" });
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? null : (lines[0] ?? error.message);
  }
}

/** A sentence names a command and perhaps an option; what else is needed stands elsewhere. */
function refusalOfMention(program: Command, words: readonly string[]): string | null {
  let command = program;
  for (const word of words) {
    if (word.startsWith("-")) break;
    const below = command.commands.find((one) => one.name() === word);
    if (below === undefined) break;
    command = below;
  }
  const [first] = words;
  if (command === program && first !== undefined && /^[a-z]/.test(first)) return `unknown command '${first}'`;
  const known = command.options.flatMap((option) => [option.long, option.short, "--help", "-h"]);
  const unknown = words.find((word) => /^--?[A-Za-z]/.test(word) && !known.includes(word.split("=")[0]));
  return unknown === undefined ? null : `unknown option '${unknown}'`;
}

/** Every command below a program. */
export function descendants(program: Command): readonly Command[] {
  return program.commands.flatMap((command) => [command, ...descendants(command)]);
}
