import { leastCpuMs } from "@touchmark/testkit";
import fc from "fast-check";
import semver from "semver";
import { describe, expect, it } from "vitest";
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

  it.each([`${"1.2.3-".repeat(330)}!`, "-".repeat(2_000), `v1.0.0-${"0".repeat(1_900)}!`, `${"v1".repeat(900)}.`])(
    "of any kind is read in no time: %#",
    async (tag) => {
      expect(await leastCpuMs(100, () => releaseOf(`refs/tags/${tag}`))).toBeLessThan(100);
    },
  );
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

const number = fc.nat({ max: 30 }).map(String);
const word = fc.oneof(number, fc.constantFrom("a", "alpha", "rc", "x-y", "-", "0a", "A"));
const version = fc
  .tuple(number, number, number, fc.array(word, { maxLength: 3 }), fc.array(word, { maxLength: 2 }))
  .map(([a, b, c, pre, build]) =>
    [`${a}.${b}.${c}`, pre.length > 0 ? `-${pre.join(".")}` : "", build.length > 0 ? `+${build.join(".")}` : ""].join(
      "",
    ),
  );

describe("versions", () => {
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
