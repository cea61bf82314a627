import { readFileSync } from "node:fs";
import { compareText, stableText } from "@touchmark/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Files, hexOf, memoryHost } from "../test/memory-host.ts";
import {
  bytesOf,
  COMMIT,
  configText,
  edited,
  metadataText,
  smallDist,
  syntheticDist,
  textAt,
  withEntries,
  withFile,
} from "../test/synthetic-dist.ts";
import { goreleaser } from "./goreleaser.ts";

const fixture = (path: string) => readFileSync(new URL(`../fixtures/${path}`, import.meta.url), "utf8");

function collect(files: Files, options: Record<string, unknown> = {}) {
  return goreleaser.collect(memoryHost(files), goreleaser.options.parse(options));
}

async function names(files: Files, options: Record<string, unknown> = {}): Promise<readonly string[]> {
  return ((await collect(files, options))?.subjects ?? []).map(({ name }) => name).sort(compareText);
}

/** The 2.16.0 release of archives, binaries and packages, with our bytes. */
function basic(): Map<string, Uint8Array> {
  return syntheticDist({
    artifacts: fixture("v2.16.0-basic/artifacts.json"),
    metadata: fixture("v2.16.0-basic/metadata.json"),
    config: fixture("v2.16.0-basic/config.yaml"),
    lists: { "checksums.txt": fixture("v2.16.0-basic/checksums.txt") },
  });
}

