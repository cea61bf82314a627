import { EXIT_BY_CODE } from "@touchmark/core";
import { expect, test } from "vitest";
import { recordingTerminal } from "../../test/recording-terminal.ts";
import { explainCommand } from "./explain.ts";

async function explain(positional: readonly string[], json = false): Promise<string> {
  const terminal = recordingTerminal({ json });
  const context = { terminal, env: {}, cwd: "/", signal: new AbortController().signal };
  expect(await explainCommand(context, positional, {})).toBe(0);
  return terminal.text();
}

test("a code is explained with what to do and its exit status", async () => {
  const text = await explain(["NOT_COVERED"]);
  expect(text).toMatch(/^NOT_COVERED {2}No trusted statement mentions this artifact\.\n/);
  expect(text).toMatch(/\ndo {3}do not use the file/);
  expect(text).toContain("Exit status 1: a verification failed\n");
});

test.each(["part_missing", "part-missing", " Part Missing"])("%j is understood as PART_MISSING", async (word) => {
  expect(await explain([word.trim()])).toMatch(/^PART_MISSING /);
});

test("a command inside a text stays on one line", async () => {
  expect(await explain(["KEY_UNSET"])).toContain("\n    touchmark attest --dry-run\n");
});

test("no line is wider than a terminal, commands apart", async () => {
  for (const code of Object.keys(EXIT_BY_CODE)) {
    for (const line of (await explain([code])).split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  }
});

test("without a code every code is listed once, under its exit status", async () => {
  const text = await explain([]);
  const listed = [...text.matchAll(/^ {2}([A-Z_]+) {2,}\S/gm)].map((match) => match[1]);
  expect([...listed].sort()).toEqual(Object.keys(EXIT_BY_CODE).sort());
  expect(text.indexOf("Exit status 2")).toBeGreaterThan(text.indexOf("  NOT_COVERED"));
  expect(text.indexOf("Exit status 2")).toBeLessThan(text.indexOf("  USAGE"));
});

test("--json gives the text as data", async () => {
  expect(JSON.parse(await explain(["ABORTED"], true))).toMatchObject({ code: "ABORTED", exitStatus: 3, more: null });
  expect(JSON.parse(await explain([], true)).codes).toHaveLength(Object.keys(EXIT_BY_CODE).length);
});

test("a near miss is named", async () => {
  await expect(explain(["PART_MISING"])).rejects.toMatchObject({ code: "USAGE", expected: "PART_MISSING" });
});

test("a word that is like none is refused without a guess", async () => {
  const refused = { code: "USAGE", message: "there is no code zebra" };
  await expect(explain(["zebra"])).rejects.toMatchObject(refused);
});
