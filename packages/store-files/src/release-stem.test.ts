import { describe, expect, it } from "vitest";
import { releaseStem } from "./release-stem.ts";

const one = [{ name: "linux/tool" }];
const two = [{ name: "tool" }, { name: "other" }];

describe("the first of these that there is", () => {
  it.each([
    ["--name", { name: "n", releaseName: "r", subjects: one }, "n"],
    ["the release's name", { name: null, releaseName: "r", subjects: one }, "r"],
    ["the only subject's base name", { name: null, releaseName: null, subjects: one }, "tool"],
    ["multiple", { name: null, releaseName: null, subjects: two }, "multiple"],
    ["multiple, for none", { name: null, releaseName: null, subjects: [] }, "multiple"],
  ])("%s", (_name, options, expected) => {
    expect(releaseStem(options)).toBe(expected);
  });
});

it.each([
  ["pkg:npm/%40demo/core@2.0.0", "npm-demo-core-2.0.0"],
  ["ghcr.io/o/app", "app"],
  ["dist/.tool", "tool"],
])("a subject's name becomes a plain file name: %s", (name, expected) => {
  expect(releaseStem({ name: null, releaseName: null, subjects: [{ name }] })).toBe(expected);
});

it.each([
  { name: "a/b", releaseName: "fine" },
  { name: null, releaseName: ".." },
  { name: "", releaseName: "fine" },
])("a chosen name is refused, not changed: %j", (chosen) => {
  expect(() => releaseStem({ ...chosen, subjects: one })).toThrow(expect.objectContaining({ code: "NAME_REFUSED" }));
});
