import { MAX_METADATA_BYTES } from "@touchmark/core";
import { describe, expect, test } from "vitest";
import { type Files, memoryHost } from "../test/memory-host.ts";
import { configText, edited, metadataText, smallDist, textAt, withEntries, withFile } from "../test/synthetic-dist.ts";
import { goreleaser } from "./goreleaser.ts";
import { MAX_CONFIG_BYTES } from "./limits.ts";
import type { RoleOptions } from "./roles.ts";

const collect = (files: Files, options: RoleOptions = {}) =>
  goreleaser.collect(memoryHost(files), { dist: "dist", ...options });
const names = async (files: Files, options: RoleOptions = {}) =>
  (await collect(files, options))?.subjects.map(({ name }) => name);

describe("the three files", () => {
  test("a run that broke off has left metadata.json alone", async () => {
    const files = new Map([...smallDist()].filter(([path]) => path.endsWith("metadata.json")));
    await expect(collect(files)).rejects.toMatchObject({ code: "INPUT_MISSING" });
  });

  test.each([
    "{}",
    '[{"name": "x"}]',
    '[{"name": "x", "path": "dist/x", "type": 1}]',
    '[{"name": "", "path": "x", "type": "Archive"}]',
  ])("artifacts.json is refused: %s", async (text) => {
    await expect(collect(withFile(smallDist(), "dist/artifacts.json", text))).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("artifacts.json"),
    });
  });

  test.each([{ commit: "HEAD" }, { commit: 1 }, { version: "" }, { tag: "v1 0" }, { tag: "v1@refs/x" }])(
    "metadata.json is refused: %j",
    async (change) => {
      await expect(collect(smallDist({ metadata: metadataText(change) }))).rejects.toMatchObject({
        code: "INPUT_INVALID",
        message: expect.stringContaining("metadata.json"),
      });
    },
  );

  test.each([
    "dist: [",
    "dist: dist\ndist: dist",
    "- dist",
    configText({ release: ["extra_files: install.sh"] }),
    configText({ checksum: ["ids: default"] }),
    `a: &a [x]\n${Array.from({ length: 200 }, (_, index) => `b${index}: *a`).join("\n")}\n${configText({})}`,
  ])("config.yaml is refused: %#", async (text) => {
    await expect(collect(smallDist({ config: text }))).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("config.yaml"),
    });
  });

  test.each([
    ["artifacts.json", MAX_METADATA_BYTES],
    ["metadata.json", MAX_METADATA_BYTES],
    ["config.yaml", MAX_CONFIG_BYTES],
  ])("%s is too large above %i bytes, before it is read", async (name, limit) => {
    const files = withFile(smallDist(), `dist/${name}`, new Uint8Array(limit + 1));
    await expect(collect(files)).rejects.toMatchObject({ code: "INPUT_TOO_LARGE" });
  });
});

describe("paths", () => {
  test("need no Metadata entry: config.yaml has the dist folder too", async () => {
    const files = withEntries(smallDist(), (entries) => entries.filter(({ type }) => type !== "Metadata"));
    expect(await names(files)).toEqual(await names(smallDist()));
  });

  test("of two dist folders in one are refused", async () => {
    const files = edited(smallDist(), "dist/config.yaml", (text) => text.replace("dist: dist", "dist: dis"));
    await expect(collect(files)).rejects.toMatchObject({ code: "INPUT_INVALID", actual: '"dis"' });
  });

  test("inside a dist that was absolute are found in the one that was given", async () => {
    const files = edited(smallDist(), "dist/config.yaml", (text) => text.replace("dist: dist", "dist: /build/out"));
    const absolute = edited(files, "dist/artifacts.json", (text) => text.replaceAll("dist/", "/build/out/"));
    expect(await names(absolute)).toEqual(await names(smallDist()));
  });

  test("that go up from where GoReleaser ran are not found in dist", async () => {
    const files = withEntries(smallDist(), (entries) => [
      ...entries,
      { name: "x", path: "dist/../../demo.tar.gz", type: "Archive" },
    ]);
    await expect(collect(withFile(files, "demo.tar.gz", "another"))).rejects.toMatchObject({
      code: "ARTIFACT_MISSING",
    });
  });

  test("a folder is no artifact", async () => {
    const files = withEntries(smallDist(), (entries) => [
      ...entries,
      { name: "x", path: "dist/homebrew", type: "Archive" },
    ]);
    await expect(collect(files)).rejects.toMatchObject({ code: "FILE_REFUSED" });
  });
});

describe("types", () => {
  const unknown = withEntries(withFile(smallDist(), "dist/demo.dmg", "a disk image"), (entries) => [
    ...entries,
    { name: "demo.dmg", path: "dist/demo.dmg", internal_type: 2, type: "Disk Image" },
  ]);

  test("of a newer GoReleaser are never skipped, whatever their number", async () => {
    await expect(collect(unknown)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining('"Disk Image"'),
    });
  });

  test("of a newer GoReleaser can be told", async () => {
    expect(await names(unknown, { types: { "Disk Image": "released" } })).toContain("demo.dmg");
    expect(await names(unknown, { types: { "Disk Image": "intermediate" } })).toEqual(await names(smallDist()));
  });

  test("a binary is released or built: its number does not tell, its extra does", async () => {
    const renumbered = withEntries(smallDist(), (entries) =>
      entries.map((entry) => (entry.type === "Binary" ? { ...entry, internal_type: 5 } : entry)),
    );
    expect(await names(renumbered)).toEqual(await names(smallDist()));
    const silent = withEntries(smallDist(), (entries) =>
      entries.map((entry) => (entry.name === "demo" ? { ...entry, extra: {} } : entry)),
    );
    await expect(collect(silent)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining('"demo"'),
    });
  });

  test("that are released and those that are not", async () => {
    const released = [
      "Archive",
      "File",
      "Source",
      "Linux Package",
      "Makeself Package",
      "Flatpak",
      "Source RPM",
      "MSIX",
      "Wheel",
    ];
    released.push("Source Dist", "SBOM", "Signature", "Certificate", "Snap", "Chocolatey");
    const others = [
      "C Header",
      "C Archive Library",
      "C Shared Library",
      "PKGBUILD",
      "SRCINFO",
      "Nixpkg",
      "Homebrew Formula",
    ];
    others.push("Homebrew Cask", "Krew Plugin Manifest", "Scoop Manifest", "Winget Manifest");
    const types = [...released, ...others];
    const files = withEntries(smallDist(), (entries) => [
      ...entries,
      ...types.map((type) => ({ name: `a ${type}`, path: "dist/demo.tar.gz", type })),
    ]);
    const found = (await names(files))?.filter((name) => name.startsWith("a "));
    expect(found?.toSorted()).toEqual(released.map((type) => `a ${type}`).toSorted());
    expect(textAt(files, "dist/demo.tar.gz")).not.toBe("");
  });
});
