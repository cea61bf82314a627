import { describe, expect, test } from "vitest";
import { type Files, hexOf, memoryHost } from "../test/memory-host.ts";
import { bytesOf, configText, edited, smallDist, textAt, withEntries, withFile } from "../test/synthetic-dist.ts";
import { goreleaser } from "./goreleaser.ts";

const LIST = "dist/checksums.txt";
const collect = (files: Files, dist = "dist") => goreleaser.collect(memoryHost(files), { dist });
const named = async (files: Files, name: string) => (await collect(files))?.subjects.find((one) => one.name === name);

/** A list with one more line, for a file that artifacts.json does not have. */
function withLine(files: Files, name: string, hex: string): Map<string, Uint8Array> {
  return edited(files, LIST, (text) => `${text}${hex}  ${name}\n`);
}

describe("a list that disagrees with the bytes", () => {
  test("is named with the file", async () => {
    const files = edited(smallDist(), LIST, (text) =>
      text.replace(/^[0-9a-f]{64}(?= {2}demo\.tar\.gz$)/m, "0".repeat(64)),
    );
    await expect(collect(files)).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
      message: '"demo.tar.gz" is not the file that checksums.txt lists',
      expected: `sha256:${"0".repeat(64)}`,
    });
  });

  test("extra.Checksum is compared too, where no list is", async () => {
    const files = withEntries(smallDist(), (entries) =>
      entries
        .filter(({ name }) => !name.startsWith("checksums.txt"))
        .map((entry) =>
          entry.type === "SBOM" ? { ...entry, extra: { Checksum: `sha256:${"0".repeat(64)}` } } : entry,
        ),
    );
    await expect(collect(files)).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
      message: '"demo.tar.gz.sbom.json" is not the file that artifacts.json lists',
    });
  });

  test("blake3 cannot be compared with bytes, but two declarations with each other", async () => {
    const blake3 = (hex: string) =>
      withEntries(
        edited(
          edited(smallDist(), LIST, () => `${"a".repeat(64)}  demo.tar.gz\n`),
          "dist/config.yaml",
          () => configText({ algorithm: "blake3" }),
        ),
        (entries) =>
          entries
            .filter(({ type }) => type !== "SBOM" && type !== "Binary")
            .map((entry) => (entry.type === "Archive" ? { ...entry, extra: { Checksum: `blake3:${hex}` } } : entry)),
      );
    await expect(collect(blake3("a".repeat(64)))).resolves.not.toBeNull();
    await expect(collect(blake3("b".repeat(64)))).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });
});

describe("the algorithm", () => {
  test("of a list is the configured one, not that of extra.Checksum, which publishers overwrite", async () => {
    // checksum.algorithm sha512 and a Homebrew cask: sha512 in the list, sha256 in artifacts.json.
    const files = smallDist({ config: configText({ algorithm: "sha512" }) });
    const hexes = ["dist/demo_linux/demo", "dist/demo.tar.gz", "dist/demo.tar.gz.sbom.json"].map((path) =>
      hexOf(files.get(path) ?? new Uint8Array(), "sha512"),
    );
    const list = edited(files, LIST, (text) => text.replaceAll(/^[0-9a-f]{64}/gm, () => hexes.shift() ?? ""));
    expect((await named(list, "demo.tar.gz"))?.digest).toEqual({
      sha256: hexOf(bytesOf("the bytes of dist/demo.tar.gz"), "sha256"),
    });
  });

  test("is not guessed from 64 hex digits", async () => {
    const files = edited(smallDist(), "dist/config.yaml", (text) => text.replace("sha256", "sha3-256"));
    await expect(collect(files)).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
      expected: expect.stringContaining("sha3_256:"),
    });
  });

  test.each(["whirlpool", "sha512", "narSha256"])(
    "%s with 64 digits is not what GoReleaser writes",
    async (algorithm) => {
      const files = edited(smallDist(), "dist/config.yaml", (text) => text.replace("sha256", algorithm));
      await expect(collect(files)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    },
  );

  test.each(["sha256", `SHA256:${"0".repeat(63)}`, `crc32:${"0".repeat(64)}`, `${"0".repeat(64)}`])(
    "extra.Checksum %j is refused",
    async (checksum) => {
      const files = withEntries(smallDist(), (entries) =>
        entries.map((entry) => (entry.type === "Archive" ? { ...entry, extra: { Checksum: checksum } } : entry)),
      );
      await expect(collect(files)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    },
  );
});

describe("a list that lost a line", () => {
  const shorter = (files: Files) => edited(files, LIST, (text) => text.replace(/^.*sbom\.json\n/m, ""));

  test("is noticed by what artifacts.json says is in it", async () => {
    await expect(collect(shorter(smallDist()))).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining('"demo.tar.gz.sbom.json"'),
    });
  });

  test("is as GoReleaser wrote it under checksum.ids", async () => {
    const files = smallDist({ config: configText({ checksum: ["ids: [default]"] }) });
    expect((await collect(shorter(files)))?.subjects).toHaveLength(5);
  });

  test("is noticed by extra_files under checksum.ids too", async () => {
    const config = configText({ checksum: ["ids: [default]", "extra_files: [{glob: ./README.md}]"] });
    const files = smallDist({ config, others: { "README.md": "read me" } });
    await expect(collect(files)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining('"README.md"'),
    });
  });
});

