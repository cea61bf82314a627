import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tarballOf } from "../test/tarball-of.ts";
import { type ZipEntry, zipOf } from "../test/zip-of.ts";
import { identifySdist, identifyWheel } from "./python-identity.ts";

const unreadable = { code: "PACKAGE_UNREADABLE" };
const METADATA = "Metadata-Version: 2.4\nName: Octo.Pad\nVersion: 1.0.0\nSummary: pads\n\nName: other\n";
const FOLDER = "octo_pad-1.0.0.dist-info";

function wheelOf(metadata = METADATA, change: Partial<ZipEntry> = {}, more: readonly ZipEntry[] = []): Buffer {
  return zipOf([
    { name: "octo_pad/__init__.py", content: "" },
    { name: `${FOLDER}/METADATA`, content: metadata, ...change },
    { name: `${FOLDER}/RECORD`, content: "" },
    ...more,
  ]);
}

describe("identifyWheel", () => {
  it("says what METADATA says, and the name as PyPI compares it", async () => {
    expect(await identifyWheel(wheelOf())).toEqual({
      name: "Octo.Pad",
      version: "1.0.0",
      purl: "pkg:pypi/octo-pad@1.0.0",
    });
  });

  it.each([
    ["carriage returns", METADATA.replaceAll("\n", "\r\n"), "pkg:pypi/octo-pad@1.0.0"],
    ["another case of the fields", METADATA.replace("Name:", "NAME:"), "pkg:pypi/octo-pad@1.0.0"],
    ["a description in the fields", METADATA.replace("pads", "pads\n  Name: other"), "pkg:pypi/octo-pad@1.0.0"],
    ["a local version", METADATA.replace("1.0.0", "1.0.0+cpu.1"), "pkg:pypi/octo-pad@1.0.0%2Bcpu.1"],
    ["an epoch", METADATA.replace("1.0.0", "1!1.0.0rc1"), "pkg:pypi/octo-pad@1!1.0.0rc1"],
  ])("with %s", async (_what, metadata, purl) => {
    expect(await identifyWheel(wheelOf(metadata))).toMatchObject({ purl });
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["a text", Buffer.from("PK is how it begins")],
    ["a zip without METADATA", zipOf([{ name: "a.dist-info/RECORD", content: "" }])],
    ["a zip with METADATA at another depth", zipOf([{ name: `a/${FOLDER}/METADATA`, content: METADATA }])],
  ])("is null for %s", async (_what, bytes) => {
    expect(await identifyWheel(bytes)).toBeNull();
  });

  it.each([
    ["no Name", METADATA.replace("Name:", "Title:")],
    ["no Version", METADATA.replace("\nVersion:", "\nEdition:")],
    ["two Names", METADATA.replace("Summary: pads", "Name: Octo.Pad")],
    ["a Name in two lines", METADATA.replace("Octo.Pad", "Octo.\n Pad")],
    ["a Version in two lines", METADATA.replace("1.0.0", "1.0\n\t.0")],
    ["a line that is no field", METADATA.replace("Summary: pads", "pads")],
    ["a name that is no name", METADATA.replace("Octo.Pad", "../octo_pad")],
    ["a name that ends in a dash", METADATA.replace("Octo.Pad", "octo-pad-")],
    ["a name of 257 letters", METADATA.replace("Octo.Pad", "o".repeat(257))],
    ["a version that is a path", METADATA.replace("1.0.0", "1.0/0")],
    ["a version that is empty", METADATA.replace("1.0.0", "")],
    ["another package's name", METADATA.replace("Octo.Pad", "octo-wide")],
    ["more than 1 MiB", `${METADATA}${"x".repeat(1024 * 1024)}`],
  ])("refuses METADATA with %s", async (_what, metadata) => {
    await expect(identifyWheel(wheelOf(metadata))).rejects.toMatchObject(unreadable);
  });

  it("refuses METADATA that is not UTF-8", async () => {
    const wheel = wheelOf(METADATA, { content: Buffer.concat([Buffer.from(METADATA), Buffer.of(0xff)]) });
    await expect(identifyWheel(wheel)).rejects.toMatchObject(unreadable);
  });

  it.each<[what: string, wheel: Buffer]>([
    ["twice", wheelOf(METADATA, {}, [{ name: `${FOLDER}/METADATA`, content: METADATA }])],
    ["in another folder too", wheelOf(METADATA, {}, [{ name: "other-1.0.0.dist-info/METADATA", content: METADATA }])],
    ["in another case too", wheelOf(METADATA, {}, [{ name: `${FOLDER}/metadata`, content: METADATA }])],
    ["in another case alone", wheelOf(METADATA, { name: `${FOLDER}/Metadata` })],
    ["under another name in the entry itself", wheelOf(METADATA, { localName: `${FOLDER}/RECORDS_` })],
    ["with another checksum", wheelOf(METADATA, { crc: 1 })],
    ["of another size", wheelOf(METADATA, { size: METADATA.length - 1 })],
    ["beside a name that leads out", wheelOf(METADATA, {}, [{ name: "../evil.pth", content: "" }])],
    ["beside an absolute name", wheelOf(METADATA, {}, [{ name: "/evil.pth", content: "" }])],
    ["in a zip that counts more", zipOf([{ name: `${FOLDER}/METADATA`, content: METADATA }], 2)],
    ["in a zip that ends early", wheelOf().subarray(0, -30)],
  ])("refuses METADATA %s", async (_what, wheel) => {
    await expect(identifyWheel(wheel)).rejects.toMatchObject(unreadable);
  });

  it("stops at what a wheel may have", async () => {
    const large = Buffer.alloc(256 * 1024 * 1024 + 1);
    large.write("PK\u0003\u0004", "latin1");
    await expect(identifyWheel(large)).rejects.toMatchObject({ ...unreadable, message: "the wheel is too large" });
    // Each entry of a directory takes 46 bytes and its name: of many equal ones, the first would do.
    const wheel = wheelOf(
      METADATA,
      {},
      Array.from({ length: 3 }, () => ({ name: "a", content: "" })),
    );
    const zip64 = manyEntries(wheel, 200_001);
    await expect(identifyWheel(zip64)).rejects.toMatchObject({
      ...unreadable,
      message: "the wheel has too many entries",
    });
  });

  it("never says another package, whatever byte is changed", async () => {
    const whole = wheelOf();
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ flip;
        const identity = await identifyWheel(changed).catch((error: unknown) => {
          expect(error).toMatchObject(unreadable);
          return null;
        });
        if (identity !== null) expect(identity.purl).toBe("pkg:pypi/octo-pad@1.0.0");
      }),
      { numRuns: 500 },
    );
  });
});

