import { expect, it } from "vitest";
import { literalPrefix } from "./literal-prefix.ts";

it.each([
  ["abc", "abc"],
  [String.raw`https://github\.com/octo/.*`, "https://github.com/octo/"],
  [String.raw`a\.b\/c\-d.`, "a.b/c-d"],
  ["a|b", ""],
  ["ab?c", "a"],
  ["ab*c", "a"],
  ["ab{0,2}c", "a"],
  ["ab+c", "ab"],
  [String.raw`a\.?b`, "a"],
  [String.raw`a\.+b`, "a."],
  [String.raw`a\wb`, "a"],
  [String.raw`a\x41b`, "a"],
  [String.raw`a\1`, "a"],
  ["a.b", "a"],
  ["a^b", "a"],
  ["a$b", "a"],
  ["a(b)c", "a"],
  ["a[b]c", "a"],
  [".*", ""],
  ["", ""],
])("what %s matches begins with %j", (pattern, prefix) => {
  expect(literalPrefix(pattern)).toBe(prefix);
});
