import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { releaseTag } from "./release-tag.ts";

const tags = (...names: string[]) => names.map((name) => `refs/tags/${name}`);

describe("one of several tags at a commit", () => {
  it.each([
    ["a version before a moving tag", tags("latest", "v1", "v1.2", "v1.2.3"), "v1.2.3"],
    ["a release before its candidate", tags("v1.2.3-rc.1", "v1.2.3"), "v1.2.3"],
    ["a candidate before a word", tags("latest", "v1.2.3-rc.1"), "v1.2.3-rc.1"],
    ["the higher version, by number", tags("v1.9.0", "v1.10.0"), "v1.10.0"],
    ["the higher minor", tags("v1.2.9", "v1.3.0"), "v1.3.0"],
    ["the higher patch", tags("v1.2.10", "v1.2.9"), "v1.2.10"],
    ["a version after a package", tags("sdk@1.2.3", "nightly"), "sdk@1.2.3"],
    ["a version in a folder of tags", tags("api/v1.2.3", "api/latest"), "api/v1.2.3"],
    ["code unit order for the same version", tags("sdk@1.0.0", "api@1.0.0"), "api@1.0.0"],
    ["build metadata does not count as a candidate", tags("v1.0.0-rc.1", "v1.0.0+build.5"), "v1.0.0+build.5"],
    ["a word, when that is all", tags("zeta", "beta"), "beta"],
  ])("%s", (_name, refs, expected) => {
    expect(releaseTag(refs)).toBe(`refs/tags/${expected}`);
  });
});

it.each([
  ["none", []],
  ["one that would read as two refs", tags("v1.0.0@refs/tags/v2.0.0")],
  ["one with a percent sign", tags("v1%2e0")],
  ["one beyond ASCII", tags("veröffentlicht")],
  ["one with a number sign", tags("v1#2")],
  ["a branch", ["refs/heads/v1.0.0"]],
])("no tag: %s", (_name, refs) => {
  expect(releaseTag(refs)).toBeNull();
});

it("does not depend on the order", () => {
  const tag = fc.constantFrom("v1.2.3", "v1.2.3-rc.1", "v1.10.0", "latest", "sdk@1.2.3", "v1", "2.0.0", "sdk/v1.2.3");
  fc.assert(
    fc.property(fc.array(tag), fc.array(tag), (left, right) => {
      expect(releaseTag(tags(...left, ...right))).toBe(releaseTag(tags(...right, ...left)));
    }),
  );
});
