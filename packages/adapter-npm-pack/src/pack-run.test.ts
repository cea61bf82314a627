import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { BuildOutput } from "@touchmark/core";
import { withTestHost } from "@touchmark/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { npmPack } from "./npm-pack.ts";

const TIMEOUT = 60_000;

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "npm-pack-run-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function put(files: Readonly<Record<string, string | object>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  }
}

function pack(path: string, { userCode = false, path: PATH = process.env["PATH"] } = {}): Promise<BuildOutput | null> {
  const options = npmPack.options.parse({ path, run: true });
  const env = { ...process.env, PATH };
  return withTestHost(folder, (host) => npmPack.collect(host, options), { userCode, env });
}

const names = (output: BuildOutput | null) => output?.subjects.map(({ name }) => name);

/** Ways in which a package of npm's runs code when it is packed, or says what must not hold here. */
const NOISY = {
  name: "@demo/noisy",
  version: "1.0.0+build.1",
  scripts: {
    prepack: "node -e \"require('fs').writeFileSync('ran.txt','x');console.log('[noise')\"",
    postpack: "echo ]",
  },
};

describe("npm-pack+run with the npm of this machine", () => {
  it(
    "packs without running anything of the package's, where foreign code is forbidden",
    async () => {
      put({
        "p/package.json": NOISY,
        "p/.npmrc": "dry-run=true\nignore-scripts=false\njson=false\npack-destination=/\n",
      });
      expect(names(await pack("p"))).toEqual(["pkg:npm/%40demo/noisy@1.0.0"]);
      expect(existsSync(join(folder, "p/ran.txt"))).toBe(false);
      expect(existsSync(join(folder, "p/demo-noisy-1.0.0+build.1.tgz"))).toBe(true);
    },
    TIMEOUT,
  );

  it(
    "runs the package's scripts where the user's code may run, and reads the list behind their noise",
    async () => {
      put({ "package.json": NOISY });
      expect(names(await pack(".", { userCode: true }))).toEqual(["pkg:npm/%40demo/noisy@1.0.0"]);
      expect(existsSync(join(folder, "ran.txt"))).toBe(true);
    },
    TIMEOUT,
  );

  it(
    "packs every workspace that can be published, and the root where it can",
    async () => {
      put({
        "p/package.json": { name: "root", version: "1.0.0", workspaces: ["packages/*"] },
        "p/packages/a/package.json": { name: "a", version: "1.0.0" },
        "p/packages/b/package.json": { name: "@demo/b", version: "2.0.0" },
        "p/packages/secret/package.json": { name: "secret", version: "1.0.0", private: true },
        "p/old-0.1.0.tgz": "left over",
      });
      expect(names(await pack("p"))).toEqual(["pkg:npm/%40demo/b@2.0.0", "pkg:npm/a@1.0.0", "pkg:npm/root@1.0.0"]);
      put({ "p/package.json": { name: "root", version: "1.0.0", private: true, workspaces: ["packages/*"] } });
      expect(names(await pack("p"))).toEqual(["pkg:npm/%40demo/b@2.0.0", "pkg:npm/a@1.0.0"]);
    },
    TIMEOUT,
  );

  it(
    "packs a private package that is alone",
    async () => {
      put({ "package.json": { name: "x", version: "1.0.0", private: true } });
      expect(names(await pack("."))).toEqual(["pkg:npm/x@1.0.0"]);
    },
    TIMEOUT,
  );

  it(
    "says what npm says of a package that it cannot pack",
    async () => {
      put({ "package.json": { name: "x" } });
      await expect(pack(".")).rejects.toMatchObject({ code: "RUN_FAILED" });
    },
    TIMEOUT,
  );

  it(
    "gives what npm-pack:DIR gives afterwards",
    async () => {
      put({ "package.json": { name: "x", version: "1.0.0" } });
      const ran = await pack(".");
      const read = await withTestHost(folder, (host) => npmPack.collect(host, npmPack.options.parse({})));
      expect(ran).toEqual(read);
    },
    TIMEOUT,
  );
});

