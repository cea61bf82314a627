import { expect, test } from "vitest";
import { buildProgram } from "../program.ts";
import { commandLines, descendants, refusal } from "./command-lines.ts";
import { allDocuments } from "./documents.ts";
import { readMarkdown } from "./markdown.ts";

const documents = allDocuments().filter(({ path }) => path !== "docs/commands.md");

/** A new program for each line: commander keeps the options of the line before. */
const program = () => buildProgram(async () => {});

function refusals(text: string): readonly (string | null)[] {
  return commandLines(readMarkdown(text)).map((line) => refusal(program(), line));
}

test.each(documents.map((document) => [document.path, document] as const))("commands in %s exist", (path, document) => {
  const wrong = commandLines(document).flatMap((line) => {
    const why = refusal(program(), line);
    return why === null ? [] : [`${path}:${line.line}  touchmark ${line.words.join(" ")}: ${why}`];
  });
  expect(wrong).toEqual([]);
});

test("the README shows installing, verify, a dry run and attest, in this order, before anything else", () => {
  const readme = documents.find(({ path }) => path === "README.md");
  const lines = (readme?.code ?? []).slice(0, 12).map(({ text }) => text);
  const order = [
    "npm install --global touchmark",
    "touchmark verify",
    "touchmark attest --dry-run",
    "touchmark attest --from",
  ];
  const places = order.map((start) => lines.findIndex((line) => line.startsWith(start)));
  expect(places).toEqual([...places].sort((left, right) => left - right));
  expect(places).not.toContain(-1);
});

test("every command is shown somewhere", () => {
  const shown = documents.flatMap((document) => commandLines(document).map(({ words }) => `${words.join(" ")} `));
  const paths = descendants(program())
    .filter(({ commands }) => commands.length === 0)
    .map((command) => (command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name()));
  expect(paths).toContain("keys generate");
  expect(paths.filter((path) => !shown.some((line) => line.startsWith(`${path} `)))).toEqual([]);
});

const pasted = (line: string) => `\`\`\`sh\n${line}\n\`\`\``;

test.each([
  ["touchmark verify dist --no-such-flag", "--no-such-flag"],
  ["$ npx touchmark verfy dist", "verfy"],
  ["touchmark verify", "TARGET"],
  ["touchmark collect cli", "--output"],
  ["touchmark attest --key", "--key"],
  ["- run: npx --no-install touchmark combine a.json -o", "-o"],
  ["cd npm && touchmark inspect a --frm b", "--frm"],
  ["node apps/cli/dist/touchmark.cjs check --fast", "--fast"],
  ["touchmark keys generate --algorithm rsa", "rsa"],
])("%s is refused", (line, word) => {
  expect(refusals(pasted(line))).toEqual([expect.stringContaining(word)]);
});

test.each([
  "touchmark verify dist --key a.pub --key b.pub  # a comment with --flags",
  "npx touchmark attest --from 'files:dist/*.tar.gz' --expect 3 > out.txt",
  "touchmark verify dist --key touchmark.pub --json | jq -e '.result == \"verified\"'",
  `touchmark collect cli --part \${{ matrix.target }} -o x.subjects.json`,
  "source <(touchmark completion bash)",
  "touchmark attest --key \\\n  touchmark.key",
])("%s passes", (line) => {
  expect(refusals(pasted(line))).toEqual([null]);
});

test("a mention needs a command and options that exist, and nothing else", () => {
  expect(refusals("`touchmark collect` and `touchmark verify --key`")).toEqual([null, null]);
  expect(refusals("`touchmark colect`")).toEqual(["unknown command 'colect'"]);
  expect(refusals("`touchmark keys generate --force`")).toEqual(["unknown option '--force'"]);
  expect(refusals("`touchmark COMMAND --help` and `touchmark.key`")).toEqual([null]);
});