/** The same zip, of which the ending of zip64 says that it has many entries (APPNOTE, sections 4.3.14 and 4.3.15). */
function manyEntries(zip: Buffer, count: number): Buffer {
  const end = Buffer.from(zip.subarray(-22));
  const record = Buffer.alloc(56);
  record.write("PK\u0006\u0006", 0, "latin1");
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(12)), 40);
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(16)), 48);
  const locator = Buffer.alloc(20);
  locator.write("PK\u0006\u0007", 0, "latin1");
  locator.writeBigUInt64LE(BigInt(zip.length - 22), 8);
  locator.writeUInt32LE(1, 16);
  end.fill(0xff, 8, 20);
  return Buffer.concat([zip.subarray(0, -22), record, locator, end]);
}

describe("identifySdist", () => {
  const PKG_INFO = METADATA.replace("Octo.Pad", "octo-pad");

  it("says what PKG-INFO at the top says", async () => {
    const sdist = await tarballOf([
      ["octo_pad-1.0.0/octo_pad.egg-info/PKG-INFO", PKG_INFO.replace("octo-pad", "other")],
      ["octo_pad-1.0.0/PKG-INFO", PKG_INFO],
    ]);
    expect(await identifySdist(sdist)).toEqual({
      name: "octo-pad",
      version: "1.0.0",
      purl: "pkg:pypi/octo-pad@1.0.0",
    });
  });

  it("is null for a tarball without one", async () => {
    expect(await identifySdist(await tarballOf([["octo_pad-1.0.0/setup.py", ""]]))).toBeNull();
    expect(await identifySdist(Buffer.from("no tarball"))).toBeNull();
  });

  it.each<[what: string, entries: Parameters<typeof tarballOf>[0]]>([
    [
      "that differs from another",
      [
        ["a-1/PKG-INFO", PKG_INFO],
        ["b-1/PKG-INFO", PKG_INFO.replace("pad", "wide")],
      ],
    ],
    ["that is a link", [["a-1/PKG-INFO", "/etc/passwd", "symlink"]]],
    ["without a name", [["a-1/PKG-INFO", "Version: 1.0.0\n"]]],
  ])("refuses PKG-INFO %s", async (_what, entries) => {
    await expect(identifySdist(await tarballOf(entries))).rejects.toMatchObject(unreadable);
  });
});
