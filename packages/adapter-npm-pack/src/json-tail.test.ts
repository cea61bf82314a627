import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonTail } from "./json-tail.ts";

const start = (text: string) => findJsonTail(Buffer.from(text));
const container = fc
  .oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()))
  .filter((value) => value !== null);
/** Ends so that what follows is no part of it. */
const noise = fc.string({ unit: "binary" }).filter((text) => !/[[,:]\s*$/.test(text) && text.trim() !== "");

describe("findJsonTail", () => {
  it("finds the list after what scripts printed", () => {
    expect(start("prepack-noise\n[\n  {}\n]\n")).toBe(14);
    expect(start('noise without a line end[{"a":"]"}]')).toBe(24);
    expect(start("Packing:\n[]")).toBe(9);
    expect(start('> x@1.0.0 prepack [a] {b} "c\n\n{"a":1}\n')).toBe(30);
  });

  it("is not misled by brackets, quotes and backslashes inside of texts", () => {
    const text = JSON.stringify({ "]": '[{"\\', a: ['"', "\\\\", "}"] });
    expect(start(`noise\n${text}`)).toBe(6);
    expect(start('["[",","]')).toBe(0);
  });

  it.each([
    ["nothing", ""],
    ["a text", "done"],
    ["a number", "12"],
    ["text after it", "[]\nDone in 1s"],
    ["no start", "1, 2]"],
    ["an open text", '"a]'],
  ])("is null for %s", (_what, text) => {
    expect(start(text)).toBeNull();
  });

  it.each([
    ["an indented member", '[\n  {\n    "a": 1\n  }'],
    ["a member after a comma", '[{"a":1},{"a":2}'],
    ["a member after a bracket", '[{"a":1}'],
    ["a value after a colon", '{"a": {"b": 1}'],
    ["a list inside of one", '[\n  {\n    "files": []'],
    ["a member on a line of its own after a comma", '[{"a":1},\n{"a":2}'],
  ])("refuses what is left of a longer list: %s", (_what, text) => {
    expect(start(text)).toBeNull();
  });

  it("finds any value behind any noise that ends", () => {
    fc.assert(
      fc.property(noise, container, fc.constantFrom(0, 2), (before, value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const bytes = Buffer.concat([Buffer.from(before), Buffer.from(`\n${text}\n`)]);
        expect(findJsonTail(bytes)).toBe(Buffer.from(before).length + 1);
      }),
    );
  });

  it("looks at each byte a bounded number of times", { timeout: 60_000 }, () => {
    for (const hostile of ["]", '"]', '[{"', "\\", '\\"]', "{[", "\n]"]) {
      // Looking again for each of them would be some 10^10 looks.
      const [few, many] = [50, 200_000].map((times) => start(`${hostile.repeat(times)}]`));
      expect(many === null).toBe(few === null);
    }
  });
});
