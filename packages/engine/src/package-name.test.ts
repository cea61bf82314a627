import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
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
    expect(packageNameReader(file("pad.tar.gz"), sha256, host)).toBeNull();
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
