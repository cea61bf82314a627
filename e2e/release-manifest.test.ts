import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newFolder, touchmark } from "./touchmark-process.ts";

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (...args: string[]) => touchmark(args, { cwd: folder.path });
const attest = (name: string, ...args: string[]) =>
  run("attest", "--from", `files:${name}/*`, "--key", "touchmark.key", "--name", name, "--out", `${name}.out`, ...args);

/** Artifacts and evidence in one folder, as somebody downloads them. */
async function download(release: string, to: string): Promise<string> {
  await cp(at(release), at(to), { recursive: true });
  for (const name of await readdir(at(`${release}.out`))) await copyFile(at(`${release}.out`, name), at(to, name));
  return to;
}

const verify = (target: string, ...args: string[]) => run("verify", target, "--key", "touchmark.pub", ...args);
const codesIn = (stderr: string, stdout: string) => [
  ...new Set([...(stderr + stdout).matchAll(/\bRELEASE_[A-Z]+\b/g)].map(([code]) => code)),
];

beforeAll(async () => {
  folder = await newFolder();
  expect(await run("keys", "generate")).toMatchObject({ status: 0 });
  for (const version of ["1.0.0", "1.1.0"]) {
    const name = `tool-${version}`;
    await mkdir(at(name));
    await writeFile(at(name, "tool"), `tool ${version}`);
    await writeFile(at(name, "install.sh"), "#!/bin/sh\n");
  }
  expect(await attest("tool-1.0.0", "--release-manifest", "--release-version", "1.0.0")).toMatchObject({ status: 0 });
  const before = "tool-1.0.0.out/tool-1.0.0.release.sigstore.json";
  const flags = ["--release-manifest", "--release-version", "1.1.0", "--predecessor", before];
  expect(await attest("tool-1.1.0", ...flags)).toMatchObject({ status: 0 });
  await download("tool-1.1.0", "release");
});

afterAll(() => folder.remove());

describe("attest --release-manifest", () => {
  it("writes the list beside the evidence that it lists, with the list before it", async () => {
    expect((await readdir(at("tool-1.1.0.out"))).sort()).toEqual([
      "tool-1.1.0.intoto.jsonl",
      "tool-1.1.0.release.sigstore.json",
      "tool-1.1.0.sigstore.json",
    ]);
    const bundle = JSON.parse(await readFile(at("release", "tool-1.1.0.release.sigstore.json"), "utf8"));
    const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, "base64").toString());
    expect(statement).toMatchObject({
      _type: "https://in-toto.io/Statement/v1",
      predicateType: "https://in-toto.io/attestation/release/v0.2",
      predicate: {
        purl: "pkg:generic/tool@1.1.0",
        "https://touchmark.dev/release-predecessor/v1": { version: "1.0.0" },
      },
    });
    expect(statement.subject.map(({ name }: { name: string }) => name)).toEqual([
      "install.sh",
      "tool",
      "tool-1.1.0.intoto.jsonl",
      "tool-1.1.0.sigstore.json",
    ]);
  });

  it("says in a dry run which release it would list, and writes nothing", async () => {
    const args = ["--from", "files:tool-1.0.0/*", "--name", "tool-v2", "--release-manifest", "--release-version", "2"];
    const ended = await run("attest", ...args, "--dry-run", "--out", "never");
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining("list of       pkg:generic/tool@2\n") });
    expect(await readdir(folder.path)).not.toContain("never");
  });

  it.each<[string, string, string[]]>([
    ["no version", "RELEASE_UNNAMED", ["--release-manifest", "--name", "tool"]],
    ["no name", "RELEASE_UNNAMED", ["--release-manifest", "--release-version", "1.0.0"]],
    ["a version and no list", "USAGE", ["--release-version", "1.0.0"]],
    ["a predecessor and no list", "USAGE", ["--predecessor", "tool-1.0.0.out/tool-1.0.0.release.sigstore.json"]],
    [
      "a newer release as the one before",
      "INPUT_INVALID",
      [
        ..."--release-manifest --name tool --release-version 1.0.5 --predecessor".split(" "),
        "tool-1.1.0.out/tool-1.1.0.release.sigstore.json",
      ],
    ],
    [
      "a list of something else before",
      "INPUT_INVALID",
      [
        ..."--release-manifest --name other --release-version 1.0.5 --predecessor".split(" "),
        "tool-1.0.0.out/tool-1.0.0.release.sigstore.json",
      ],
    ],
    [
      "provenance as the list before",
      "INPUT_INVALID",
      [
        ..."--release-manifest --name tool --release-version 1.0.5 --predecessor".split(" "),
        "tool-1.0.0.out/tool-1.0.0.sigstore.json",
      ],
    ],
    ["a version that is none", "INPUT_INVALID", ["--release-manifest", "--name", "tool", "--release-version", "1@2"]],
  ])("refuses %s, and signs nothing", async (_name, code, flags) => {
    const ended = await run(
      "attest",
      "--from",
      "files:tool-1.0.0/*",
      "--key",
      "touchmark.key",
      "--out",
      "no",
      ...flags,
    );
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining(code) });
    expect(await readdir(folder.path)).not.toContain("no");
  });

  it("is what the configuration says", async () => {
    await writeFile(
      at("touchmark.yaml"),
      "version: 1\nrelease: {name: tool, version: 3.0.0, manifest: true}\nartifacts: {files: {use: files, include: [tool-1.0.0/*]}}\n",
    );
    const ended = await run("attest", "--key", "touchmark.key", "--out", "configured", "--json");
    await rm(at("touchmark.yaml"));
    expect(JSON.parse(ended.stdout)).toMatchObject({ list: "pkg:generic/tool@3.0.0" });
    expect(await readdir(at("configured"))).toContain("tool.release.sigstore.json");
  });
});

