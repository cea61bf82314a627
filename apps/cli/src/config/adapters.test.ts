import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ADAPTERS } from "../builtins.ts";
import { adapterByName, adaptersOf, loadAdapters, usedAdapters } from "./adapters.ts";
import type { LoadedConfig } from "./load.ts";
import { Config } from "./schema.ts";

let folder: string;

const ZIG = `export const zig = { apiVersion: 1, name: "zig", completeness: "listing", marks: [], suggest: {}, options: {},
  fromArgument: () => ({}), collect: async () => null };
`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "touchmark-adapters-"));
  const install = async (name: string, code: string) => {
    const target = path.join(folder, "node_modules", name);
    await mkdir(target, { recursive: true });
    await writeFile(path.join(target, "package.json"), JSON.stringify({ name, type: "module", exports: "./index.js" }));
    await writeFile(path.join(target, "index.js"), code);
  };
  await install("adapter-zig", ZIG);
  await install("adapter-renamed", ZIG.replace("export const zig", "export const other"));
  await install("adapter-broken", "throw new Error('on purpose');");
  await install("adapter-nothing", "export const zig = 3;");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function loaded(adapters: Readonly<Record<string, string>> | undefined, imported = {}): LoadedConfig {
  const config = Config.parse({ version: 1, artifacts: { a: { use: "files" } }, ...(adapters && { adapters }) });
  return { config, path: "touchmark.yaml", folder, lineOf: () => "", imported };
}

const names = async (config: LoadedConfig | null, userCode = true, wanted = usedAdapters(config)) =>
  (await adaptersOf(ADAPTERS, config, userCode, wanted)).map((adapter) => adapter.name);

it("are the built-in ones that are used, also beside a key", async () => {
  expect(await names(null, false)).toEqual([]);
  expect(await names(loaded(undefined), false)).toEqual(["files"]);
  expect(await names(loaded(undefined), false, ["npm-pack", "files"])).toEqual(["files", "npm-pack"]);
});

it("are all there are when a name is unknown, for whoever tells the user", async () => {
  const builtins = ADAPTERS.map((adapter) => adapter.name);
  expect(await names(null, false, ["files", "fils"])).toEqual(builtins);
  expect(await names(loaded({ zig: "adapter-zig" }), true, ["gorelaeser"])).toEqual([...builtins, "zig"]);
});

it("come from packages beside the configuration, under the export of their name or any other", async () => {
  expect(await names(loaded({ zig: "adapter-zig" }))).toContain("zig");
  expect(await names(loaded({ zig: "adapter-renamed" }))).toContain("zig");
});

it("can be imported by a configuration that is code", async () => {
  const zig = {
    apiVersion: 1,
    name: "zig",
    completeness: "listing",
    marks: [],
    suggest: {},
    options: {},
    fromArgument: () => ({}),
    collect: async () => null,
  };
  expect(await names(loaded({ zig: "(imported)" }, { zig }))).toContain("zig");
});

it.each([
  ["a package that is not installed", { zig: "adapter-gone" }, "ADAPTER_UNKNOWN"],
  ["a package that throws", { zig: "adapter-broken" }, "ADAPTER_UNKNOWN"],
  ["a package without an adapter", { zig: "adapter-nothing" }, "ADAPTER_UNKNOWN"],
  ["an adapter of another name", { bazel: "adapter-zig" }, "ADAPTER_UNKNOWN"],
  ["the name of a built-in one", { files: "adapter-zig" }, "CONFIG_INVALID"],
])("%s is refused", async (_what, adapters, code) => {
  await expect(names(loaded(adapters as unknown as Record<string, string>))).rejects.toMatchObject({ code });
});

it("of other packages are not loaded in a process that holds a key", async () => {
  await expect(names(loaded({ zig: "adapter-broken" }), false)).rejects.toMatchObject({ code: "USER_CODE_REFUSED" });
});

it("adapterByName says which adapters there are", async () => {
  const adapters = await loadAdapters(ADAPTERS.filter(({ name }) => name === "files" || name === "goreleaser"));
  expect(() => adapterByName("nothing-like-it", adapters)).toThrow(
    expect.objectContaining({ code: "ADAPTER_UNKNOWN", expected: "files, goreleaser" }),
  );
});