describe("a file that only the list names", () => {
  const README = hexOf(bytesOf("read me"), "sha256");
  const config = configText({
    checksum: ["extra_files: [{glob: ./docs/README.md, name_template: 'READ ME {{ .Tag }}.md'}]"],
  });

  test("is found where GoReleaser read it, under the name that it gave", async () => {
    const files = withLine(smallDist({ config, others: { "docs/README.md": "read me" } }), "READ ME v1.0.0.md", README);
    expect(await named(files, "READ ME v1.0.0.md")).toEqual({ name: "READ ME v1.0.0.md", digest: { sha256: README } });
    await expect(collect(withFile(files, "docs/README.md", "other bytes"))).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
      message: '"READ ME v1.0.0.md" is not the file that checksums.txt lists',
    });
  });

  test("is found in a moved dist under its name", async () => {
    const files = withLine(smallDist({ config }), "READ ME v1.0.0.md", README);
    files.set("dist/READ ME v1.0.0.md", bytesOf("read me"));
    const moved = new Map([...files].map(([path, bytes]) => [path.replace("dist/", "download/"), bytes]));
    expect((await collect(moved, "download"))?.subjects.map(({ name }) => name)).toContain("READ ME v1.0.0.md");
  });

  test("is not taken from dist when its digest cannot be compared", async () => {
    const files = smallDist({ config: configText({ algorithm: "crc32" }) });
    files.set(LIST, bytesOf("0a1b2c3d  notes.md\n"));
    files.set("dist/notes.md", bytesOf("some notes"));
    const bare = withEntries(files, (entries) => entries.filter(({ extra }) => extra?.["Checksum"] === undefined));
    await expect(collect(bare)).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
  });

  test("is an error when it is nowhere", async () => {
    await expect(collect(withLine(smallDist(), "notes.md", README))).rejects.toMatchObject({
      code: "ARTIFACT_MISSING",
      message: '"notes.md" is listed in checksums.txt and is not there',
    });
  });

  test.each(["../secret", "/etc/passwd", "a/../../b"])("%s is no name", async (name) => {
    const files = withFile(withLine(smallDist(), name, README), "secret", "read me");
    await expect(collect(files)).rejects.toMatchObject({ code: "NAME_REFUSED" });
  });
});

describe("a list that is none", () => {
  test("of one bare digest belongs to a file, and artifacts.json says to which", async () => {
    const bare = hexOf(bytesOf("the bytes of dist/demo.tar.gz"), "sha256");
    await expect(collect(withFile(smallDist(), LIST, bare))).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("checksums.txt"),
    });
  });

  test("of many lines is not of one file", async () => {
    const files = withEntries(smallDist(), (entries) =>
      entries.map((entry) =>
        entry.type === "Checksum" ? { ...entry, extra: { ChecksumOf: "dist/demo.tar.gz" } } : entry,
      ),
    );
    await expect(collect(files)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });
});

describe("split lists of extra files", () => {
  const README = hexOf(bytesOf("read me"), "sha256");
  const split = (path: string, template: string) => {
    const files = smallDist({
      config: configText({
        checksum: ["split: true", `extra_files: [{glob: README.md, name_template: '${template}'}]`],
      }),
      others: { "README.md": "read me" },
    });
    files.set("dist/guide.md.sha256", bytesOf(README));
    return withEntries(files, (entries) => [
      ...entries.filter(({ name, extra }) => !name.startsWith("checksums.txt") && extra?.["Checksum"] === undefined),
      { name: "guide.md.sha256", path: "dist/guide.md.sha256", type: "Checksum", extra: { ChecksumOf: path } },
    ]);
  };

  test("name the file by its path, with the slashes of the machine that built", async () => {
    for (const path of ["README.md", ".\\README.md"]) {
      expect(await named(split(path, "guide.md"), "guide.md")).toEqual({
        name: "guide.md",
        digest: { sha256: README },
      });
    }
  });

  test("are compared, and their file must be there", async () => {
    const files = split("README.md", "guide.md");
    expect(textAt(files, "dist/guide.md.sha256")).toBe(README);
    await expect(collect(withFile(files, "README.md", "other"))).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
    await expect(collect(withFile(files, "README.md", null))).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
  });

  test("are found in a moved dist by the name of their list", async () => {
    const moved = new Map<string, Uint8Array>();
    for (const [path, bytes] of split("README.md", "guide.md")) moved.set(path.replace("dist/", "download/"), bytes);
    await expect(collect(moved, "download")).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
    moved.set("download/guide.md", bytesOf("read me"));
    expect((await collect(moved, "download"))?.subjects.map(({ name }) => name)).toContain("guide.md");
  });

  test("are refused when they are empty", async () => {
    const files = edited(split("README.md", "guide.md"), "dist/config.yaml", (text) =>
      text.replace("guide.md", "{{ .Env.NAME }}"),
    );
    await expect(collect(withFile(files, "dist/guide.md.sha256", ""))).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("guide.md.sha256"),
    });
  });
});
