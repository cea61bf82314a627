import { leastCpuMs } from "@touchmark/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Glob, isLiteral, isPrefix, matchesGlob, readGlob } from "./glob.ts";
import { PatternIndex } from "./pattern-index.ts";

function glob(text: string): Glob {
  const read = readGlob(text);
  if (typeof read === "string") throw new Error(read);
  return read;
}

describe("a pattern", () => {
  it.each([
    ["tool", "tool", true],
    ["tool", "tool2", false],
    ["tool", "a/tool", false],
    ["Tool", "tool", false],
    ["tool-*", "tool-linux", true],
    ["tool-*", "tool-", true],
    ["tool-*", "tool-linux/x", false],
    ["tool-**", "tool-linux/x", true],
    ["*", "tool", true],
    ["*", "a/tool", false],
    ["**", "a/tool", true],
    ["**", "", true],
    ["*.tgz", "x.tgz", true],
    ["*.tgz", ".tgz", true],
    ["*.tgz", "x.tgz.sig", false],
    ["**/tool", "a/b/tool", true],
    ["**/tool", "tool", false],
    ["a*b*c", "aXbYc", true],
    ["a*b*c", "ac", false],
    ["a*a", "a", false],
    ["a.c", "abc", false],
    ["a?c", "abc", false],
    ["a+", "aa", false],
    ["quay.io/octo/app*", "quay.io/octo/app-x", true],
    ["quay.io/octo/app*", "quayXio/octo/app", false],
    ["pkg:npm/%40octo/*", "pkg:npm/%40octo/sdk@1.2.3", true],
    ["pkg:npm/%40octo/*", "pkg:npm/%40evil/sdk@1.2.3", false],
    ["pkg:npm/%40octo/*", "pkg:npm/%40octo/a/b", false],
    ["pkg:**", "pkg:npm/x", true],
    ["x*\u{1f600}", "xy\u{1f600}", true],
  ])("%s and %j: %s", (pattern, name, expected) => {
    expect(matchesGlob(glob(pattern), name)).toBe(expected);
  });

  it.each(["", "a[bc]", "a{b,c}", "a\\*", "a***", "a\nb", "a\u202eb", "x".repeat(513)])("%j is refused", (text) => {
    expect(readGlob(text)).toEqual(expect.any(String));
  });

  it("has 512 characters at most", () => {
    expect(readGlob("x".repeat(512))).toMatchObject({ prefix: "x".repeat(512) });
  });

  it.each([
    ["tool", "tool", "tool", true, false],
    ["*", "", "", false, false],
    ["**", "", "", false, true],
    ["tool-*", "tool-", "", false, false],
    ["tool-**", "tool-", "", false, true],
    ["**x", "", "x", false, false],
    ["*x**", "", "", false, false],
    ["a*b*.tgz", "a", ".tgz", false, false],
    ["a*b**", "a", "", false, false],
  ])("%s begins with %j and ends in %j", (text, prefix, suffix, literal, whole) => {
    const read = glob(text);
    expect(read).toMatchObject({ prefix, suffix });
    expect([isLiteral(read), isPrefix(read)]).toEqual([literal, whole]);
  });

  const parts = fc.array(fc.constantFrom("*", "**", "a", "b", "/", "."), { maxLength: 8 });

  it("matches what the regular expression for it does", () => {
    fc.assert(
      fc.property(parts, fc.string({ unit: fc.constantFrom("a", "b", "/", "."), maxLength: 10 }), (pieces, name) => {
        const text = pieces.join("");
        fc.pre(text !== "" && !text.includes("***"));
        const expression = text
          .split(/(\*\*|\*)/)
          .map((piece) => (piece === "**" ? "[^]*" : piece === "*" ? "[^/]*" : piece.replaceAll(".", "\\.")))
          .join("");
        expect(matchesGlob(glob(text), name)).toBe(new RegExp(`^${expression}$`).test(name));
      }),
    );
  });

  it.each([
    ["*a".repeat(200), `${"a".repeat(4_000)}b`],
    [`${"**a".repeat(150)}b`, `${"a".repeat(4_000)}b`],
    [`${"a*".repeat(200)}x`, `${"a".repeat(4_000)}x`],
  ])("%# takes no long time for any name", async (pattern, name) => {
    const read = glob(pattern);
    expect(await leastCpuMs(100, () => matchesGlob(read, name))).toBeLessThan(100);
  });
});

describe("many patterns", () => {
  const indexOf = (...patterns: readonly string[]) => {
    const index = new PatternIndex();
    for (const [owner, one] of patterns.entries()) index.add(glob(one), owner);
    return index;
  };

  it("are of the first that has them", () => {
    expect(indexOf("tool", "tool").firstOf("tool")).toBe(0);
    expect(indexOf("tool*", "tool").firstOf("tool")).toBe(0);
    expect(indexOf("lib", "tool", "t*").firstOf("tool")).toBe(1);
    expect(indexOf("t*", "to*", "t*").firstOf("tool")).toBe(0);
    expect(indexOf("x*", "to*l", "t*").firstOf("tool")).toBe(1);
  });

  it.each<[readonly string[], string, number | null]>([
    [["tool"], "tool", 0],
    [["t*"], "tool", 0],
    [["x", "t*"], "t*", 1],
    [["t**"], "tool-*", 0],
    [["**"], "*", 0],
    [["t*"], "to*", null],
    [["t**l"], "t**", null],
    [["tool"], "tool*", null],
    [["x**", "t**", "**"], "tool*", 1],
  ])("%j cover %s: %s", (patterns, text, expected) => {
    expect(indexOf(...patterns).coverOf(glob(text))).toBe(expected);
  });

  const pattern = fc
    .array(fc.constantFrom("*", "**", "a", "b", "ab", "/"), { minLength: 1, maxLength: 5 })
    .map((pieces) => pieces.join(""))
    .filter((text) => !text.includes("***"));
  const name = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 8 });

  it("are found as if each were tried in turn", () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 12 }), name, (patterns, text) => {
        const index = new PatternIndex();
        for (const [owner, one] of patterns.entries()) index.add(glob(one), owner);
        const first = patterns.findIndex((one) => matchesGlob(glob(one), text));
        expect(index.firstOf(text)).toBe(first === -1 ? null : first);
      }),
    );
  });

  it("cover a further one only if each of its names is matched before", () => {
    fc.assert(
      fc.property(
        fc.array(pattern, { maxLength: 6 }),
        pattern,
        fc.array(name, { maxLength: 20 }),
        (patterns, last, names) => {
          const index = new PatternIndex();
          for (const [owner, one] of patterns.entries()) index.add(glob(one), owner);
          const cover = index.coverOf(glob(last));
          fc.pre(cover !== null);
          for (const text of names.filter((one) => matchesGlob(glob(last), one))) {
            expect(index.firstOf(text)).toBeLessThanOrEqual(cover ?? -1);
          }
        },
      ),
    );
  });
});
