import { expect, test } from "vitest";
import { fillNameTemplate, type NameParts, namePartsOf } from "./name-template.ts";

const parts: NameParts = namePartsOf("linux/tool.exe", "amd64");

test.each([
  ["linux/tool.exe", "amd64", { path: "linux/tool.exe", basename: "tool.exe", stem: "tool", part: "amd64" }],
  ["tool", null, { path: "tool", basename: "tool", stem: "tool", part: "" }],
  ["a.b/c.tar.gz", null, { path: "a.b/c.tar.gz", basename: "c.tar.gz", stem: "c.tar", part: "" }],
  ["d/.env", null, { path: "d/.env", basename: ".env", stem: ".env", part: "" }],
  ["dot.", null, { path: "dot.", basename: "dot.", stem: "dot", part: "" }],
])("the parts of %j", (path, part, expected) => {
  expect(namePartsOf(path, part)).toEqual(expected);
});

test.each([
  ["{path}", "linux/tool.exe"],
  ["{basename}", "tool.exe"],
  ["{stem}-{part}", "tool-amd64"],
  ["{stem}{stem}", "tooltool"],
  ["fixed", "fixed"],
  ["{{stem}}", "{tool}"],
  ["{stem", "{stem"],
])("%j gives %j", (template, name) => {
  expect(fillNameTemplate(template, parts)).toBe(name);
});

test("a value is text, never a pattern of its own", () => {
  expect(fillNameTemplate("{stem}-{part}", { ...parts, stem: "{part}", part: "$&$1" })).toBe("{part}-$&$1");
});

test.each(["{}", "{ stem }", "{Stem}", "{constructor}", "{stem}-{arch}"])("%j has no such placeholder", (template) => {
  expect(() => fillNameTemplate(template, parts)).toThrow(
    expect.objectContaining({ code: "CONFIG_INVALID", expected: "{path}, {basename}, {stem}, {part}" }),
  );
});
