import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tagRange } from "./tag-range.ts";

describe("a range of tags", () => {
  it.each([
    [">=1.4 <2", "v1.4.0", true],
    [">=1.4 <2", "1.9.9", true],
    [">=1.4 <2", "v1.4.0+build.7", true],
    [">=1.4 <2", "v2.0.0", false],
    [">=1.4 <2", "v1.3.9", false],
    [">=1.4 <2", "v1.5.0-rc.1", false],
    [">=1.5.0-rc.1 <2", "v1.5.0-rc.2", true],
    ["*", "v1", false],
    ["*", "v1.2", false],
    ["*", "main", false],
    ["*", "vv1.2.3", false],
    ["*", "v01.2.3", false],
    ["*", "v1.2.3 ", false],
    ["*", "cli@1.2.3", false],
    ["*", "v1.2.3/../x", false],
  ])("%s takes %s: %s", (text, tag, expected) => {
    expect(tagRange(text)?.accepts(tag)).toBe(expected);
  });

  it.each(["", " ", "main", "1.2.3.4", ">="])("%j is none", (text) => {
    expect(tagRange(text)).toBeNull();
  });

  it("takes what has the form of a release alone", () => {
    const any = tagRange("*");
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("v", "1", "0", ".", "-", "+", "a", "/", " ", "\n") }), (tag) => {
        if (any?.accepts(tag) === true) expect(tag).toMatch(/^v?\d+\.\d+\.\d+(\+[0-9A-Za-z.-]+)?$/);
      }),
    );
  });
});