describe("verify --release", () => {
  it("holds for all of it", async () => {
    expect(await verify("release", "--release")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(
        "release       pkg:generic/tool 1.1.0, as tool-1.1.0.release.sigstore.json lists",
      ),
    });
  });

  it.each<[string, string[], (name: string) => Promise<void>]>([
    ["an artifact is gone", ["RELEASE_INCOMPLETE"], (name) => rm(at(name, "install.sh"))],
    ["a copy of the evidence is gone", ["RELEASE_INCOMPLETE"], (name) => rm(at(name, "tool-1.1.0.intoto.jsonl"))],
    ["the list is gone", ["RELEASE_MISSING"], (name) => rm(at(name, "tool-1.1.0.release.sigstore.json"))],
    [
      "a tool of the release before is there, with its evidence",
      ["RELEASE_UNLISTED"],
      async (name) => {
        await mkdir(at(name, "old"));
        await copyFile(at("tool-1.0.0", "tool"), at(name, "old", "tool"));
        await copyFile(at("tool-1.0.0.out", "tool-1.0.0.sigstore.json"), at(name, "old.sigstore.json"));
      },
    ],
  ])("fails where %s", async (why, codes, change) => {
    const name = await download("tool-1.1.0", `changed-${why.replaceAll(/\W/g, "-")}`);
    await change(name);
    const strict = await verify(name, "--release");
    expect(strict.status).toBe(1);
    expect(codesIn(strict.stderr, strict.stdout)).toEqual(codes);
    expect(await verify(name)).toMatchObject({ status: 0 });
  });

  it("wants to know which of two, and judges that one", async () => {
    const name = await download("tool-1.1.0", "two");
    await copyFile(at("tool-1.0.0.out", "tool-1.0.0.release.sigstore.json"), at(name, "before.sigstore.json"));
    expect(await verify(name, "--release")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("RELEASE_AMBIGUOUS"),
    });
    expect(await verify(name, "--release-version", "1.1.0")).toMatchObject({ status: 0 });
    expect(await verify(name, "--release-version", "1.0.0")).toMatchObject({ status: 1 });
  });

  it("remembers the release, and refuses an older one", async () => {
    const old = await download("tool-1.0.0", "old");
    expect(await verify("release", "--release", "--state", "seen.json")).toMatchObject({ status: 0 });
    expect(JSON.parse(await readFile(at("seen.json"), "utf8"))).toMatchObject({
      releases: { "pkg:generic/tool": { "": "1.1.0" } },
    });
    expect(await verify(old, "--release", "--state", "seen.json")).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("ROLLBACK"),
    });
    expect(await verify(old, "--release")).toMatchObject({ status: 0 });
  });
});
