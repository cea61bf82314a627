import { type Code, EXIT_BY_CODE, nearest, TouchmarkError } from "@touchmark/core";
import type { Context } from "../context.ts";
import { textOf } from "../error-texts.ts";
import type { CommonOptions } from "../render/terminal.ts";

/** Where the pages stand that texts refer to as docs/…. */
const DOCS_URL = "https://github.com/touchmark/touchmark/tree/main/docs";
const WIDTH = 100;

/** What each exit status means, for people. */
export const STATUS_MEANINGS = {
  1: "a verification failed",
  2: "something that you wrote or handed in",
  3: "something outside: network, registry, disk, another program, an interruption",
} as const satisfies Record<1 | 2 | 3, string>;

/**
 * `touchmark explain [CODE]`: what a code means and what to do; every code without one. Works offline.
 *
 * @throws TouchmarkError `USAGE` for a code that does not exist; a near miss is named.
 */
export async function explainCommand(
  context: Context,
  positional: readonly string[],
  _options: CommonOptions,
): Promise<number> {
  const [word] = positional;
  const { terminal } = context;
  if (word === undefined) {
    if (terminal.json) terminal.result(JSON.stringify({ codes: allCodes().map(codeDocument) }, null, 2));
    else for (const line of listLines()) terminal.result(line);
    return 0;
  }
  const code = codeOf(word);
  if (terminal.json) terminal.result(JSON.stringify(codeDocument(code), null, 2));
  else for (const line of explanation(code)) terminal.result(line);
  return 0;
}

/** People copy a code with whatever stands around it, or type it in lower case. */
function codeOf(word: string): Code {
  const spelled = word.toUpperCase().replaceAll(/[\s-]+/g, "_");
  const found = allCodes().find((code) => code === spelled);
  if (found !== undefined) return found;
  const guess = nearest(spelled, allCodes());
  throw new TouchmarkError("USAGE", `there is no code ${word}${guess === null ? "" : `; did you mean ${guess}?`}`, {
    expected: guess ?? "a code that `touchmark explain` lists",
    actual: word,
  });
}

function allCodes(): readonly Code[] {
  return (Object.keys(EXIT_BY_CODE) as Code[]).sort();
}

function codeDocument(code: Code) {
  const { title, meaning, remedy, more } = textOf(code);
  return { code, exitStatus: EXIT_BY_CODE[code], title, meaning, remedy, more: more ?? null };
}

function listLines(): readonly string[] {
  const width = Math.max(...allCodes().map((code) => code.length));
  return ([1, 2, 3] as const)
    .flatMap((status) => [
      `Exit status ${status}: ${STATUS_MEANINGS[status]}`,
      ...allCodes()
        .filter((code) => EXIT_BY_CODE[code] === status)
        .map((code) => `  ${code.padEnd(width)}  ${textOf(code).title}`),
      "",
    ])
    .slice(0, -1);
}

function explanation(code: Code): readonly string[] {
  const { title, meaning, remedy, more } = textOf(code);
  const status = EXIT_BY_CODE[code];
  return [
    `${code}  ${title}.`,
    "",
    ...wrapped(meaning),
    "",
    ...wrapped(`do   ${remedy}`, "     "),
    ...(more === undefined ? [] : ["", ...more.split("\n").flatMap((line) => wrapped(line))]),
    "",
    `Exit status ${status}: ${STATUS_MEANINGS[status]}`,
    `Pages: ${DOCS_URL}`,
  ];
}

/** Breaks at spaces; lines that are indented are commands and stay whole. */
function wrapped(text: string, indent = ""): readonly string[] {
  if (text.startsWith("    ")) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else {
      line = lines.length === 0 && line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
