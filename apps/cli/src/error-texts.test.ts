import { type Code, EXIT_BY_CODE } from "@touchmark/core";
import { expect, test } from "vitest";
import { textOf } from "./error-texts.ts";

const codes = Object.keys(EXIT_BY_CODE) as Code[];

test.each(codes)("%s has a text in the form that terminal and pages need", (code) => {
  const { title, meaning, remedy, more } = textOf(code);
  expect(title).toMatch(/^\S.*[^.\s]$/); // the page adds the full stop
  expect(meaning).toMatch(/^\S.*\.$/);
  expect(remedy).toMatch(/^\S.*[^.\s]$/);
  expect(remedy.length).toBeLessThanOrEqual(200);
  for (const text of [title, meaning, remedy, more ?? ""]) expect((text.match(/`/g) ?? []).length % 2).toBe(0);
});

test("no two codes say the same", () => {
  expect(new Set(codes.map((code) => textOf(code).title)).size).toBe(codes.length);
});
