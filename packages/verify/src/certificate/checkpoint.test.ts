import { describe, expect, it } from "vitest";
import { checkCheckpoint } from "./checkpoint.ts";
import { MAX_CHECKPOINT_SIGNATURES } from "./limits.ts";

const rootHash = Buffer.alloc(32, 7);
const ROOT = rootHash.toString("base64");
const HOSTS = ["log.example", "log.example:8080"];

const check = (treeSize: string, ...lines: readonly string[]) =>
  checkCheckpoint({ logIndex: "0", hashes: [], rootHash, treeSize, checkpoint: lines.join("\n") }, HOSTS);
const invalid = (expected: string, actual: string) =>
  expect.objectContaining({ code: "LOG_ENTRY_INVALID", expected, actual });
const malformed = (actual: string) => invalid("the proof's tree size and root hash", actual);

describe("holds", () => {
  it.each([
    ["a name", "log.example"],
    ["a name with a port", "log.example:8080"],
    ["a name with the tree's number", "log.example - 1193050959916656506"],
    ["one with the longest number", `log.example - ${"9".repeat(20)}`],
  ])("%s", (_, origin) => {
    check("12", origin, "12", ROOT, "", "\u2014 log.example AAAA", "");
    check("12", origin, "12", ROOT, "an extension", "", "\u2014 log.example AAAA", "");
  });

  it("as many signatures as a checkpoint may have, beside lines that are none", () => {
    const signatures = Array<string>(MAX_CHECKPOINT_SIGNATURES).fill("\u2014 log.example AAAA");
    check("12", "log.example", "12", ROOT, "an extension \u2014 ", "", ...signatures, "");
  });

  it("the smallest and the largest sizes", () => {
    check("0", "log.example", "0", ROOT, "");
    check("9".repeat(16), "log.example", "9".repeat(16), ROOT, "");
  });
});

describe("does not hold", () => {
  it.each([
    ["another log", "other.example"],
    ["a longer name", "log.example.evil"],
    ["a name behind another", "evil log.example"],
    ["a name with a path", "log.example/tree"],
    ["a number that is none", "log.example - x1"],
    ["something behind the number", "log.example - 1x"],
    ["a number too long", `log.example - ${"9".repeat(21)}`],
    ["a number without its dash", "log.example 1"],
    ["no name", ""],
  ])("%s", (_, origin) => {
    const named = invalid("log.example or log.example:8080", JSON.stringify(origin));
    expect(() => check("12", origin, "12", ROOT, "")).toThrow(named);
  });

  it("a long name, of which the beginning is shown", () => {
    expect(() => check("12", "x".repeat(121), "12", ROOT, "")).toThrow(
      invalid("log.example or log.example:8080", JSON.stringify("x".repeat(120))),
    );
  });

  it.each([
    ["another size", "12", "13"],
    ["a size with a zero before it", "012", "012"],
    ["a size with a sign", "+12", "+12"],
    ["a size with something behind it", "12x", "12x"],
    ["a size too long", "9".repeat(17), "9".repeat(17)],
    ["no size", "", ""],
  ])("%s", (_, proof, size) => {
    expect(() => check(proof, "log.example", size, ROOT, "")).toThrow(malformed("another tree size"));
  });

  it("another root, or one written otherwise", () => {
    for (const root of [Buffer.alloc(32, 8).toString("base64"), ROOT.replace(/=$/, "")]) {
      expect(() => check("12", "log.example", "12", root, "")).toThrow(malformed("another root hash"));
    }
  });

  it("one signature too many", () => {
    const signatures = Array<string>(MAX_CHECKPOINT_SIGNATURES + 1).fill("\u2014 log.example AAAA");
    expect(() => check("12", "log.example", "12", ROOT, "", ...signatures, "")).toThrow(
      invalid(`at most ${MAX_CHECKPOINT_SIGNATURES}`, `${MAX_CHECKPOINT_SIGNATURES + 1}`),
    );
  });

  it("a note without an end", () => {
    for (const more of [[], ["an extension"]]) {
      expect(() => check("12", "log.example", "12", ROOT, ...more)).toThrow(malformed("no end of the note"));
    }
  });
});
