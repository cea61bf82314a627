import fc from "fast-check";
import semver from "semver";
import { describe, expect, it } from "vitest";
import { MAX_TAG, MAX_VERSION } from "./limits.ts";
import { compareReleases, compareVersions, releaseOf } from "./release-tag.ts";

describe("a tag", () => {
  it.each([
    ["v1.2.3", "", "1.2.3"],
    ["1.2.3", "", "1.2.3"],
    ["v1.2.3-rc.1+build.5", "", "1.2.3-rc.1+build.5"],
    ["1.2.3-4.5.6", "", "1.2.3-4.5.6"],
    ["cli@1.2.3", "cli@", "1.2.3"],
    ["@octo/cli@1.2.3", "@octo/cli@", "1.2.3"],
    ["sdk/go/v1.2.3", "sdk/go/", "1.2.3"],
    ["cli-v1.2.3", "cli-", "1.2.3"],
    ["cli-v1.2.3-rc.1", "cli-", "1.2.3-rc.1"],
    ["release/2/v0.1.0", "release/2/", "0.1.0"],
  ])("%s", (tag, series, version) => {
    expect(releaseOf(`refs/tags/${tag}`)).toEqual({ series, version });
  });

  it("may have its length, and its version", () => {
    const ref = `refs/tags/${"@v1.2.3".padStart(MAX_TAG - "refs/tags/".length, "x")}`;
    expect(releaseOf(ref)).toMatchObject({ version: "1.2.3" });
    expect(releaseOf(ref.replace("@", "x@"))).toBeNull();
    const version = "1.2.3-".padEnd(MAX_VERSION, "x");
    expect(releaseOf(`refs/tags/${version}`)).toEqual({ series: "", version });
    expect(releaseOf(`refs/tags/${version}x`)).toBeNull();
  });

  it.each([
    "refs/heads/v1.2.3",
    "refs/pull/1/merge",
    "v1.2.3",
    "refs/tags/",
    "refs/tags/latest",
    "refs/tags/v1",
    "refs/tags/v1.2",
    "refs/tags/v01.2.3",
    "refs/tags/V1.2.3",
    "refs/tags/v1.2.3-",
    "refs/tags/v1.2.3-01",
    "refs/tags/v1.2.3\n",
    "refs/tags/cli1.2.3",
    `refs/tags/v1.2.3-${"a".repeat(256)}`,
    `refs/tags/${"a/".repeat(1100)}v1.2.3`,
  ])("%j names no release", (ref) => {
    expect(releaseOf(ref)).toBeNull();
  });
});

describe("two refs", () => {
  const order = (left: string, right: string) => compareReleases(`refs/tags/${left}`, `refs/tags/${right}`);

  it("compare as versions of one thing", () => {
    expect(order("sdk@1.2.3", "sdk@1.10.0")).toBeLessThan(0);
    expect(order("v1.2.3", "1.2.3-rc.1")).toBeGreaterThan(0);
    expect(order("v1.2.3+build", "v1.2.3")).toBe(0);
  });

  it.each([
    ["sdk@1.2.3", "cli@1.2.4"],
    ["cli/v2.0.0", "v1.0.0"],
    ["latest", "v1.2.3"],
    ["v1.2.3", "v1"],
  ])("%s and %s do not", (left, right) => {
    expect(order(left, right)).toBeNull();
    expect(compareReleases("refs/heads/v1.2.3", `refs/tags/${right}`)).toBeNull();
  });
});

// So few that most pairs differ in their pre-releases alone.
const number = fc.constantFrom("0", "2", "10");
const core = fc.constantFrom("1.0.0", "1.0.0", "1.0.0", "1.0.10", "1.2.0", "2.0.0");
const word = fc.oneof(number, fc.constantFrom("a", "alpha", "rc", "x-y", "-", "0a", "A"));
const version = fc
  .tuple(core, fc.array(word, { maxLength: 3 }), fc.array(word, { maxLength: 2 }))
  .map(([numbers, pre, build]) =>
    [numbers, pre.length > 0 ? `-${pre.join(".")}` : "", build.length > 0 ? `+${build.join(".")}` : ""].join(""),
  );

/** Each comes before all that follow. The example of item 11, and what numbers and words of other kinds there are. */
const ORDERED = [
  "0.10.0",
  ...["0", "2", "2.0", "10", "100", "--1", "0a", "A", "a1", "alpha", "alpha.1", "alpha.beta"].map(
    (pre) => `1.0.0-${pre}`,
  ),
  ...["beta", "beta.2", "beta.11", "rc.1"].map((pre) => `1.0.0-${pre}`),
  ...["1.0.0", "1.0.2", "1.0.10", "1.2.0", "2.0.0-x-y", "2.0.0"],
];

describe("versions", () => {
  it("come in the order of their precedence", () => {
    expect(ORDERED.toSorted(semver.compare)).toEqual(ORDERED);
    for (const [place, left] of ORDERED.entries()) {
      const signs = ORDERED.map((right) => Math.sign(compareVersions(left, right)));
      expect(signs).toEqual(ORDERED.map((_, other) => Math.sign(place - other)));
      expect(compareVersions(`${left}+b`, left)).toBe(0);
    }
  });

  it("compare as semver compares them", () => {
    fc.assert(
      fc.property(version, version, (left, right) => {
        expect(Math.sign(compareVersions(left, right))).toBe(semver.compare(left, right));
      }),
    );
  });

  it("of any length compare", () => {
    expect(compareVersions(`${"9".repeat(30)}.0.0`, `1${"0".repeat(30)}.0.0`)).toBeLessThan(0);
  });

  it("that are written with a tag are read back", () => {
    fc.assert(fc.property(version, (text) => releaseOf(`refs/tags/v${text}`)?.version === text));
  });
});
