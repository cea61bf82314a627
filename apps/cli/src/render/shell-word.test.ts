import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shellWord } from "./shell-word.ts";

describe("shellWord", () => {
  it.each([
    ["touchmark-out/greet.intoto.jsonl", "touchmark-out/greet.intoto.jsonl"],
    ["my release/greet.intoto.jsonl", "'my release/greet.intoto.jsonl'"],
    ["it's", String.raw`'it'\''s'`],
    ["$(id)", "'$(id)'"],
    ["", "''"],
  ])("%j", (text, word) => {
    expect(shellWord(text)).toBe(word);
  });

  it.skipIf(process.platform === "win32")("a shell reads back what was written (skipped on Windows)", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (text) => {
        fc.pre(!text.includes("\0"));
        expect(spawnSync("sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" }).stdout).toBe(text);
      }),
      { numRuns: 50 },
    );
  });
});
