import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { tarballOf } from "../test/tarball-of.ts";
import { identifyPackage, PACKAGE_SUFFIXES } from "./identify-package.ts";

it("a file's name says how it is read, and its content which package it is", async () => {
  const several = await tarballOf([
    ["pad-1.0.0/package.json", '{"name":"pad","version":"1.0.0"}'],
    ["pad-1.0.0/PKG-INFO", "Name: pad\nVersion: 2.0.0\n"],
    ["pad-1.0.0/Cargo.toml", '[package]\nname = "pad"\nversion = "1.0.0"\n'],
  ]);
  const purls = PACKAGE_SUFFIXES.map(async (suffix) => (await identifyPackage(several, `other-9${suffix}`))?.purl);
  expect(await Promise.all(purls)).toEqual([
    "pkg:npm/pad@1.0.0",
    undefined,
    "pkg:pypi/pad@2.0.0",
    "pkg:cargo/pad@1.0.0",
  ]);
});

it("other files are not read", async () => {
  const tarball = readFileSync(new URL("../fixtures/demo-single-1.2.3.tgz", import.meta.url));
  expect(await identifyPackage(tarball, "demo-single-1.2.3.zip")).toBeNull();
});
