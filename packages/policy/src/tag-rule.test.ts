import { describe, expect, it } from "vitest";
import { readTagRule, type TaggedPackage, tagProblem } from "./tag-rule.ts";
import { taggedPackage } from "./tagged-package.ts";

function fits(text: string, tag: string, about: TaggedPackage | null = null): boolean {
  const rule = readTagRule(text);
  if (typeof rule === "string") throw new Error(rule);
  return tagProblem(rule, tag, about) === null;
}

describe("a tag", () => {
  it.each([
    ["v3.2.0", "v3.2.0", true],
    ["v3.2.0", "v3.2.1", false],
    ["v3", "v3.0.0", false],
    ["v{semver}", "v3.2.0", true],
    ["v{semver}", "v3.2.0-rc.1", true],
    ["v{semver}", "v3.2", false],
    ["v{semver}", "3.2.0", false],
    ["v{semver}", "vv3.2.0", false],
    ["v{semver}", "v=3.2.0", false],
    ["v{semver}", "v03.2.0", false],
    ["{semver}", "v3.2.0", false],
    ["v{semver} >=3.2 <4", "v3.2.0", true],
    ["v{semver} >=3.2 <4", "v3.9.9", true],
    ["v{semver} >=3.2 <4", "v4.0.0", false],
    ["v{semver} >=3.2 <4", "v3.1.9", false],
    ["v{semver} >=3.2 <4", "v3.3.0-rc.1", false],
    ["v{semver} ^1.4 || ^2", "v2.5.0", true],
    ["v{semver} 13", "v13.0.30", true],
    ["sdk@{semver}", "sdk@1.2.3", true],
    ["sdk@{semver}", "cli@1.2.3", false],
    ["sdk@{semver}", "xsdk@1.2.3", false],
    ["release/{semver}-final", "release/1.2.3-final", true],
    ["release/{semver}-final", "release/1.2.3", false],
    // What stands behind the version is no part of it: 1.2.3-final would be in no such range.
    ["release/{semver}-final >=1", "release/1.2.3-final", true],
    ["v1.lock.2", "v1.lock.2", true],
  ])("%s and %s: %s", (rule, tag, expected) => {
    expect(fits(rule, tag)).toBe(expected);
  });

  it.each([
    ["pkg:npm/%40octo/sdk@1.2.3", "@octo/sdk@1.2.3", true],
    ["pkg:npm/%40octo/sdk@1.2.3", "sdk@1.2.3", true],
    ["pkg:npm/%40octo/sdk@1.2.3", "cli@1.2.3", false],
    ["pkg:npm/%40octo/sdk@1.2.3", "sdk@1.2.4", false],
    ["pkg:npm/sdk", "sdk@1.2.4", true],
    ["pkg:npm/sd%$", "sd@1.2.4", false],
    ["dist/sdk", "sdk@1.2.3", false],
    ["dist/sdk", "@1.2.3", false],
    ["dist/pkg:npm/sdk@1.2.3", "sdk@1.2.3", false],
  ])("of the package %s, %s: %s", (name, tag, expected) => {
    expect(fits("{pkg}@{semver}", tag, taggedPackage([name]))).toBe(expected);
  });

  it("of the first name that is a package's, also where it cannot be decoded", () => {
    expect(taggedPackage(["dist/sdk", "pkg:npm/sdk@1.2.3"])).toEqual({ name: "sdk", version: "1.2.3" });
    expect(taggedPackage(["pkg:npm/sd%$", "pkg:npm/sdk@1.2.3"])).toBeNull();
  });

  it("has a range without the blanks around it", () => {
    expect(readTagRule("v{semver}  >=1.2 ")).toEqual({ kind: "template", template: "v{semver}", range: ">=1.2" });
  });

  it.each([
    "",
    " >=1",
    "v1 >=1",
    "v1.lock",
    "v*",
    "v1..2",
    "{semver}{semver}",
    "{pkg}",
    "{pkg}{semver}",
    "{pkg}-{pkg}-{semver}",
    "{version}",
    "v{semver} ",
    "v{semver} >=4 <3",
    "v{semver} one",
    "v{semver} x",
    "v{semver} *",
    "v{semver} >=x",
    "v{semver} >=3 ||",
  ])("%j is refused", (text) => {
    expect(readTagRule(text)).toEqual(expect.any(String));
  });
});
