import { describe, expect, it } from "vitest";
import { nearest } from "./nearest.ts";

describe("nearest", () => {
  it.each([
    ["part", ["parts", "use"], "parts"],
    ["gorelaeser", ["goreleaser", "files"], "goreleaser"],
    ["max_subjects", ["max-subjects", "folder"], "max-subjects"],
    ["USE", ["use"], "use"],
  ])("%s is meant to be %s", (word, known, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });

  it.each([
    ["zig", ["files", "goreleaser"]],
    ["", ["files"]],
    ["x", []],
  ])("%s is near to nothing", (word, known) => {
    expect(nearest(word, known)).toBeNull();
  });
});
