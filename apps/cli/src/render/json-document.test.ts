import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonChunks } from "./json-document.ts";

it("gives the text of JSON.stringify", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (document) => {
      expect([...jsonChunks(document)].join("")).toBe(JSON.stringify(document, null, 2));
    }),
  );
});

it("leaves out what JSON leaves out, and gives a long list in pieces", () => {
  expect([...jsonChunks({ a: undefined, b: null })].join("")).toBe('{\n  "b": null\n}');
  const long = { list: Array.from({ length: 5_000 }, (_, index) => `name-${index}-${"x".repeat(40)}`) };
  const chunks = [...jsonChunks(long)];
  expect(chunks.length).toBeGreaterThan(4);
  expect(JSON.parse(chunks.join(""))).toEqual(long);
});