describe("real outputs", () => {
  test("2.16.0: everything that is uploaded, under the names of the release", async () => {
    const output = await collect(basic());
    const found = output?.subjects.map(({ name }) => name).sort(compareText);
    const listed = fixture("v2.16.0-basic/checksums.txt").trim().split("\n");
    expect(found).toEqual(
      [...listed.map((line) => line.slice(66)), "checksums.txt", "checksums.txt.sig"].sort(compareText),
    );
    const raw = output?.subjects.find(({ name }) => name === "demo-linux-amd64");
    expect(raw).toEqual({
      name: "demo-linux-amd64",
      digest: { sha256: hexOf(bytesOf("the bytes of dist/demo_linux_amd64_v1/demo"), "sha256") },
    });
    expect(output?.resolvedDependencies).toEqual([
      { uri: "git+https://github.com/example/demo", digest: { gitCommit: COMMIT } },
    ]);
    expect(output?.byproducts.map(({ name, annotations }) => [name, annotations])).toEqual([
      ["metadata.json", { "goreleaser.snapshot": true }],
      ["config.yaml", undefined],
    ]);
  });

  test("2.15.0: a list that was written again after it was signed", async () => {
    const recorded = {
      artifacts: fixture("v2.15.0-basic/artifacts.json"),
      metadata: fixture("v2.15.0-basic/metadata.json"),
      config: fixture("v2.15.0-basic/config.yaml"),
      lists: { "checksums.txt": fixture("v2.15.0-basic/checksums.txt") },
    };
    await expect(collect(syntheticDist(recorded))).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
      message: expect.stringContaining('"checksums.txt.sig"'),
    });
    const lists = { "checksums.txt": recorded.lists["checksums.txt"].replace(/^.*checksums\.txt\.sig\n/m, "") };
    const unsigned = syntheticDist({
      ...recorded,
      lists,
      artifacts: JSON.stringify(
        JSON.parse(recorded.artifacts).filter((one: { type: string }) => one.type !== "Signature"),
      ),
    });
    expect(await names(unsigned)).toHaveLength(22);
  });

  test.each(["sha512", "sha384", "blake2b", "blake2s", "sha3-256", "sha1", "blake3", "crc32"])(
    "%s: compared by its name, and stated as sha256",
    async (algorithm) => {
      const files = syntheticDist({
        artifacts: fixture(`alg-${algorithm}/artifacts.json`),
        lists: { "sums.txt": fixture(`alg-${algorithm}/sums.txt`) },
      });
      const output = await collect(files);
      expect(output?.subjects.map(({ name, digest }) => [name, Object.keys(digest)])).toEqual([
        ["demo_1.0.0-SNAPSHOT-3aabc67_linux_amd64.tar.gz", ["sha256"]],
        ["sums.txt", ["sha256"]],
      ]);
      const archive = "dist/demo_1.0.0-SNAPSHOT-3aabc67_linux_amd64.tar.gz";
      const tampered = collect(withFile(files, archive, "other bytes"));
      if (algorithm === "blake3" || algorithm === "crc32") {
        // Neither has an in-toto name: the declared digest cannot be compared, the stated one is of the bytes.
        const digest = { sha256: hexOf(bytesOf("other bytes"), "sha256") };
        expect((await tampered)?.subjects[0]?.digest).toEqual(digest);
      } else {
        await expect(tampered).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
      }
    },
  );

  test("split lists belong to the file that artifacts.json says", async () => {
    const name = "demo_1.0.0-SNAPSHOT-3aabc67_linux_amd64.tar.gz";
    const files = syntheticDist({ artifacts: fixture("split-checksums/artifacts.json") });
    expect(textAt(files, `dist/${name}.sha256`)).toMatch(/^[0-9a-f]{64}$/);
    expect(await names(files)).toEqual([name, `${name}.sha256`]);
    await expect(collect(withFile(files, `dist/${name}.sha256`, "0".repeat(64)))).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
      message: expect.stringContaining(`${name}.sha256`),
    });
  });

  test("duplicate names: two different files called tool", async () => {
    const recorded = {
      artifacts: fixture("duplicate-names/artifacts.json"),
      config: configText({ release: ["extra_files:", "- glob: ./LICENSE"], checksum: EXTRA_README }),
      lists: { "checksums.txt": fixture("duplicate-names/checksums.txt") },
      others: { LICENSE: "licence", "README.md": "read me" },
      extraNames: { "READ ME.md": "README.md" },
    };
    const files = syntheticDist(recorded);
    await expect(collect(files)).rejects.toMatchObject({
      code: "SUBJECT_CONFLICT",
      message: expect.stringMatching(/"tool".*dist\/a_linux_amd64_v1\/tool and dist\/b_linux_amd64_v1\/tool/),
    });
    // Equal bytes under one name are one subject; everything else is there once, the extra files included.
    const entries = JSON.parse(recorded.artifacts) as { path: string }[];
    const artifacts = JSON.stringify(
      entries.map((one) => ({ ...one, path: one.path.replace("/b_linux", "/a_linux") })),
    );
    const found = await names(syntheticDist({ ...recorded, artifacts }));
    expect(found.filter((name) => name === "tool")).toEqual(["tool"]);
    expect(found).toEqual([...new Set(found)]);
    expect(found).toEqual(
      expect.arrayContaining(["LICENSE", "READ ME.md", "tool.sig", "tool.pem", "same.zip.spdx.json"]),
    );
  });

  test("goreleaser build releases nothing, and says so", async () => {
    const files = syntheticDist({
      artifacts: fixture("build-single-target/artifacts.json"),
      metadata: fixture("build-single-target/metadata.json"),
    });
    await expect(collect(files)).rejects.toMatchObject({
      code: "SUBJECTS_EMPTY",
      expected: expect.stringContaining("binaries: true"),
    });
    expect(await names(files, { binaries: true })).toEqual(["demo_linux_amd64_v1/demo"]);
  });

  test("a dist of another name, in its place and moved", async () => {
    const files = syntheticDist({
      artifacts: fixture("custom-dist-no-checksum/artifacts.json"),
      metadata: fixture("custom-dist-no-checksum/metadata.json"),
    });
    const expected = ["demo_1.0.0-SNAPSHOT-3aabc67_linux_amd64.tar.gz"];
    expect(await names(files, { dist: "out/rel" })).toEqual(expected);
    const moved = new Map([...files].map(([path, bytes]) => [path.replace("out/rel", "downloads/linux"), bytes]));
    expect(await names(moved, { dist: "downloads/linux/" })).toEqual(expected);
  });

  test("2.16.0 with extra files, SBOMs, signatures and a cask: sha512 in the list, sha256 in artifacts.json", async () => {
    const recorded = {
      artifacts: fixture("v2.16.0-extra-files/artifacts.json"),
      metadata: fixture("v2.16.0-extra-files/metadata.json"),
      config: fixture("v2.16.0-extra-files/config.yaml"),
      lists: { "sums.txt": fixture("v2.16.0-extra-files/sums.txt") },
      others: { LICENSE: "licence", "extras/install.sh": "#!", "extras/greet.1": ".TH", "extras/SHA256SUMS": "" },
      extraNames: { "LICENCE v1.0.0": "LICENSE", "install.sh": "extras/install.sh" },
    };
    expect(recorded.artifacts).toMatch(
      /"Checksum":"sha256:.*"Checksum":"sha512:|"Checksum":"sha512:.*"Checksum":"sha256:/s,
    );
    const archive = "greet_1.0.0_linux_amd64.tar.gz";
    expect(await names(syntheticDist(recorded), { dist: "out/rel" })).toEqual(
      [
        ...["greet-linux", archive, `${archive}.spdx.json`, "sums.txt"].flatMap((name) => [name, `${name}.sig`]),
        ...["LICENCE v1.0.0", "LICENSE", "SHA256SUMS", "greet.1", "install.sh"],
      ].sort(compareText),
    );
  });

  test("the example's dist, with its real bytes", async () => {
    const folder = "examples/polyglot-release/dist";
    const paths = [
      "artifacts.json",
      "metadata.json",
      "config.yaml",
      "greet_1.0.0_checksums.txt",
      "greet_1.0.0_amd64.deb",
    ];
    paths.push("greet_1.0.0_linux_amd64.tar.gz", "greet_1.0.0_darwin_arm64.tar.gz");
    paths.push("greet_x86_64-linux-musl/greet", "greet_aarch64-macos/greet");
    const read = (path: string) => readFileSync(new URL(`../../../${folder}/${path}`, import.meta.url));
    const files = new Map(paths.map((path) => [`${folder}/${path}`, read(path)]));
    const output = await collect(files, { dist: folder });
    const sums = textAt(files, `${folder}/greet_1.0.0_checksums.txt`).trim().split("\n");
    for (const line of sums) {
      expect(output?.subjects).toContainEqual({ name: line.slice(66), digest: { sha256: line.slice(0, 64) } });
    }
    expect(output?.subjects).toHaveLength(sums.length + 1);
    expect(output?.resolvedDependencies[0]?.uri).toBe("git+https://github.com/example/greet@refs/tags/v1.0.0");
    expect(output?.byproducts[0]?.annotations).toBeUndefined();
  });
});

