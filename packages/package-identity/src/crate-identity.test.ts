import { describe, expect, it } from "vitest";
import { tarballOf } from "../test/tarball-of.ts";
import { identifyCrate } from "./crate-identity.ts";

const TOML =
  '[package]\nedition = "2021"\nname = "octo-pad"\nversion = "1.0.0"\n\n[dependencies.other]\nversion = "2"\n';
const crateOf = (toml = TOML, folder = "octo-pad-1.0.0") => tarballOf([[`${folder}/Cargo.toml`, toml]]);

describe("identifyCrate", () => {
  it("says what Cargo.toml says of the package", async () => {
    expect(await identifyCrate(await crateOf())).toEqual({
      name: "octo-pad",
      version: "1.0.0",
      purl: "pkg:cargo/octo-pad@1.0.0",
    });
  });

  it("keeps build metadata, in percent signs", async () => {
    const crate = await crateOf(TOML.replace("1.0.0", "1.0.0+b"), "octo-pad-1.0.0+b");
    expect(await identifyCrate(crate)).toMatchObject({ purl: "pkg:cargo/octo-pad@1.0.0%2Bb" });
  });

  it("is null for what holds no package", async () => {
    expect(await identifyCrate(Buffer.from("no tarball"))).toBeNull();
    expect(await identifyCrate(await tarballOf([["octo-pad-1.0.0/src/lib.rs", ""]]))).toBeNull();
    expect(await identifyCrate(await crateOf("[workspace]\n"))).toBeNull();
  });

  it.each([
    ["a name that is none", TOML.replace("octo-pad", "octo/pad")],
    ["a name of 65 letters", TOML.replace("octo-pad", "o".repeat(65))],
    ["no name", TOML.replace("name", "title")],
    ["a name that is a number", TOML.replace('"octo-pad"', "1")],
    ["a version that is none", TOML.replace("1.0.0", "1.0")],
    ["a version with a v", TOML.replace("1.0.0", "v1.0.0")],
    ["a version of the workspace", TOML.replace('version = "1.0.0"', "version.workspace = true")],
    ["another package's name", TOML.replace("octo-pad", "octo-wide")],
    ["a name twice", TOML.replace("[package]", '[package]\nname = "octo-wide"')],
    ["no TOML", "[package"],
    ["another one beside it", null],
  ])("refuses Cargo.toml with %s", async (_what, toml) => {
    const crate =
      toml === null
        ? await tarballOf([
            ["octo-pad-1.0.0/Cargo.toml", TOML],
            ["octo-pad-1.0.0/cargo.toml", `${TOML}#`],
          ])
        : await crateOf(toml);
    await expect(identifyCrate(crate)).rejects.toMatchObject({ code: "PACKAGE_UNREADABLE" });
  });
});
