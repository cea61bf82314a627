import { describe, expect, it } from "vitest";
import { reasonOf } from "../test/reason.ts";
import { matchFully, matchLoosely, parseBuilderId, showBuilderId } from "./builder-id.ts";

const NAME = "https://github.com/octo/builder/.github/workflows/build.yml";
const ID = { name: NAME, version: "refs/tags/v1.2.3" };

describe("reading", () => {
  it.each([NAME, `${NAME}@v1.2.3`, `${NAME}@refs/tags/v1.2.3`])("%s is shown as it was read", (text) => {
    expect(showBuilderId(parseBuilderId(text, false))).toBe(text);
  });

  it.each([
    [`${NAME}@`, false, "ErrorInvalidFormat"],
    [`${NAME}@v1@v2`, false, "ErrorInvalidFormat"],
    [NAME, true, "ErrorInvalidFormat"],
    [`${NAME}@v1`, true, "passed"],
    ["", false, "passed"],
  ])("%j, with a version: %j: %s", (text, needsVersion, expected) => {
    expect(reasonOf(() => parseBuilderId(text, needsVersion))).toBe(expected);
  });
});

describe("matching loosely", () => {
  it.each([
    [NAME, true, "passed"],
    [`${NAME}@v1.2.3`, true, "passed"],
    [`${NAME}@refs/tags/v1.2.3`, true, "passed"],
    [`${NAME}@v1.2.3`, false, "ErrorMismatchBuilderID"],
    [`${NAME}@refs/tags/v1.2.3`, false, "passed"],
    [`${NAME}@v1.2`, true, "ErrorMismatchBuilderID"],
    [`${NAME}@refs/heads/v1.2.3`, true, "ErrorMismatchBuilderID"],
    [`${NAME}a`, true, "ErrorMismatchBuilderID"],
    [`${NAME}a@v1.2.3`, true, "ErrorMismatchBuilderID"],
    [`${NAME}@`, true, "ErrorInvalidFormat"],
  ])("%s, a tag by its name: %j: %s", (expected, allowsRef, name) => {
    expect(reasonOf(() => matchLoosely(ID, expected, allowsRef))).toBe(name);
  });
});

it.each([
  [`${NAME}@refs/tags/v1.2.3`, "passed"],
  [`${NAME}@v1.2.3`, "passed"],
  [NAME, "ErrorMismatchBuilderID"],
  [`${NAME}@v1.2.4`, "ErrorMismatchBuilderID"],
])("matching fully %s: %s", (expected, name) => {
  expect(reasonOf(() => matchFully(ID, expected))).toBe(name);
});
