import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { BuildOutput } from "@touchmark/core";
import { withTestHost } from "@touchmark/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { npmPack } from "./npm-pack.ts";

const fixture = (path: string) => readFileSync(new URL(`../fixtures/${path}`, import.meta.url));
const SINGLE = "demo-single-1.2.3.tgz";
const CLI = "demo-cli-2.0.0.tgz";
const CORE = "demo-core-2.0.0-rc.1+build.5.tgz";
const WORKSPACE_PURLS = ["pkg:npm/%40demo/core@2.0.0-rc.1", "pkg:npm/demo-cli@2.0.0"];

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "npm-pack-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Writes files; objects as JSON. */
function put(files: Readonly<Record<string, string | Uint8Array | object>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const isRaw = typeof content === "string" || content instanceof Uint8Array;
    writeFileSync(join(folder, path), isRaw ? content : JSON.stringify(content));
  }
}

function collect(options: Readonly<Record<string, unknown>>): Promise<BuildOutput | null> {
  return withTestHost(folder, async (host) => npmPack.collect(host, npmPack.options.parse(options)));
}

const names = (output: BuildOutput | null) => output?.subjects.map(({ name }) => name);
const hash = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest("hex");

/** A tarball with one file, as npm would write it. */
function tarball(manifest: object): Buffer {
  const content = Buffer.from(JSON.stringify(manifest));
  const header = Buffer.alloc(512);
  header.write("package/package.json");
  header.write("0000644\u00000000000\u00000000000\u0000", 100, "latin1");
  header.write(`${content.length.toString(8).padStart(11, "0")} 03737373737 `, 124, "latin1");
  header.write("        0", 148, "latin1");
  header.write("ustar\u000000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\u0000 `, 148, "latin1");
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return gzipSync(Buffer.concat([header, content, padding, Buffer.alloc(1024)]));
}

/** A list as pnpm 9 and 10 print it: without digests. */
const plainList = (...entries: readonly (readonly [name: string, version: string, filename: string])[]) =>
  entries.map(([name, version, filename]) => ({ name, version, filename }));

describe("npm-pack:PACK.json", () => {
  it("names the subject by purl, with sha256 and sha512 of the bytes", async () => {
    put({ "pack.json": fixture("lists/npm11-single.json"), [SINGLE]: fixture(`tarballs/${SINGLE}`) });
    const bytes = fixture(`tarballs/${SINGLE}`);
    expect(await collect({ path: "pack.json" })).toEqual({
      subjects: [
        {
          name: "pkg:npm/demo-single@1.2.3",
          digest: { sha256: hash("sha256", bytes), sha512: hash("sha512", bytes) },
        },
      ],
      resolvedDependencies: [],
      byproducts: [{ name: "pack.json", digest: { sha256: hash("sha256", fixture("lists/npm11-single.json")) } }],
    });
  });

  it.each(["npm8-single", "npm9-single", "npm10-single", "npm11-single", "npm11-dryrun", "npm12-single"])(
    "reads %s with its tarball",
    async (list) => {
      put({ "pack.json": fixture(`lists/${list}.json`), [SINGLE]: fixture(`tarballs/${SINGLE}`) });
      expect(names(await collect({ path: "pack.json" }))).toEqual(["pkg:npm/demo-single@1.2.3"]);
    },
  );

  it.each(["npm8-workspaces", "npm9-workspaces", "npm10-workspaces", "npm11-workspaces", "npm12-workspaces"])(
    "reads %s with its tarballs",
    async (list) => {
      put({
        "out/pack.json": fixture(`lists/${list}.json`),
        [`out/${CLI}`]: fixture(`tarballs/${CLI}`),
        [`out/${CORE}`]: fixture(`tarballs/${CORE}`),
      });
      expect(names(await collect({ path: "out/pack.json" }))).toEqual(WORKSPACE_PURLS);
    },
  );

  it.each(["pnpm9-scoped", "pnpm10-scoped"])("takes the base name of %s's absolute path", async (list) => {
    put({ "pack.json": fixture(`lists/${list}.json`), [CORE]: fixture(`tarballs/${CORE}`) });
    expect(names(await collect({ path: "pack.json" }))).toEqual(["pkg:npm/%40demo/core@2.0.0-rc.1"]);
  });

  it("reads the name and version of yarn's package.tgz from inside", async () => {
    put({ "pack.ndjson": fixture("lists/yarn4-workspace-cli.ndjson"), "package.tgz": fixture(`tarballs/${CLI}`) });
    expect(names(await collect({ path: "pack.ndjson" }))).toEqual(["pkg:npm/demo-cli@2.0.0"]);
  });

  it("finds tarballs of one name where the tool wrote them, inside of the workspace", async () => {
    const line = (name: string) => `{"base":"${folder}/${name}"}\n{"output":"${folder}/${name}/package.tgz"}\n`;
    put({
      "pack.ndjson": line("a") + line("b"),
      "a/package.tgz": tarball({ name: "a", version: "1.0.0" }),
      "b/package.tgz": tarball({ name: "b", version: "1.0.0" }),
    });
    expect(names(await collect({ path: "pack.ndjson" }))).toEqual(["pkg:npm/a@1.0.0", "pkg:npm/b@1.0.0"]);
  });

  it("never follows a list out of the granted roots", async () => {
    const outside = await mkdtemp(join(tmpdir(), "npm-pack-outside-"));
    writeFileSync(join(outside, "x-1.0.0.tgz"), tarball({ name: "x", version: "1.0.0" }));
    put({ "pack.json": plainList(["x", "1.0.0", join(outside, "x-1.0.0.tgz")]) });
    await expect(collect({ path: "pack.json" })).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
    rmSync(outside, { recursive: true });
  });

  it("looks in the folder that `tarballs` names, and only there", async () => {
    put({ "pack.json": fixture("lists/npm11-single.json"), [`out/${SINGLE}`]: fixture(`tarballs/${SINGLE}`) });
    expect(names(await collect({ path: "pack.json", tarballs: "out" }))).toEqual(["pkg:npm/demo-single@1.2.3"]);
    await expect(collect({ path: "pack.json", tarballs: "." })).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
  });

  it("says which listed tarball is missing", async () => {
    put({ "pack.json": fixture("lists/npm11-workspaces.json"), [CLI]: fixture(`tarballs/${CLI}`) });
    await expect(collect({ path: "pack.json" })).rejects.toMatchObject({
      code: "ARTIFACT_MISSING",
      message: expect.stringContaining(CORE),
    });
  });

  it("refuses a tarball that npm 6 wrote otherwise", async () => {
    put({ "pack.json": fixture("lists/npm6-single.json"), [SINGLE]: fixture(`tarballs/${SINGLE}`) });
    await expect(collect({ path: "pack.json" })).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });

  it.each(["integrity", "shasum"])("compares %s, also alone", async (member) => {
    const [entry] = JSON.parse(fixture("lists/npm11-single.json").toString()) as [Record<string, string>];
    const list = { ...plainList(["demo-single", "1.2.3", SINGLE])[0], [member]: entry?.[member] };
    put({ "pack.json": list, [SINGLE]: fixture(`tarballs/${SINGLE}`) });
    expect(names(await collect({ path: "pack.json" }))).toEqual(["pkg:npm/demo-single@1.2.3"]);
    put({ [SINGLE]: tarball({ name: "demo-single", version: "1.2.3" }) });
    await expect(collect({ path: "pack.json" })).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
      expected: expect.stringContaining(`(${member})`),
    });
  });

  it("refuses another package in the file", async () => {
    put({ "pack.json": plainList(["x", "1.0.0", "x.tgz"]), "x.tgz": tarball({ name: "y", version: "1.0.0" }) });
    await expect(collect({ path: "pack.json" })).rejects.toMatchObject({ code: "ARTIFACT_UNEXPECTED" });
  });

  it("refuses another version in the file, build metadata aside", async () => {
    put({ "pack.json": plainList(["x", "1.0.0", "x.tgz"]), "x.tgz": tarball({ name: "x", version: "1.0.0+build" }) });
    expect(names(await collect({ path: "pack.json" }))).toEqual(["pkg:npm/x@1.0.0"]);
    put({ "x.tgz": tarball({ name: "x", version: "0.9.0" }) });
    await expect(collect({ path: "pack.json" })).rejects.toMatchObject({ code: "STALE_OUTPUT" });
  });

  it("refuses a file that is no package, and one that is damaged", async () => {
    put({ "pack.json": plainList(["x", "1.0.0", "x.tgz"]), "x.tgz": "text" });
    await expect(collect({ path: "pack.json" })).rejects.toMatchObject({ code: "INPUT_INVALID" });
    put({ "x.tgz": tarball({ name: "x", version: "1.0.0" }).subarray(0, 60) });
    await expect(collect({ path: "pack.json" })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  it("catches two packages in one file name: the last one overwrote the first", async () => {
    const list = plainList(["@x/y", "1.0.0", "x-y-1.0.0.tgz"], ["x-y", "1.0.0", "x-y-1.0.0.tgz"]);
    put({ "pack.json": list.toReversed(), "x-y-1.0.0.tgz": tarball({ name: "x-y", version: "1.0.0" }) });
    await expect(collect({ path: "pack.json" })).rejects.toMatchObject({
      code: "SUBJECT_CONFLICT",
      actual: "x-y@1.0.0 and @x/y@1.0.0",
    });
    put({ "pack.json": fixture("lists/npm11-filename-collision.json") });
    await expect(collect({ path: "pack.json" })).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });

  it("takes one package that is listed twice once", async () => {
    const [entry] = plainList(["x", "1.0.0", "x.tgz"]);
    put({ "pack.json": [entry, entry], "x.tgz": tarball({ name: "x", version: "1.0.0" }) });
    expect(names(await collect({ path: "pack.json" }))).toEqual(["pkg:npm/x@1.0.0"]);
  });

  it("refuses two tarballs for one purl", async () => {
    put({
      "pack.json": plainList(["x", "1.0.0+a", "a.tgz"], ["x", "1.0.0+b", "b.tgz"]),
      "a.tgz": tarball({ name: "x", version: "1.0.0+a" }),
      "b.tgz": tarball({ name: "x", version: "1.0.0+b" }),
    });
    await expect(collect({ path: "pack.json" })).rejects.toMatchObject({ code: "SUBJECT_CONFLICT" });
    put({ "b.tgz": tarball({ name: "x", version: "1.0.0+a" }) });
    expect(names(await collect({ path: "pack.json" }))).toEqual(["pkg:npm/x@1.0.0"]);
  });

  it("keeps private packages, and makes them byproducts where that is asked for", async () => {
    const hidden = tarball({ name: "root", version: "0.0.0", private: true });
    put({
      "pack.json": plainList(["root", "0.0.0", "root-0.0.0.tgz"], ["x", "1.0.0", "x.tgz"]),
      "root-0.0.0.tgz": hidden,
      "x.tgz": tarball({ name: "x", version: "1.0.0" }),
    });
    expect(names(await collect({ path: "pack.json" }))).toEqual(["pkg:npm/root@0.0.0", "pkg:npm/x@1.0.0"]);
    const output = await collect({ path: "pack.json", private: "exclude" });
    expect(names(output)).toEqual(["pkg:npm/x@1.0.0"]);
    expect(output?.byproducts).toContainEqual({
      name: "root-0.0.0.tgz",
      digest: { sha256: hash("sha256", hidden), sha512: hash("sha512", hidden) },
    });
    put({ "pack.json": plainList(["root", "0.0.0", "root-0.0.0.tgz"]) });
    await expect(collect({ path: "pack.json", private: "exclude" })).rejects.toMatchObject({ code: "NOTHING_FOUND" });
  });

  it("compares with what is expected", async () => {
    put({ "pack.json": fixture("lists/npm11-single.json"), [SINGLE]: fixture(`tarballs/${SINGLE}`) });
    expect(names(await collect({ path: "pack.json", expect: 1 }))).toHaveLength(1);
    await expect(collect({ path: "pack.json", expect: 2 })).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
    await expect(collect({ path: "pack.json", expect: ["pkg:npm/x@1.0.0"] })).rejects.toMatchObject({
      code: "ARTIFACT_MISSING",
    });
  });

  it("takes dependencies from the lock file beside the list", async () => {
    put({
      "pack.json": fixture("lists/npm11-single.json"),
      [SINGLE]: fixture(`tarballs/${SINGLE}`),
      "package-lock.json": fixture("locks/npm11-bundled.package-lock.json"),
    });
    const output = await collect({ path: "pack.json" });
    expect(output?.resolvedDependencies.map(({ uri }) => uri)).toEqual(["pkg:npm/ms@2.1.3"]);
    expect(output?.byproducts.map(({ name }) => name)).toEqual(["pack.json", "package-lock.json"]);
    expect(await collect({ path: "pack.json", lockfile: false })).toMatchObject({ resolvedDependencies: [] });
  });

  it("asks which of several lock files counts, unless something says so", async () => {
    put({
      "pack.ndjson": fixture("lists/yarn4-workspace-cli.ndjson"),
      "package.tgz": fixture(`tarballs/${CLI}`),
      "package-lock.json": fixture("locks/npm11-bundled.package-lock.json"),
      "npm-shrinkwrap.json": fixture("locks/npm11.package-lock.json"),
      "pnpm-lock.yaml": fixture("locks/pnpm10.pnpm-lock.yaml"),
    });
    const locked = async (options: object) => {
      const output = await collect({ path: "pack.ndjson", ...options });
      return [output?.byproducts.at(-1)?.name, output?.resolvedDependencies.length];
    };
    await expect(locked({})).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(await locked({ lockfile: "package-lock.json" })).toEqual(["package-lock.json", 1]);
    await expect(locked({ lockfile: "yarn.lock" })).rejects.toMatchObject({ code: "INPUT_MISSING" });
    await expect(locked({ lockfile: "bun.lock" })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    put({ "package.json": { packageManager: "npm@11.0.0" } });
    expect(await locked({})).toEqual(["npm-shrinkwrap.json", 4]);
    put({ "package.json": { packageManager: "pnpm@10.34.9" } });
    expect(await locked({})).toEqual(["pnpm-lock.yaml", 4]);
    rmSync(join(folder, "package.json"));
    put({ "yarn.lock": fixture("locks/yarn4.yarn.lock") });
    expect(await locked({})).toEqual(["yarn.lock", 4]);
  });

  it("refuses a lock file that pins more than 200,000 packages", async () => {
    const entry = (at: number) => `p${at}@1:\n  version "1.0.0"\n  resolved "x:/-/"\n`;
    put({
      "pack.json": fixture("lists/npm11-single.json"),
      [SINGLE]: fixture(`tarballs/${SINGLE}`),
      "yarn.lock": `# yarn lockfile v1\n${Array.from({ length: 200_001 }, (_, at) => entry(at)).join("")}`,
    });
    await expect(collect({ path: "pack.json" })).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  }, 60_000);

  it.each([
    ["nothing at the path", { path: "other.json" }, "INPUT_MISSING"],
    ["a tarball in place of a list", { path: SINGLE }, "CONFIG_INVALID"],
    ["`run` with a file", { path: "pack.json", run: true }, "CONFIG_INVALID"],
  ])("refuses %s", async (_what, options, code) => {
    put({ "pack.json": fixture("lists/npm11-single.json"), [SINGLE]: fixture(`tarballs/${SINGLE}`) });
    await expect(collect(options)).rejects.toMatchObject({ code });
  });
});

describe("npm-pack:DIR", () => {
  const project = { name: "x", version: "1.0.0" };

  it("takes the tarball of the package in the folder", async () => {
    put({ "p/package.json": project, "p/x-1.0.0.tgz": tarball(project) });
    expect(names(await collect({ path: "p" }))).toEqual(["pkg:npm/x@1.0.0"]);
  });

  it("finds tarballs of workspaces in the root, in their own folders, or where `tarballs` says", async () => {
    put({
      "package.json": { private: true, workspaces: ["./packages/*", "!packages/c", "one"] },
      "packages/a/package.json": { name: "a", version: "1.0.0" },
      "packages/b/package.json": { name: "@s/b", version: "2.0.0" },
      "packages/c/package.json": { name: "c", version: "1.0.0" },
      "packages/secret/package.json": { name: "secret", version: "1.0.0", private: true },
      "packages/a/node_modules/dep/package.json": { name: "dep", version: "1.0.0" },
      "one/package.json": { name: "one", version: "1.0.0" },
      "a-1.0.0.tgz": tarball({ name: "a", version: "1.0.0" }),
      "packages/b/s-b-2.0.0.tgz": tarball({ name: "@s/b", version: "2.0.0" }),
      "one-1.0.0.tgz": tarball({ name: "one", version: "1.0.0" }),
    });
    const purls = ["pkg:npm/%40s/b@2.0.0", "pkg:npm/a@1.0.0", "pkg:npm/one@1.0.0"];
    expect(names(await collect({}))).toEqual(purls);
    await expect(collect({ tarballs: "packages/b" })).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
    put({
      "out/1.tgz": tarball({ name: "a", version: "1.0.0" }),
      "out/2.tgz": tarball({ name: "@s/b", version: "2.0.0" }),
      "out/3.tgz": tarball({ name: "one", version: "1.0.0" }),
    });
    expect(names(await collect({ tarballs: "out" }))).toEqual(purls);
  });

  it("takes pnpm's list of workspaces before npm's", async () => {
    put({
      "package.json": { private: true, workspaces: { packages: ["old/*"] } },
      "pnpm-workspace.yaml": "packages:\n  - '.'\n  - 'packages/**'\n",
      "old/o/package.json": { name: "o", version: "1.0.0" },
      "packages/deep/a/package.json": { name: "a", version: "1.0.0" },
      "packages/deep/a/node_modules/dep/package.json": { name: "dep", version: "1.0.0" },
      "a-1.0.0.tgz": tarball({ name: "a", version: "1.0.0" }),
    });
    expect(names(await collect({}))).toEqual(["pkg:npm/a@1.0.0"]);
  });

  it("wants a tarball of each package that can be published", async () => {
    put({
      "package.json": { private: true, workspaces: ["packages/*"] },
      "packages/a/package.json": { name: "a", version: "1.0.0" },
      "packages/b/package.json": { name: "b", version: "1.0.0" },
      "a-1.0.0.tgz": tarball({ name: "a", version: "1.0.0" }),
    });
    await expect(collect({})).rejects.toMatchObject({ code: "ARTIFACT_MISSING", message: "b@1.0.0 has no tarball" });
  });

  it("says which package another one overwrote", async () => {
    put({
      "package.json": { private: true, workspaces: ["a", "b"] },
      "a/package.json": { name: "@x/y", version: "1.0.0" },
      "b/package.json": { name: "x-y", version: "1.0.0" },
      "x-y-1.0.0.tgz": tarball({ name: "x-y", version: "1.0.0" }),
    });
    await expect(collect({})).rejects.toMatchObject({ code: "SUBJECT_CONFLICT", actual: "@x/y and x-y" });
    put({ "a/x-y-1.0.0.tgz": tarball({ name: "@x/y", version: "1.0.0" }) });
    expect(names(await collect({}))).toEqual(["pkg:npm/%40x/y@1.0.0", "pkg:npm/x-y@1.0.0"]);
  });

  it("says so when nothing was packed", async () => {
    put({ "package.json": project });
    await expect(collect({})).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
  });

  it("refuses an old tarball, beside the new one too", async () => {
    put({ "package.json": project, "x-0.9.0.tgz": tarball({ name: "x", version: "0.9.0" }) });
    await expect(collect({})).rejects.toMatchObject({ code: "STALE_OUTPUT" });
    put({ "x-1.0.0.tgz": tarball(project) });
    await expect(collect({})).rejects.toMatchObject({ code: "STALE_OUTPUT" });
  });

  it("refuses the tarball of a package that is not of the project", async () => {
    put({ "package.json": project, "x.tgz": tarball(project), "y.tgz": tarball({ name: "y", version: "1.0.0" }) });
    await expect(collect({})).rejects.toMatchObject({ code: "ARTIFACT_UNEXPECTED" });
  });

  it("passes over archives that are no npm packages", async () => {
    put({ "package.json": project, "x.tgz": tarball(project), "chart-1.0.0.tgz": gzipSync("x".repeat(2000)) });
    expect(names(await collect({}))).toEqual(["pkg:npm/x@1.0.0"]);
  });

  it("refuses a damaged tarball", async () => {
    put({ "package.json": project, "x.tgz": tarball(project), "y.tgz": tarball(project).subarray(0, 80) });
    await expect(collect({})).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  it("refuses two tarballs of one package with different bytes", async () => {
    put({ "package.json": project, "a.tgz": tarball(project), "b.tgz": tarball({ ...project, description: "again" }) });
    await expect(collect({})).rejects.toMatchObject({ code: "SUBJECT_CONFLICT" });
  });

  it("takes the tarball of a private package, and does not want it", async () => {
    put({ "package.json": { ...project, private: true } });
    expect(await collect({})).toBeNull();
    put({ "x-1.0.0.tgz": tarball({ ...project, private: true }) });
    expect(names(await collect({}))).toEqual(["pkg:npm/x@1.0.0"]);
  });

  it("is null where there is nothing of npm's", async () => {
    expect(await collect({})).toBeNull();
    put({ "chart-1.0.0.tgz": gzipSync("x".repeat(2000)) });
    expect(await collect({})).toBeNull();
  });

  it("refuses tarballs without anything that says which ones count", async () => {
    put({ "x-1.0.0.tgz": tarball(project) });
    await expect(collect({})).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  it.each([
    ["a workspace outside", { ...project, workspaces: ["../x"] }, "INPUT_INVALID"],
    ["an absolute workspace", { ...project, workspaces: ["/x"] }, "INPUT_INVALID"],
    ["a workspace that is not there", { ...project, workspaces: ["packages/a"] }, "INPUT_MISSING"],
    ["workspaces that are a text", { ...project, workspaces: "packages/*" }, "INPUT_INVALID"],
    ["a name that is a number", { name: 1, version: "1.0.0" }, "INPUT_INVALID"],
    ["a package.json that is cut off", '{"name":"x"', "INPUT_INVALID"],
  ])("refuses %s", async (_what, manifest, code) => {
    put({ "package.json": manifest, "x-1.0.0.tgz": tarball(project) });
    await expect(collect({})).rejects.toMatchObject({ code });
  });

  it("refuses two workspaces of one name", async () => {
    put({
      "package.json": { private: true, workspaces: ["*"] },
      "a/package.json": project,
      "b/package.json": project,
      "x-1.0.0.tgz": tarball(project),
    });
    await expect(collect({})).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  it("refuses more than 10,000 workspaces", async () => {
    put({ "package.json": { private: true, workspaces: ["w/*"] } });
    const glob = async () =>
      Array.from({ length: 10_001 }, (_, at) => ({ path: `w/${at}/package.json`, name: "package.json", size: 2 }));
    const collected = withTestHost(folder, (host) => npmPack.collect({ ...host, glob }, npmPack.options.parse({})));
    await expect(collected).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      message: expect.stringContaining("too many workspaces"),
    });
  });

  it("refuses a pnpm-workspace.yaml that it cannot read", async () => {
    put({ "package.json": project, "x-1.0.0.tgz": tarball(project), "pnpm-workspace.yaml": "packages: {a: b}\n" });
    await expect(collect({})).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });
});

describe("options", () => {
  it("take the path after the colon", () => {
    expect(npmPack.options.parse(npmPack.fromArgument("dir"))).toEqual({ path: "dir", run: false, private: "include" });
    expect(npmPack.options.parse(npmPack.fromArgument(null))).toMatchObject({ path: "." });
  });

  it.each([{ pth: "x" }, { path: "" }, { private: "maybe" }, { lockfile: true }, { expect: 0 }, { run: "yes" }])(
    "refuse %j",
    (options) => {
      expect(npmPack.options.safeParse(options).success).toBe(false);
    },
  );
});
