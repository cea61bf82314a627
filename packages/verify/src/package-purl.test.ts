import { describe, expect, it } from "vitest";
import { expectedPackage, packageKey, packageOfPurl } from "./package-purl.ts";

describe("packageOfPurl", () => {
  it.each([
    ["pkg:npm/pad@1.0.0", "npm", "pad", "1.0.0"],
    ["pkg:npm/%40octo/pad@1.0.0-rc.1", "npm", "@octo/pad", "1.0.0-rc.1"],
    ["pkg:npm/@octo/pad@1.0.0", "npm", "@octo/pad", "1.0.0"],
    ["pkg:npm/%40octo%2Fpad@1.0.0", "npm", "@octo/pad", "1.0.0"],
    ["pkg:npm/JSONStream@1.3.5", "npm", "JSONStream", "1.3.5"],
    ["pkg:pypi/Zope.Interface@7.0", "pypi", "zope-interface", "7.0"],
    ["pkg:pypi/pad@1.0%2Bcpu", "pypi", "pad", "1.0+cpu"],
    ["pkg:cargo/octo_pad@1.0.0", "cargo", "octo_pad", "1.0.0"],
  ])("%s", (purl, type, name, version) => {
    expect(packageOfPurl(purl)).toEqual({ type, name, version });
    expect(expectedPackage(purl)).toBe(purl);
  });

  it.each([
    "pkg:npm/pad",
    "pkg:npm/pad@",
    "pkg:npm/@1.0.0",
    "pkg:npm/octo/pad@1.0.0",
    "pkg:npm/@octo@1.0.0",
    "pkg:npm/@octo/a/b@1.0.0",
    "pkg:npm/@/pad@1.0.0",
    "pkg:npm/pad@1@2",
    "pkg:npm/pad@1.0.0?arch=x",
    "pkg:npm/pad@1.0.0#lib",
    "pkg:npm/%zz@1.0.0",
    "pkg:npm/a%20b@1.0.0",
    "pkg:npm/a%40b@1.0.0",
    "pkg:pypi/octo/pad@1.0.0",
    "pkg:pypi/%E2%84%AAeras@1.0.0", // KELVIN SIGN, of which k is the lower case
    "pkg:npm/p%D0%B0d@1.0.0", // CYRILLIC SMALL LETTER A
    "pkg:cargo/pad@1.0.0%00",
    "pkg:cargo/%40octo/pad@1.0.0",
    "pkg:oci/pad@1.0.0",
    "pkg:NPM/pad@1.0.0",
    "PKG:npm/pad@1.0.0",
    "npm/pad@1.0.0",
    "pad",
  ])("%s names no package that a file proves", (purl) => {
    expect(packageOfPurl(purl)).toBeNull();
    expect(() => expectedPackage(purl)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});

it("two spellings of one package are equal, and other packages are not", () => {
  const same = (left: string, right: string) => packageKey(left) === packageKey(right);
  expect(same("pkg:npm/%40octo/pad@1.0.0", "pkg:npm/@octo%2Fpad@1.0.0")).toBe(true);
  expect(same("pkg:pypi/Octo.Pad@1.0.0", "pkg:pypi/octo__pad@1.0.0")).toBe(true);
  expect(same("pkg:npm/Pad@1.0.0", "pkg:npm/pad@1.0.0")).toBe(false);
  expect(same("pkg:cargo/octo-pad@1.0.0", "pkg:cargo/octo_pad@1.0.0")).toBe(false);
  expect(same("pkg:npm/pad@1.0.0", "pkg:pypi/pad@1.0.0")).toBe(false);
});
