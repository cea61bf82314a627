import { TouchmarkError } from "@touchmark/core";
import { expect, it } from "vitest";
import { recordingTerminal } from "../../test/recording-terminal.ts";
import { errorLines, printError } from "./error.ts";
import type { CommonOptions } from "./terminal.ts";

it("tells code, thing, expected, got and what to do", () => {
  const error = new TouchmarkError("PART_MISSING", "cli did not arrive", { expected: "2 parts", actual: "1" });
  const terminal = recordingTerminal();
  expect(printError(terminal, error, {})).toBe(2);
  expect(terminal.noted()).toMatch(
    /^E PART_MISSING {2}cli did not arrive\n {4}expected {3}2 parts\n {4}got {8}1\n {4}do {9}\S.*$/,
  );
  expect(terminal.text()).toBe("");
});

it("prints one document with --json, unknown values null", () => {
  const terminal = recordingTerminal({ json: true });
  printError(terminal, new TouchmarkError("ABORTED", "interrupted"), { json: true });
  expect(JSON.parse(terminal.text())).toEqual({
    error: { code: "ABORTED", message: "interrupted", expected: null, actual: null },
  });
});

it("calls what nobody foresaw INTERNAL, and shows where only when asked", () => {
  const told = (thrown: unknown, options: CommonOptions) => {
    const terminal = recordingTerminal();
    expect(printError(terminal, thrown, options)).toBe(3);
    return terminal.noted();
  };
  const cause = new TypeError("x is not a function");
  const text = told(cause, {});
  expect(text).toMatch(/^E INTERNAL .*\n {4}got {8}TypeError: x is not a function\n/);
  expect(text).not.toContain("error.test.ts");
  expect(told(cause, { verbose: true })).toContain("error.test.ts");
  expect(told("a string", {})).toContain("a string");
});

it("lets no text of a stranger reach the terminal", () => {
  const hostile = "\u001b[2J\u202e";
  const lines = errorLines(new TouchmarkError("NAME_REFUSED", hostile, { expected: hostile, actual: hostile }));
  for (const mark of ["\u001b", "\u202e"]) expect(lines.join("")).not.toContain(mark);
});
