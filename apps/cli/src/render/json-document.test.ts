import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonChunks } from "./json-document.ts";
import { escapeUnseen } from "./unseen-marks.ts";

it("gives the text of JSON.stringify", () => {
  const text = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(fc.dictionary(text, fc.jsonValue({ stringUnit: "binary" })), (document) => {
      expect([...jsonChunks(document)].join("")).toBe(escapeUnseen(JSON.stringify(document, null, 2)));
    }),
  );
});

it("holds nothing that a terminal obeys, and says the same", () => {
  const document = { "a\u009b2J": ["\u202e", { "\u0085": "\u001b]0;x\u0007\u007f" }] };
  const text = [...jsonChunks(document)].join("");
  expect(text).toMatch(/^[\n\x20-\x7e]+$/);
  expect(JSON.parse(text)).toEqual(document);
});

it("leaves out what JSON leaves out, and gives a long list in pieces", () => {
  expect([...jsonChunks({ a: undefined, b: null })].join("")).toBe('{\n  "b": null\n}');
  const long = { list: Array.from({ length: 5_000 }, (_, index) => `name-${index}-${"x".repeat(40)}`) };
  const chunks = [...jsonChunks(long)];
  expect(chunks.length).toBeGreaterThan(4);
  expect(JSON.parse(chunks.join(""))).toEqual(long);
});
