import { describe, expect, it } from "vitest";
import { MAX_CERTIFICATE_TEXT, MAX_PATTERN, MAX_PATTERN_TEXT } from "./certificate/limits.ts";
import { checkedText, matches, shownMatch, wholePattern } from "./match.ts";

const usage = expect.objectContaining({ code: "USAGE" });
const WORKFLOW = "https://github.com/octo/builders/.github/workflows/go.yml";

describe("a name matches", () => {
  it("exactly", () => {
    expect(matches({ exact: "a@b.example" }, "a@b.example")).toBe(true);
    expect(matches({ exact: "a@b.example" }, "a@b.example.evil")).toBe(false);
    expect(matches({ exact: "a@b.example" }, "A@b.example")).toBe(false);
  });

  it("as a workflow at any ref", () => {
    expect(matches({ workflow: WORKFLOW }, `${WORKFLOW}@refs/heads/main`)).toBe(true);
    expect(matches({ workflow: WORKFLOW }, WORKFLOW)).toBe(false);
    expect(matches({ workflow: WORKFLOW }, `${WORKFLOW}.evil@refs/heads/main`)).toBe(false);
    expect(matches({ workflow: WORKFLOW }, `https://evil.example/${WORKFLOW}@`)).toBe(false);
  });

  it("a pattern as a whole", () => {
    const pattern = wholePattern("https://octo\\.example/(?:a|b)");
    expect(matches(pattern, "https://octo.example/b")).toBe(true);
    expect(matches(pattern, "https://octo.example/bc")).toBe(false);
    expect(matches(pattern, "x https://octo.example/b")).toBe(false);
    expect(matches(pattern, "https://octo-example/b")).toBe(false);
  });

  it("a pattern up to the length that it is tried on", () => {
    const pattern = wholePattern("octo.*");
    expect(matches(pattern, "octo".padEnd(MAX_PATTERN_TEXT, "x"))).toBe(true);
    expect(matches(pattern, "octo".padEnd(MAX_PATTERN_TEXT + 1, "x"))).toBe(false);
  });
});

it("what is meant is shown", () => {
  expect(shownMatch({ exact: "a" })).toBe("a");
  expect(shownMatch({ workflow: "a" })).toBe("a@…");
  expect(shownMatch(wholePattern("octo.*"))).toBe("pattern octo.*");
});

describe("a pattern", () => {
  it("may have its length and no more", () => {
    expect(shownMatch(wholePattern("x".repeat(MAX_PATTERN)))).toMatch(/^pattern x+$/);
    expect(() => wholePattern("x".repeat(MAX_PATTERN + 1))).toThrow(usage);
  });

  it.each(["(", "a)|(?:.*", "[", ".*", "", "(?:a+)+$", "\\S+@\\S+\\.\\S+"])("%s is refused", (text) => {
    expect(() => wholePattern(text)).toThrow(usage);
  });
});

describe("a text of a certificate", () => {
  it("has its length and no more", () => {
    expect(checkedText("x".repeat(MAX_CERTIFICATE_TEXT), "it")).toHaveLength(MAX_CERTIFICATE_TEXT);
    expect(() => checkedText("x".repeat(MAX_CERTIFICATE_TEXT + 1), "it")).toThrow(usage);
  });

  it.each([[""], ["a b"], ["é"], ["a\n"], ["\u0000"]])("is not %j", (text) => {
    expect(() => checkedText(text, "it")).toThrow(usage);
  });

  it("is shown where it is refused, and of a long one the beginning", () => {
    const refusal = { code: "USAGE", expected: `1 to ${MAX_CERTIFICATE_TEXT} ASCII characters without spaces` };
    expect(() => checkedText("a b", "it")).toThrow(expect.objectContaining({ ...refusal, actual: '"a b"' }));
    expect(() => checkedText(" ".padEnd(121, "x"), "it")).toThrow(
      expect.objectContaining({ ...refusal, actual: `" ${"x".repeat(119)}"` }),
    );
  });
});
