import { describe, expect, it } from "vitest";
import { readParameterPath, shownPath } from "./parameter-path.ts";

describe("where a parameter stands", () => {
  it.each<[string, readonly string[]]>([
    ["inputs", ["inputs"]],
    ["inputs.release_tag", ["inputs", "release_tag"]],
    ['inputs."release.tag"', ["inputs", "release.tag"]],
    [String.raw`"a\"b".c`, ['a"b', "c"]],
    ['"a"', ["a"]],
    ['""', [""]],
    ["[0].\u00e4 b", ["[0]", "\u00e4 b"]],
  ])("%s", (text, names) => {
    expect(readParameterPath(text)).toEqual(names);
    expect(readParameterPath(shownPath(names))).toEqual(names);
  });

  it.each(["", ".", ".a", "a.", "a..b", '"a', 'a"', 'a"b"', '"a"b', String.raw`"a\x"`, String.raw`a\b`, 'a."', '"'])(
    "%s is none",
    (text) => {
      expect(readParameterPath(text)).toBeNull();
    },
  );

  it.each<[readonly string[], string]>([
    [["inputs", "tag"], "inputs.tag"],
    [["a.b", "c"], '"a.b".c'],
    [[".a"], '".a"'],
    [["a."], '"a."'],
    [['"'], String.raw`"\""`],
    [["\\"], String.raw`"\\"`],
    [[""], '""'],
  ])("%j is shown as it is written: %s", (names, text) => {
    expect(shownPath(names)).toBe(text);
  });
});
