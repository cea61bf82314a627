import { describe, expect, it } from "vitest";
import type { ReleaseEntry } from "../document/policy-file.ts";
import { releaseExpectation } from "./release-expectation.ts";

const WIDGETS = "pkg:generic/widgets";

function listOf(entry: Omit<ReleaseEntry, "list">) {
  return releaseExpectation({ ...entry, list: "required" })?.list;
}

describe("a list that a policy wants", () => {
  it.each<[string, Omit<ReleaseEntry, "list">, string, string, boolean]>([
    ["any", {}, WIDGETS, "nightly", true],
    ["any, of releases that go forward", { version: "monotonic" }, WIDGETS, "nightly", true],
    ["the version", { version: "1.2.3" }, WIDGETS, "1.2.3", true],
    ["the version with a letter", { version: "1.2.3" }, WIDGETS, "v1.2.3", true],
    ["another version", { version: "1.2.3" }, WIDGETS, "1.2.4", false],
    ["a version in the range", { version: ">=1 <2" }, WIDGETS, "1.9.0", true],
    ["a version beyond the range", { version: ">=1 <2" }, WIDGETS, "2.0.0", false],
    ["no version", { version: ">=1 <2" }, WIDGETS, "nightly", false],
    ["the name", { name: "widgets" }, WIDGETS, "1.0.0", true],
    ["another name", { name: "widget" }, WIDGETS, "1.0.0", false],
    ["a name as purls have it", { name: "a b" }, "pkg:generic/a%20b", "1.0.0", true],
    ["a name of two parts", { name: "octo/gadgets" }, "pkg:generic/octo%2Fgadgets", "1.0.0", true],
    ["the last part of a name", { name: "gadgets" }, "pkg:generic/octo%2Fgadgets", "1.0.0", false],
    ["a name in capitals", { name: "Widgets" }, WIDGETS, "1.0.0", false],
    ["a name behind a purl that is not the whole", { name: "widgets" }, `x${WIDGETS}`, "1.0.0", false],
    ["no name", { name: "widgets" }, "widgets", "1.0.0", false],
    ["a name with the purl's type", { name: "generic/widgets" }, WIDGETS, "1.0.0", false],
    ["the name in another version", { name: "widgets", version: "1.x" }, WIDGETS, "2.0.0", false],
  ])("%s: %o of %s %s", (_what, entry, series, version, accepted) => {
    expect(listOf(entry)?.accepts({ series, version })).toBe(accepted);
  });

  it("is wanted too of a release that is named", () => {
    expect(releaseExpectation({ name: "widgets" })?.list?.accepts({ series: WIDGETS, version: "nightly" })).toBe(true);
  });

  it("is said in words", () => {
    expect(listOf({})?.of).toBeNull();
    expect(listOf({ version: ">=1 <2", name: "widgets" })?.of).toBe("widgets, version >=1 <2");
  });
});

it("a policy without one wants none", () => {
  expect(releaseExpectation(undefined)).toBeNull();
  expect(releaseExpectation({ version: "1.x" })?.list).toBeNull();
});