describe("npm-pack+run before it runs anything", () => {
  const nothingRuns = { path: "" };

  it("is null without a package.json", async () => {
    expect(await pack(".", nothingRuns)).toBeNull();
  });

  it("refuses two packages that would share a file", async () => {
    put({
      "package.json": { private: true, workspaces: ["a", "b"] },
      "a/package.json": { name: "@x/y", version: "1.0.0" },
      "b/package.json": { name: "x-y", version: "1.0.0" },
    });
    await expect(pack(".", nothingRuns)).rejects.toMatchObject({ code: "SUBJECT_CONFLICT" });
  });

  it("refuses a workspace root with nothing to publish", async () => {
    put({ "package.json": { private: true, workspaces: ["a"] }, "a/package.json": { private: true } });
    await expect(pack(".", nothingRuns)).rejects.toMatchObject({ code: "NOTHING_FOUND" });
  });

  it.each([
    ["packageManager", { "package.json": { name: "x", version: "1.0.0", packageManager: "yarn@4.18.1" } }],
    ["another packageManager", { "package.json": { name: "x", version: "1.0.0", packageManager: "bun@1.3.0" } }],
    [".yarnrc.yml", { "package.json": { name: "x", version: "1.0.0" }, ".yarnrc.yml": "" }],
  ])("refuses a project of yarn's, by %s", async (_what, files) => {
    put(files);
    await expect(pack(".", nothingRuns)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  it("refuses `run` together with `tarballs`", async () => {
    put({ "package.json": { name: "x", version: "1.0.0" } });
    const options = npmPack.options.parse({ run: true, tarballs: "out" });
    await expect(withTestHost(folder, (host) => npmPack.collect(host, options))).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });

  it("says that pnpm is missing, and why it was wanted", async () => {
    put({ "package.json": { name: "x", version: "1.0.0" }, "pnpm-lock.yaml": "lockfileVersion: '9.0'\n" });
    await expect(pack(".", nothingRuns)).rejects.toMatchObject({
      code: "RUN_FAILED",
      message: expect.stringContaining("pnpm-lock.yaml"),
    });
  });
});

describe("npm-pack+run of a project of pnpm's", () => {
  const files = {
    "package.json": { private: true, packageManager: "pnpm@10.34.9" },
    "pnpm-workspace.yaml": "packages: ['packages/*']\n",
    "packages/a/package.json": { name: "@demo/a", version: "1.0.0+x" },
    "packages/b/package.json": { name: "b", version: "1.0.0" },
  };

  /** A pnpm that notes how it was called and then packs with npm; it prints what pnpm 12 does. */
  function standIn(print = "JSON.stringify(found)"): string {
    put({
      "bin/pnpm": `#!${process.execPath}
const { execFileSync } = require("node:child_process");
const { appendFileSync } = require("node:fs");
const { npm_config_manage_package_manager_versions: switching } = process.env;
appendFileSync(${JSON.stringify(join(folder, "calls.txt"))}, JSON.stringify([...process.argv.slice(2), switching]) + "\\n");
const out = execFileSync("npm", ["pack", "--json", "--pack-destination", process.argv[5]], { encoding: "utf8" });
const [{ name, version, filename }] = JSON.parse(out);
const found = { name, version: version.split("+")[0], filename: require("node:path").resolve(process.argv[5], filename) };
console.log(${print});
`,
    });
    chmodSync(join(folder, "bin/pnpm"), 0o755);
    return join(folder, "bin") + delimiter + process.env["PATH"];
  }

  const calls = () =>
    readFileSync(join(folder, "calls.txt"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);

  it(
    "packs each package into the root, with no scripts, no pnpmfile and no other pnpm",
    async () => {
      put(files);
      expect(names(await pack(".", { path: standIn() }))).toEqual(["pkg:npm/%40demo/a@1.0.0", "pkg:npm/b@1.0.0"]);
      const args = ["pack", "--json", "--pack-destination", "../.."];
      const closed = [...args, "--config.ignore-scripts=true", "--config.ignore-pnpmfile=true", "false"];
      expect(calls()).toEqual([closed, closed]);
      expect(existsSync(join(folder, "b-1.0.0.tgz"))).toBe(true);
    },
    TIMEOUT,
  );

  it(
    "lets pnpm run what it runs where the user's code may run",
    async () => {
      put({ "package.json": { name: "x", version: "1.0.0", packageManager: "pnpm@10.34.9" } });
      expect(names(await pack(".", { path: standIn(), userCode: true }))).toEqual(["pkg:npm/x@1.0.0"]);
      expect(calls()).toEqual([["pack", "--json", "--pack-destination", ".", null]]);
    },
    TIMEOUT,
  );

  it(
    "notices when the tool packed another package than it was asked to",
    async () => {
      put({ "package.json": { name: "x", version: "1.0.0", packageManager: "pnpm@10.34.9" } });
      const PATH = standIn('JSON.stringify({ ...found, name: "other" })');
      await expect(pack(".", { path: PATH })).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
    },
    TIMEOUT,
  );
});
