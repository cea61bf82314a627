import { describe, expect, it } from "vitest";
import { splitCommand } from "./signing.ts";

describe("splitCommand", () => {
  it.each([
    ["kms-sign", ["kms-sign"]],
    ["  kms  sign --key 'a b' ", ["kms", "sign", "--key", "a b"]],
    ['sh -c "echo hi"', ["sh", "-c", "echo hi"]],
    [`x a"b c"'d'e`, ["x", "ab cde"]],
    ["x $HOME `id` ; rm", ["x", "$HOME", "`id`", ";", "rm"]],
    ["x ''", ["x", ""]],
  ])("%s", (line, words) => {
    expect(splitCommand(line)).toEqual(words);
  });

  it.each(["", "   ", "x 'open", 'x "open', "''"])("refuses %j", (line) => {
    expect(() => splitCommand(line)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});
