import { TouchmarkError } from "@touchmark/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { recordingTerminal } from "../../test/recording-terminal.ts";
import { errorLines, printError } from "./error.ts";

let printed = "";

beforeEach(() => {
  printed = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(() => vi.restoreAllMocks());

it("tells code, thing, expected, got and what to do", () => {
  const error = new TouchmarkError("PART_MISSING", "cli did not arrive", { expected: "2 parts", actual: "1" });
  expect(printError(recordingTerminal(), error, {})).toBe(2);
  expect(printed).toMatch(
    /^E PART_MISSING {2}cli did not arrive\n {4}expected {3}2 parts\n {4}got {8}1\n {4}do {9}\S.*\n$/,
  );
});

it("prints one document with --json, unknown values null", () => {
  const terminal = recordingTerminal({ json: true });
  printError(terminal, new TouchmarkError("ABORTED", "interrupted"), { json: true });
  expect(JSON.parse(terminal.text())).toEqual({
    error: { code: "ABORTED", message: "interrupted", expected: null, actual: null },
  });
});

it("calls what nobody foresaw INTERNAL, and shows where only when asked", () => {
  const cause = new TypeError("x is not a function");
  expect(printError(recordingTerminal(), cause, {})).toBe(3);
  expect(printed).toMatch(/^E INTERNAL .*\n {4}got {8}TypeError: x is not a function\n/);
  expect(printed).not.toContain("error.test.ts");
  printError(recordingTerminal(), cause, { verbose: true });
  expect(printed).toContain("error.test.ts");
  printed = "";
  expect(printError(recordingTerminal(), "a string", {})).toBe(3);
  expect(printed).toContain("a string");
});

it("lets no text of a stranger reach the terminal", () => {
  const hostile = "\u001b[2J\u202e";
  const lines = errorLines(new TouchmarkError("NAME_REFUSED", hostile, { expected: hostile, actual: hostile }));
  for (const mark of ["\u001b", "\u202e"]) expect(lines.join("")).not.toContain(mark);
});