const EXTRA_README = ["extra_files:", "- glob: ./README.md", "  name_template: READ ME.md"];

describe("laws", () => {
  test("nothing of GoReleaser's is null", async () => {
    expect(await collect(new Map())).toBeNull();
    const foreign = { "dist/metadata.json": '{"tool": "another"}', "dist/config.yaml": "a: b", "dist/index.js": "" };
    expect(await collect(new Map(Object.entries(foreign).map(([path, text]) => [path, bytesOf(text)])))).toBeNull();
  });

  test("the order of artifacts.json does not matter", async () => {
    const files = basic();
    const expected = stableText(await collect(files));
    const entries = JSON.parse(textAt(files, "dist/artifacts.json"));
    const shuffled = fc.shuffledSubarray(entries, { minLength: entries.length, maxLength: entries.length });
    await fc.assert(
      fc.asyncProperty(shuffled, async (order) => {
        expect(stableText(await collect(withFile(files, "dist/artifacts.json", JSON.stringify(order))))).toBe(expected);
      }),
      { numRuns: 50 },
    );
  });

  test("taking any one file away throws", async () => {
    for (const files of [basic(), smallDist()]) {
      for (const path of files.keys()) {
        const code = /(artifacts|metadata)\.json$|config\.yaml$/.test(path) ? "INPUT_MISSING" : "ARTIFACT_MISSING";
        await expect(collect(withFile(files, path, null)), path).rejects.toMatchObject({ code });
      }
    }
  });

  test("changing any one released file throws or changes its own subject alone", async () => {
    const files = basic();
    const expected = (await collect(files))?.subjects ?? [];
    for (const path of files.keys()) {
      if (/\.(json|yaml)$/.test(path)) continue;
      const changed = withFile(files, path, "other bytes");
      if (path === "dist/checksums.txt.sig") {
        const differing = (await collect(changed))?.subjects.filter(
          (subject) => !expected.some((one) => stableText(one) === stableText(subject)),
        );
        expect(differing?.map(({ name }) => name)).toEqual(["checksums.txt.sig"]);
      } else {
        const code = path === "dist/checksums.txt" ? "INPUT_INVALID" : "DIGEST_MISMATCH";
        const unlisted = path === "dist/demo-universal_darwin_all/demo" ? "DIGEST_MISMATCH" : code;
        await expect(collect(changed), path).rejects.toMatchObject({ code: unlisted });
      }
    }
  });

  test.each(["artifacts.json", "metadata.json", "config.yaml", "checksums.txt"])(
    "%s cut off anywhere never gives a shorter list",
    async (name) => {
      const files = smallDist({
        config: configText({ release: ["extra_files:", "- glob: ./LICENSE"], checksum: EXTRA_README }),
        others: { LICENSE: "licence", "README.md": "read me" },
        extraNames: { "READ ME.md": "README.md" },
        lists: { "checksums.txt": `${textAt(smallDist(), "dist/checksums.txt")}${"0".repeat(64)}  READ ME.md\n` },
      });
      const all = await names(files);
      expect(all).toHaveLength(7);
      const whole = files.get(`dist/${name}`) ?? new Uint8Array();
      for (let length = 0; length < whole.byteLength; length += 1) {
        const cut = withFile(files, `dist/${name}`, whole.subarray(0, length));
        const found = await names(cut).catch((error: unknown) => error);
        if (Array.isArray(found)) expect(found, `${length} bytes`).toEqual(all);
        else expect(found, `${length} bytes`).toMatchObject({ name: "TouchmarkError" });
      }
    },
  );

  test("an interrupted host stops it", async () => {
    const host = memoryHost(smallDist(), {}, AbortSignal.abort());
    await expect(goreleaser.collect(host, { dist: "dist" })).rejects.toMatchObject({ code: "ABORTED" });
  });

  test("no place in what is stated", async () => {
    const files = new Map([...smallDist()].map(([path, bytes]) => [`secret-place/${path}`, bytes]));
    expect(JSON.stringify(await collect(files, { dist: "secret-place/dist" }))).not.toContain("secret-place");
  });
});

