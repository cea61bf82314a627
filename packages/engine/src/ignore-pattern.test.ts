import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ignoring } from "./ignore-pattern.ts";

describe("ignoring", () => {
  it.each([
    ["*.md", "README.md", true],
    ["*.md", "docs/README.md", true],
    ["*.md", "README.mdx", false],
    ["README", "docs/README", true],
    ["docs/*.md", "docs/a.md", true],
    ["docs/*.md", "docs/deep/a.md", false],
    ["docs/*.md", "x/docs/a.md", false],
    ["docs/**", "docs/deep/a.md", true],
    ["docs/", "docs/deep/a.md", true],
    ["./docs/", "docs/a.md", true],
    ["docs/", "docs", false],
    ["**/a.md", "a.md", true],
    ["**/a.md", "x/y/a.md", true],
    ["**/a.md", "x/ya.md", false],
    ["a/**/b", "a/b", true],
    ["a/**/b", "a/x/y/b", true],
    ["?.md", "a.md", true],
    ["?.md", "ab.md", false],
    [".*", ".profile", true],
    ["a.b", "aXb", false],
    ["[ab]", "a", false],
    ["[ab]", "[ab]", true],
    ["a{1}+(b)|^$", "a{1}+(b)|^$", true],
    ["*", "line\nend", true],
    ["📦?", "📦📦", true],
  ])("%s and %s: %s", (pattern, name, expected) => {
    expect(ignoring([pattern])(name)).toBe(expected);
  });

  it("takes several patterns, and none", () => {
    expect(ignoring(["*.md", "*.txt"])("a.txt")).toBe(true);
    expect(ignoring([])("a.txt")).toBe(false);
  });

  it.each(["", "./"])("refuses an empty pattern (%j)", (pattern) => {
    expect(() => ignoring([pattern])).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  it("takes any text that has no wildcard for itself only", () => {
    const plain = fc.string({ minLength: 1 }).filter((text) => !/[*?/]/.test(text) && text.isWellFormed());
    fc.assert(
      fc.property(plain, plain, (pattern, name) => {
        expect(ignoring([pattern])(name)).toBe(pattern === name);
      }),
    );
  });
});
