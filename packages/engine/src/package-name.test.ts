import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { PACKAGE_SUFFIXES } from "@touchmark/package-identity";
import type { Host } from "@touchmark/plugin";
import { describe, expect, it } from "vitest";
import { packageNameReader } from "./package-name.ts";

const tarball = await readFile(new URL("../../vectors/cases/names-package/release/pad.tgz", import.meta.url));
const sha256 = createHash("sha256").update(tarball).digest("hex");
const host = { readBytes: async () => tarball } as Partial<Host> as Host;
const file = (name: string, size = tarball.byteLength) => ({ path: `r/${name}`, name, size });

describe("packageNameReader", () => {
  it("reads the purl out of a tarball", async () => {
    await expect(packageNameReader(file("pad.tgz"), sha256, host)?.()).resolves.toBe("pkg:npm/%40octo/pad@1.0.0");
  });

  it("leaves other files alone", () => {
    for (const name of ["pad.zip", "pad.tgz.txt", "tgz"])
      expect(packageNameReader(file(name), sha256, host)).toBeNull();
  });

  it("opens what the package that reads them can read, and lets the content say which one it is", async () => {
    const answers = PACKAGE_SUFFIXES.map((suffix) => packageNameReader(file(`other-2.0.0${suffix}`), sha256, host)?.());
    await expect(Promise.all(answers)).resolves.toEqual(["pkg:npm/%40octo/pad@1.0.0", null, null, null]);
  });

  it("does not read what is too large to be a package", async () => {
    await expect(packageNameReader(file("pad.tgz", 256 * 1024 * 1024 + 1), sha256, host)?.()).resolves.toBeNull();
  });

  it("refuses bytes that are not those that were hashed", async () => {
    await expect(packageNameReader(file("pad.tgz"), "0".repeat(64), host)?.()).rejects.toMatchObject({
      code: "FILE_CHANGED",
    });
  });
});