describe("several dist folders", () => {
  const second = (change: Record<string, unknown> = {}) =>
    [...syntheticDist({ artifacts: SECOND, metadata: metadataText(change) })].map(
      ([path, bytes]) => [path.replace("dist/", "dist-darwin/"), bytes] as const,
    );
  const SECOND = JSON.stringify([
    { name: "metadata.json", path: "dist/metadata.json", type: "Metadata" },
    { name: "demo-darwin.tar.gz", path: "dist/demo-darwin.tar.gz", type: "Archive" },
  ]);
  const both = { dist: ["dist", "dist-darwin"] };

  test("are one release when commit and version are equal", async () => {
    const found = await names(new Map([...smallDist(), ...second()]), both);
    expect(found).toEqual([...(await names(smallDist())), "demo-darwin.tar.gz"].sort(compareText));
    const output = await collect(new Map([...smallDist(), ...second()]), both);
    expect(output?.resolvedDependencies).toHaveLength(1);
  });

  test.each([{ commit: "b".repeat(40) }, { version: "1.0.1" }])("are refused when they differ: %j", async (change) => {
    const files = new Map([...smallDist(), ...second(change)]);
    await expect(collect(files, both)).rejects.toMatchObject({ code: "ORIGIN_MISMATCH" });
  });

  test("are refused when one of them is not there", async () => {
    await expect(collect(smallDist(), both)).rejects.toMatchObject({
      code: "INPUT_MISSING",
      message: expect.stringContaining("dist-darwin"),
    });
    expect(await collect(new Map(), both)).toBeNull();
  });

  test("with one name for two files are refused with both places", async () => {
    const clash = second().map(([path, bytes]) => [path, bytes] as const);
    const files = withEntries(
      new Map([...smallDist(), ...clash]),
      (entries) => entries.map((entry) => ({ ...entry, name: entry.name.replace("demo-darwin", "demo") })),
      "dist-darwin",
    );
    await expect(collect(files, both)).rejects.toMatchObject({
      code: "SUBJECT_CONFLICT",
      message: expect.stringMatching(/dist-darwin\/demo-darwin\.tar\.gz and dist\/demo\.tar\.gz/),
    });
  });
});

describe("options", () => {
  test("come from the command line and have a default", () => {
    expect(goreleaser.fromArgument("out")).toEqual({ dist: "out" });
    expect(goreleaser.options.parse(goreleaser.fromArgument(null))).toEqual({ dist: "dist" });
  });

  test.each([
    { dits: "dist" },
    { dist: [] },
    { dist: "" },
    { types: { Archive: "intermediate" } },
    { types: { Binary: "released" } },
  ])("%j is refused", (options) => {
    expect(goreleaser.options.safeParse(options).success).toBe(false);
  });
});

describe("an empty release", () => {
  test("is an error, not an empty list", async () => {
    const files = edited(smallDist(), "dist/artifacts.json", () => "[]");
    await expect(collect(files)).rejects.toMatchObject({ code: "SUBJECTS_EMPTY" });
  });
});
