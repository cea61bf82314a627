import { describe, expect, it } from "vitest";
import { COMMANDS, type CommandName } from "./flags.ts";
import { parseFlags } from "./parse-flags.ts";
import { UsageError } from "./usage-error.ts";

const NEEDED = ["--provenance-path", "p", "--source-uri", "s"];
const parse = (...args: readonly string[]) => parseFlags("verify-artifact", [...NEEDED, ...args]);

it("a value follows its flag, or its equals sign, whatever it is", () => {
  const typed = parse(
    "--builder-id=a=b",
    "--source-branch",
    "--source-tag",
    "--source-tag=",
    "one",
    "--",
    "--two",
    "-3",
  );
  expect(typed.text("builder-id")).toBe("a=b");
  expect(typed.text("source-branch")).toBe("--source-tag");
  expect(typed.text("source-tag")).toBe("");
  expect(typed.text("source-versioned-tag")).toBeNull();
  expect(typed.positional).toEqual(["one", "--two", "-3"]);
});

it("of a text the last one counts, of a list all", () => {
  const typed = parse("--source-uri", "t", "--provenance-path=q", "--artifact-digest", "a");
  expect(typed.required("source-uri")).toBe("t");
  expect(typed.list("provenance-path")).toEqual(["p", "q"]);
  expect(typed.list("artifact-digest")).toEqual(["a"]);
  expect(typed.list("build-workflow-input")).toEqual([]);
});

it.each([
  [[], null],
  [["--print-provenance"], true],
  [["--print-provenance=true"], true],
  [["--print-provenance=1"], true],
  [["--print-provenance=false"], false],
  [["--print-provenance", "--print-provenance=F"], false],
])("the switch of %j is %j", (args, expected) => {
  expect(parse(...args).switch("print-provenance")).toBe(expected);
});

it("a switch takes no value without an equals sign", () => {
  expect(parse("--print-provenance", "false").positional).toEqual(["false"]);
});

describe("what slsa-verifier does not take", () => {
  it.each([
    ["an unknown flag", ["--unknown"], "unknown flag: --unknown"],
    ["an unknown flag with a value", ["--unknown=x"], "unknown flag: --unknown"],
    ["a flag of another command", ["--package-name", "x"], "unknown flag: --package-name"],
    ["a name that objects have", ["--constructor", "x"], "unknown flag: --constructor"],
    ["a short flag", ["-x"], 'unknown shorthand flag: "x" in -x'],
    ["no value", ["--builder-id"], "flag needs an argument: --builder-id"],
    ["another truth", ["--print-provenance=yes"], 'invalid argument "yes" for "--print-provenance" flag'],
    ["two kinds of tag", ["--source-tag", "a", "--source-versioned-tag", "b"], "none of the others can be"],
  ])("%s", (_what, args, message) => {
    expect(() => parse(...args)).toThrow(UsageError);
    expect(() => parse(...args)).toThrow(message);
  });

  it("what is needed and missing is named", () => {
    expect(() => parseFlags("verify-artifact", ["x"])).toThrow(
      'required flag(s) "provenance-path", "source-uri" not set',
    );
    expect(() => parseFlags("verify-image", []).required("provenance-path")).toThrow(
      'required flag(s) "source-uri" not set',
    );
    expect(() => parseFlags("verify-image", ["--source-uri", "s"]).required("provenance-path")).toThrow(
      'required flag(s) "provenance-path" not set',
    );
  });
});

it("who asks for help is asked for nothing", () => {
  for (const name of Object.keys(COMMANDS)) {
    expect(parseFlags(name as CommandName, ["--help"]).asksHelp).toBe(true);
    expect(parseFlags(name as CommandName, ["-h"]).asksHelp).toBe(true);
  }
  expect(parse("--", "--help").asksHelp).toBe(false);
});

it("no command has a flag twice", () => {
  for (const { flags } of Object.values(COMMANDS)) {
    const names = flags.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  }
});
