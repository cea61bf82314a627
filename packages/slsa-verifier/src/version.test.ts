import { describe, expect, it } from "vitest";
import { reasonOf } from "../test/reason.ts";
import { checkBuilderTag, checkJReleaserTag, checkVersionedTag } from "./version.ts";

describe("a builder's tag", () => {
  it.each([
    ["refs/tags/v1.2.3", "passed"],
    ["v1.2.3", "ErrorInvalidRef"],
    ["refs/heads/v1.2.3", "ErrorInvalidRef"],
    ["refs/tags/", "ErrorInvalidRef"],
    ["refs/tags/v1.2", "ErrorInvalidRef"],
    ["refs/tags/v1.2.3.4", "ErrorInvalidRef"],
    ["refs/tags/1.2.3", "ErrorInvalidRef"],
    ["refs/tags/v01.2.3", "ErrorInvalidRef"],
    ["refs/tags/v1.2.3-alpha", "ErrorInvalidRef"],
    ["refs/tags/v1.2.3+build", "ErrorInvalidRef"],
    ["refs/tags/v1.2.3\n", "ErrorInvalidRef"],
  ])("%j: %s", (ref, expected) => {
    expect(reasonOf(() => checkBuilderTag(ref))).toBe(expected);
  });
});

describe("JReleaser's tag", () => {
  it.each([
    ["refs/tags/v1.0.0-java", "passed"],
    ["refs/tags/v1.0.0", "ErrorInvalidRef"],
    ["refs/tags/v1.0.0-rust", "ErrorInvalidRef"],
    ["refs/tags/v1.0.0-java.1", "ErrorInvalidRef"],
    ["refs/tags/v1.0.0-java+build", "ErrorInvalidRef"],
    ["refs/tags/v1.0-java", "ErrorInvalidRef"],
    ["refs/heads/v1.0.0-java", "ErrorInvalidRef"],
  ])("%j: %s", (ref, expected) => {
    expect(reasonOf(() => checkJReleaserTag(ref))).toBe(expected);
  });
});

describe("a versioned tag", () => {
  it.each([
    ["v1.2.3", "v1", "passed"],
    ["v1.2.3", "v1.2", "passed"],
    ["v1.2.3", "v1.2.3", "passed"],
    ["v1.2.3", "v2", "ErrorMismatchVersionedTag"],
    ["v1.2.3", "v1.3", "ErrorMismatchVersionedTag"],
    ["v1.2.3", "v1.2.4", "ErrorMismatchVersionedTag"],
    // what the tag leaves out counts as 0
    ["v1", "v1.0.0", "passed"],
    ["v1.2", "v1.2.0", "passed"],
    ["v1.2", "v1.2.1", "ErrorMismatchVersionedTag"],
    ["v1", "v1.1", "ErrorMismatchVersionedTag"],
    // a pre-release is a part of the patch, a build is none of anything
    ["v1.2.3-rc", "v1.2.3", "ErrorMismatchVersionedTag"],
    ["v1.2.3-rc", "v1.2.3-rc", "passed"],
    ["v1.2.3-rc", "v1.2", "passed"],
    ["v1.2.3+b1", "v1.2.3", "passed"],
    ["v1.2.3", "v1.2.3+b1", "passed"],
    ["v1.2.3-rc+b1", "v1.2.3-rc+b2", "passed"],
    ["v1.2.3", "1", "ErrorInvalidSemver"],
    ["v1.2.3", "v1.", "ErrorInvalidSemver"],
    ["v1.2.3", "", "ErrorInvalidSemver"],
    ["v1.2.3", "v1.2.3-01", "ErrorInvalidSemver"],
    ["nightly", "v1", "ErrorInvalidSemver"],
    ["v1.2.3.4", "v1", "ErrorInvalidSemver"],
    ["v1.02.3", "v1", "ErrorInvalidSemver"],
  ])("%s for %s: %s", (tag, expected, name) => {
    expect(reasonOf(() => checkVersionedTag(tag, expected))).toBe(name);
  });

  it.each(["v1.2.3-0a", "v1.2.3-a-01", "v1.2.3-0"])("%s is one version: a number with zeros is meant alone", (tag) => {
    expect(reasonOf(() => checkVersionedTag(tag, tag))).toBe("passed");
  });
});
