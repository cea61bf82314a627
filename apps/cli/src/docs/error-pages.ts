import { type Code, EXIT_BY_CODE } from "@touchmark/core";
import { STATUS_MEANINGS } from "../commands/explain.ts";
import { textOf } from "../error-texts.ts";

const CODES = (Object.keys(EXIT_BY_CODE) as Code[]).sort();

/** One page for each code: the text of `touchmark explain CODE`. */
export function errorPages(): readonly (readonly [path: string, text: string])[] {
  return CODES.map((code) => [`errors/${code}.md`, errorPage(code)]);
}

/** All codes, by exit status. */
export function errorIndex(): string {
  const section = (status: 1 | 2 | 3) => {
    const rows = CODES.filter((code) => EXIT_BY_CODE[code] === status);
    return `## Exit status ${status}: ${STATUS_MEANINGS[status]}

| Code | Meaning |
|---|---|
${rows.map((code) => `| [${code}](${code}.md) | ${textOf(code).title.replaceAll("|", "\\|")} |`).join("\n")}
`;
  };
  return `# Error codes

Every error and every finding has a code. The list is closed. The same texts are in the program, also offline: \`touchmark explain CODE\`.

Exit status 0 means that everything holds. When several things are wrong, a failed verification (1) comes before what could not be found out (3). A code of status 2 can also stand in a report of \`touchmark verify\`, as a finding about an artifact; the command then ends with 1, as for every finding. Findings that fail nothing, such as [EXCEPTION_APPLIES](EXCEPTION_APPLIES.md), stand under status 1 too: their pages say so.

${([1, 2, 3] as const).map(section).join("\n")}
`
    .trimEnd()
    .concat("\n");
}

function errorPage(code: Code): string {
  const { title, meaning, remedy, more } = textOf(code);
  const status = EXIT_BY_CODE[code];
  return `# ${code}

${title}.

${linked(meaning)}

**Do:** ${linked(remedy)}
${more === undefined ? "" : `\n${linked(more)}\n`}
Exit status ${status}: ${STATUS_MEANINGS[status]}. [All codes](README.md)
`;
}

/** Pages that a text names become links. */
function linked(text: string): string {
  return text.replaceAll(/\bdocs\/([A-Za-z0-9/_-]+\.md)/g, "[docs/$1](../$1)");
}
