import { describe, expect, it } from "vitest";
import { safe } from "./terminal.ts";

describe("safe", () => {
  it.each([
    ["plain name.tgz", "plain name.tgz"],
    ["ünïcödé 你好", "ünïcödé 你好"],
    ["a\u001b[2Jb", "a\\u001b[2Jb"],
    ["a\nb\r", "a\\u000ab\\u000d"],
    ["gpj.\u202eexe", "gpj.\\u202eexe"],
    ["a\u009b2Jb", "a\\u009b2Jb"],
    ["turned\u061c", "turned\\u061c"],
    ["soft\u00adhyphen\u2060", "soft\\u00adhyphen\\u2060"],
    ["zero\u200bwidth", "zero\\u200bwidth"],
  ])("%j is shown as %s", (text, shown) => {
    expect(safe(text)).toBe(shown);
  });
});
