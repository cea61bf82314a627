import { describe, expect, it } from "vitest";
import { checkCheckpoint } from "./checkpoint.ts";
import { MAX_CHECKPOINT_SIGNATURES } from "./limits.ts";

const rootHash = Buffer.alloc(32, 7);
const ROOT = rootHash.toString("base64");
const HOSTS = ["log.example", "log.example:8080"];

const check = (treeSize: string, ...lines: readonly string[]) =>
  checkCheckpoint({ rootHash, treeSize, checkpoint: lines.join("\n") }, HOSTS);
const invalid = expect.objectContaining({ code: "LOG_ENTRY_INVALID" });

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
    expect(() => check("12", origin, "12", ROOT, "")).toThrow(invalid);
  });

  it.each([
    ["another size", "12", "13"],
    ["a size with a zero before it", "012", "012"],
    ["a size with a sign", "+12", "+12"],
    ["a size with something behind it", "12x", "12x"],
    ["a size too long", "9".repeat(17), "9".repeat(17)],
    ["no size", "", ""],
  ])("%s", (_, proof, size) => {
    expect(() => check(proof, "log.example", size, ROOT, "")).toThrow(invalid);
  });

  it("another root, or one written otherwise", () => {
    expect(() => check("12", "log.example", "12", Buffer.alloc(32, 8).toString("base64"), "")).toThrow(invalid);
    expect(() => check("12", "log.example", "12", ROOT.replace(/=$/, ""), "")).toThrow(invalid);
  });

  it("one signature too many", () => {
    const signatures = Array<string>(MAX_CHECKPOINT_SIGNATURES + 1).fill("\u2014 log.example AAAA");
    expect(() => check("12", "log.example", "12", ROOT, "", ...signatures, "")).toThrow(invalid);
  });

  it("a note without an end", () => {
    expect(() => check("12", "log.example", "12", ROOT)).toThrow(invalid);
    expect(() => check("12", "log.example", "12", ROOT, "an extension")).toThrow(invalid);
  });
});
