import fc from "fast-check";
import { PackageURL } from "packageurl-js";
import { describe, expect, it } from "vitest";
import { isSameNpmVersion, npmPurl, npmTarballFileName } from "./npm-name.ts";

describe("npmPurl", () => {
  it.each([
    ["demo-single", "1.2.3", "pkg:npm/demo-single@1.2.3"],
    ["@demo/core", "2.0.0-rc.1+build.5", "pkg:npm/%40demo/core@2.0.0-rc.1"],
    ["demo", "v1.0.0", "pkg:npm/demo@1.0.0"],
    ["JSONStream", "1.3.5", "pkg:npm/JSONStream@1.3.5"],
    ["@types/node", "20.0.0", "pkg:npm/%40types/node@20.0.0"],
  ])("%s %s is %s", (name, version, purl) => {
    expect(npmPurl(name, version)).toBe(purl);
  });

  it.each([
    "",
    "@demo",
    "@/core",
    "@demo/",
    "a/b",
    "@a/b/c",
    ".hidden",
    "_x",
    "-x",
    "@demo/.x",
    "a b",
    "a%2fb",
    "ä",
    "a\\b",
  ])("refuses the name %j", (name) => {
    expect(() => npmPurl(name, "1.0.0")).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  it.each(["node_modules", "Favicon.ico"])("refuses the reserved name %s", (name) => {
    expect(() => npmPurl(name, "1.0.0")).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  it("takes names up to 214 characters, scope included", () => {
    expect(npmPurl(`@s/${"a".repeat(211)}`, "1.0.0")).toContain("@1.0.0");
    expect(() => npmPurl(`@s/${"a".repeat(212)}`, "1.0.0")).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  it.each(["", "1", "1.2", "latest", "1.2.3.4", "^1.2.3", "1.2.3/../x", `1.2.3-${"a".repeat(300)}`])(
    "refuses the version %j",
    (version) => {
      expect(() => npmPurl("demo", version)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
    },
  );

  it("reads back as the same package with a purl library, for names in lower case", () => {
    const segment = fc.stringMatching(/^[a-z0-9][a-z0-9._~-]{0,20}$/).filter((text) => text !== "node_modules");
    const version = fc.tuple(fc.nat(), fc.nat(), fc.nat()).map((numbers) => numbers.join("."));
    fc.assert(
      fc.property(fc.option(segment), segment, version, (scope, name, number) => {
        const parsed = PackageURL.fromString(npmPurl(scope === null ? name : `@${scope}/${name}`, `${number}+build.7`));
        expect(parsed).toMatchObject({ type: "npm", name, version: number });
        expect(parsed.namespace ?? null).toBe(scope === null ? null : `@${scope}`);
      }),
    );
  });
});

describe("npmTarballFileName", () => {
  it.each([
    ["demo-single", "1.2.3", "demo-single-1.2.3.tgz"],
    ["@demo/core", "2.0.0-rc.1+build.5", "demo-core-2.0.0-rc.1+build.5.tgz"],
    ["@x/y", "1.0.0", "x-y-1.0.0.tgz"],
    ["x-y", "1.0.0", "x-y-1.0.0.tgz"],
  ])("%s %s is packed as %s", (name, version, file) => {
    expect(npmTarballFileName(name, version)).toBe(file);
  });

  it("refuses what could lead out of a folder", () => {
    const refused = expect.objectContaining({ code: "INPUT_INVALID" });
    expect(() => npmTarballFileName("../x", "1.0.0")).toThrow(refused);
    expect(() => npmTarballFileName("x", "1.0.0/../../y")).toThrow(refused);
  });
});

describe("isSameNpmVersion", () => {
  it("ignores build metadata and nothing else", () => {
    expect(isSameNpmVersion("2.0.0-rc.1+build.5", "2.0.0-rc.1")).toBe(true);
    expect(isSameNpmVersion("2.0.0-rc.1", "2.0.0-rc.2")).toBe(false);
    expect(isSameNpmVersion("1.0.0", "1.0.0-0")).toBe(false);
  });

  it("calls two versions different that are none", () => {
    expect(isSameNpmVersion("latest", "latest")).toBe(false);
  });
});
