import { describe, expect, it } from "vitest";
import { MAX_TEXT } from "../limits.ts";
import { digest, line, patterns } from "./fields.ts";

const hex = (digits: number) => "0123456789abcdef".repeat(9).slice(0, digits);

describe("a digest", () => {
  it.each([
    ["sha256", 64],
    ["sha384", 96],
    ["sha512", 128],
    ["narSha256", 64],
  ])("by %s has its length, and is hex in lower case", (algorithm, digits) => {
    const passes = (text: string) => digest.safeParse(text).success;
    expect(passes(`${algorithm}:${hex(digits)}`)).toBe(true);
    for (const other of [hex(digits - 1), hex(digits + 1), hex(digits).toUpperCase(), `${hex(digits - 1)}g`, ""]) {
      expect(passes(`${algorithm}:${other}`)).toBe(false);
    }
    for (const other of [
      `x${algorithm}:${hex(digits)}`,
      `${algorithm}:${hex(digits)}\n`,
      `${algorithm}${hex(digits)}`,
    ]) {
      expect(passes(other)).toBe(false);
    }
  });

  it.each(["sha1", "md5", "SHA256", "sha512_256"])("is not by %s", (algorithm) => {
    expect(digest.safeParse(`${algorithm}:${hex(64)}`).success).toBe(false);
  });
});

describe("a line", () => {
  it.each(["a", "   a reason", "é 你", "a".repeat(MAX_TEXT)])("may be %j", (text) => {
    expect(line.safeParse(text).success).toBe(true);
  });

  it.each(["", " ", "a\nb", "a\u0000", "a\u202eb", "a".repeat(MAX_TEXT + 1)])("cannot be %j", (text) => {
    expect(line.safeParse(text).success).toBe(false);
  });
});

describe("a pattern of purls", () => {
  it.each(["pkg:**", "pkg:npm/*", "pkg:npm/**", "xpkg:*", "a/pkg:*"])("may be %j", (text) => {
    expect(patterns.safeParse(text).success).toBe(true);
  });

  it.each([
    ["pkg:*", "pkg:**"],
    ["pkg:npm*", "pkg:npm**"],
    ["pkg:*npm*", "pkg:*npm**"],
    ["pkg:npm", "pkg:npm**"],
  ])("that matches none is told the one that was meant: %j", (text, meant) => {
    const told = patterns
      .safeParse(text)
      .error?.issues.flatMap((issue) => (issue.code === "invalid_union" ? issue.errors.flat() : [issue]));
    expect(told?.map(({ message }) => message)).toContain(
      `no purl matches this, since * ends at a slash: did you mean ${meant}`,
    );
  });
});
