import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tarballOf, tarOf } from "../test/tarball-of.ts";
import { identifyNpmTarball, readNpmPackageJson } from "./npm-identity.ts";

const unreadable = { code: "PACKAGE_UNREADABLE" };
const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));

const demo = '{"name":"demo","version":"1.0.0"}';
const other = '{"name":"other","version":"6.6.6"}';

describe("identifyNpmTarball", () => {
  it.each([
    ["demo-single-1.2.3.tgz", "demo-single", "1.2.3", "pkg:npm/demo-single@1.2.3"],
    ["demo-cli-2.0.0.tgz", "demo-cli", "2.0.0", "pkg:npm/demo-cli@2.0.0"],
    ["demo-core-2.0.0-rc.1+build.5.tgz", "@demo/core", "2.0.0-rc.1+build.5", "pkg:npm/%40demo/core@2.0.0-rc.1"],
  ])("%s is %s %s", async (file, name, version, purl) => {
    expect(await identifyNpmTarball(fixture(file))).toEqual({ name, version, purl, private: false });
  });

  it("takes any first segment, and the file that npm would put at the top", async () => {
    for (const root of ["package", "demo-1.0.0", ".", ""]) {
      const tarball = await tarballOf([
        [`${root}/lib/package.json`, other],
        [`${root}/package.json`, demo],
      ]);
      expect(await identifyNpmTarball(tarball)).toMatchObject({ name: "demo" });
    }
  });

  it("says whether the package is private", async () => {
    const tarball = await tarballOf([["package/package.json", '{"name":"demo","version":"1.0.0","private":"yes"}']]);
    expect(await identifyNpmTarball(tarball)).toMatchObject({ private: true });
  });

  it("allows a byte order mark, as npm does", async () => {
    expect(await identifyNpmTarball(await tarballOf([["package/package.json", `\ufeff${demo}`]]))).toMatchObject({
      name: "demo",
    });
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["a text", Buffer.from("not a tarball at all")],
    ["a gzip of a text", gzipSync("x".repeat(4096))],
    ["a gzip of nothing", gzipSync("")],
    ["a gzip of an empty tar", gzipSync(Buffer.alloc(1024))],
  ])("is null for %s", async (_what, bytes) => {
    expect(await identifyNpmTarball(bytes)).toBeNull();
  });

  it.each([
    ["no package.json", "package/index.js", ""],
    ["a package.json that is not at the top", "package/lib/package.json", demo],
    ["a package.json without a folder around it", "package.json", demo],
    ["only another spelling", "package/Package.json", demo],
    ["no name", "package/package.json", '{"version":"1.0.0"}'],
    ["no version", "package/package.json", '{"name":"demo"}'],
  ])("is null for a tarball with %s", async (_what, name, content) => {
    expect(await identifyNpmTarball(await tarballOf([[name, content]]))).toBeNull();
  });

  it.each([
    ["that is not JSON", "{"],
    ["that is no object", "[]"],
    ["that is null", "null"],
    ["with a name twice", '{"name":"demo","name":"other","version":"1.0.0"}'],
    ["with a name that is a number", '{"name":1,"version":"1.0.0"}'],
    ["with a version that is null", '{"name":"demo","version":null}'],
    ["with a name that npm would refuse", '{"name":"../demo","version":"1.0.0"}'],
    ["with a version that npm would refuse", '{"name":"demo","version":"one"}'],
    ["of more than 1 MiB", `{"name":"demo","version":"1.0.0","x":"${"x".repeat(1024 * 1024)}"}`],
  ])("refuses a package.json %s", async (_what, content) => {
    const tarball = await tarballOf([["package/package.json", content]]);
    await expect(identifyNpmTarball(tarball)).rejects.toMatchObject(unreadable);
  });

  it.each([
    ["again", "package/package.json"],
    ["under another first segment", "other/package.json"],
    ["spelled with a dot", "package/./package.json"],
    ["spelled with two slashes", "package//package.json"],
    ["spelled with a backslash", "package\\package.json"],
    ["spelled in another case", "package/PACKAGE.json"],
  ])("refuses a second, different package.json %s", async (_what, name) => {
    const first = ["package/package.json", demo] as const;
    await expect(identifyNpmTarball(await tarballOf([first, [name, other]]))).rejects.toMatchObject(unreadable);
    await expect(identifyNpmTarball(await tarballOf([[name, other], first]))).rejects.toMatchObject(unreadable);
    expect(await identifyNpmTarball(await tarballOf([first, [name, demo]]))).toMatchObject({ name: "demo" });
  });

  it.each(["symlink", "link", "directory"] as const)("refuses a package.json that is a %s", async (type) => {
    const tarball = await tarballOf([["package/package.json", "elsewhere", type]]);
    await expect(identifyNpmTarball(tarball)).rejects.toMatchObject(unreadable);
  });

  it("refuses an entry of a kind that another reader takes as a new name", async () => {
    const tar = await tarOf([["package/package.json", demo]]);
    tar[156] = "X".charCodeAt(0); // typeflag
    seal(tar);
    await expect(identifyNpmTarball(gzipSync(tar))).rejects.toMatchObject(unreadable);
  });

  it("refuses a gzip that is cut off, wherever that is", async () => {
    const whole = fixture("demo-single-1.2.3.tgz");
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: whole.length - 1 }), async (length) => {
        await expect(identifyNpmTarball(whole.subarray(0, length))).rejects.toMatchObject(unreadable);
      }),
      { numRuns: 50 },
    );
  });

  it("refuses a tar that is cut off inside of a whole gzip", async () => {
    const tar = gunzipSync(fixture("demo-single-1.2.3.tgz"));
    await expect(identifyNpmTarball(gzipSync(tar.subarray(0, 700)))).rejects.toMatchObject(unreadable);
  });

  it("refuses a tar with a damaged header after good ones", async () => {
    const tar = await tarOf([
      ["package/package.json", demo],
      ["package/index.js", ""],
    ]);
    tar[1024] = 0x41;
    await expect(identifyNpmTarball(gzipSync(tar))).rejects.toMatchObject(unreadable);
  });

  it("never says another package than the whole tarball does, whatever byte is changed", async () => {
    const whole = fixture("demo-cli-2.0.0.tgz");
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ flip;
        const identity = await identifyNpmTarball(changed).catch((error: unknown) => {
          expect(error).toMatchObject(unreadable);
          return null;
        });
        if (identity !== null) expect(identity.purl).toBe("pkg:npm/demo-cli@2.0.0");
      }),
    );
  });

  it("stops a small file that unpacks to more than 1 GiB", async () => {
    const header = (await tarOf([["package/large", ""]])).subarray(0, 512);
    header.write((2 ** 32).toString(8).padStart(11, "0"), 124, "latin1");
    seal(header);
    const member = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const bomb = Buffer.concat([gzipSync(header), ...Array.from({ length: 17 }, () => member)]);
    expect(bomb.length).toBeLessThan(2 * 1024 * 1024);
    await expect(identifyNpmTarball(bomb)).rejects.toMatchObject({
      ...unreadable,
      message: "the tarball unpacks to too much",
    });
  }, 30_000);

  it("stops at 200,000 entries", async () => {
    const entry = (await tarOf([["package/x", ""]])).subarray(0, 512);
    const tarball = gzipSync(Buffer.alloc(200_001 * 512, entry), { level: 1 });
    await expect(identifyNpmTarball(tarball)).rejects.toMatchObject({
      ...unreadable,
      message: "the tarball has too many entries",
    });
  }, 30_000);

  it("does not look into a file of more than 256 MiB", async () => {
    const large = Buffer.alloc(256 * 1024 * 1024 + 1);
    large.write("\u001f\u008b", "latin1");
    await expect(identifyNpmTarball(large)).rejects.toMatchObject({
      ...unreadable,
      message: "the tarball is too large",
    });
  });
});

describe("readNpmPackageJson", () => {
  it("says null for what is not said", async () => {
    const tarball = await tarballOf([["package/package.json", '{"private":true}']]);
    expect(await readNpmPackageJson(tarball)).toEqual({ name: null, version: null, private: true });
  });

  it("is null where there is no package.json", async () => {
    expect(await readNpmPackageJson(await tarballOf([["package/index.js", ""]]))).toBeNull();
  });
});

/** Writes the checksum of the first header after it was changed. */
function seal(tar: Buffer): void {
  const sum = tar.subarray(0, 512).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}
