import { access, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newFolder, runProgram, touchmark } from "./touchmark-process.ts";

const EXAMPLE = fileURLToPath(new URL("../examples/polyglot-release", import.meta.url));

let base: Awaited<ReturnType<typeof newFolder>>;
let folder: string;
let count = 0;
const at = (...parts: string[]) => join(folder, ...parts);
const run = (...args: string[]) => touchmark(args, { cwd: folder });

beforeAll(async () => {
  base = await newFolder();
});

beforeEach(async () => {
  count += 1;
  folder = join(base.path, `project ${count}`);
  await mkdir(folder);
});

afterAll(() => base.remove());

async function ok(...args: string[]) {
  const ended = await run(...args);
  expect({ args, status: ended.status, stderr: ended.status === 0 ? "" : ended.stderr }).toEqual({
    args,
    status: 0,
    stderr: "",
  });
  return ended;
}

async function fails(code: string, ...args: string[]) {
  const ended = await run(...args);
  expect(ended.stderr).toMatch(new RegExp(`^E ${code} {2}`, "m"));
  expect(ended.status).toBe(2);
  return ended.stderr;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function build(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(at(path), bytes);
  }
}

describe("init, check, attest, verify", () => {
  it("recognises a repository with GoReleaser, a nested npm package and a private root package", async () => {
    await cp(join(EXAMPLE, "dist"), at("dist"), { recursive: true });
    await cp(join(EXAMPLE, "npm"), at("packages", "sdk"), { recursive: true });
    await build({ ".goreleaser.yaml": "version: 2\n", "package.json": '{"name":"root","private":true}' });
    const { stdout } = await ok("init");
    expect(stdout).toMatch(/found {3}goreleaser +goreleaser +\.goreleaser\.yaml/);
    expect(stdout).toMatch(/found {3}sdk +npm-pack +packages\/sdk\/package\.json/);
    expect(stdout).toMatch(/left {4}package\.json/);
    expect(stdout).toContain("Only you can decide");
    const text = await readFile(at("touchmark.yaml"), "utf8");
    expect(text).toMatch(/^# yaml-language-server: \$schema=https:\/\//);
    expect((await ok("check")).stdout).toContain("2 artifacts, 2 parts");

    const packed = await runProgram("npm", ["pack", "--ignore-scripts", "--silent"], { cwd: at("packages", "sdk") });
    expect(packed.status).toBe(0);
    await ok("keys", "generate");
    const signed = await ok("attest", "--key", "touchmark.key", "--json");
    expect(JSON.parse(signed.stdout)).toMatchObject({ subjects: 7, statements: 1 });
    const names = (await ok("inspect", "--json", `touchmark-out/project ${count}.sigstore.json`)).stdout;
    expect(
      JSON.parse(names).files[0].pieces[0].statement.subject.map((subject: { name: string }) => subject.name),
    ).toContain("pkg:npm/%40touchmark-example/greet@1.0.0");
    await ok(
      "verify",
      "packages/sdk/touchmark-example-greet-1.0.0.tgz",
      "dist/greet_1.0.0_amd64.deb",
      "--bundle",
      `touchmark-out/project ${count}.intoto.jsonl`,
      "--key",
      "touchmark.pub",
    );
  });

  it("never replaces a configuration unless forced, and says what it looked for", async () => {
    expect(await fails("NOTHING_FOUND", "init")).toContain(".goreleaser.yaml");
    await build({ ".goreleaser.yml": "", "touchmark.yaml": "mine\n" });
    await fails("OUTPUT_CONFLICT", "init");
    expect(await readFile(at("touchmark.yaml"), "utf8")).toBe("mine\n");
    await ok("init", "--force");
    await ok("check");
  });
});

describe("check", () => {
  it.each([
    ["a key that does not exist", "version: 1\nartifcats: {}\n", "HINT_UNKNOWN", ":2  `artifcats`"],
    [
      "a key of an adapter",
      "version: 1\nartifacts:\n  a:\n    use: files\n    inclde: [x]\n",
      "HINT_UNKNOWN",
      "include",
    ],
    ["another version", "version: 2\nartifacts: {a: {use: files, include: [x]}}\n", "CONFIG_INVALID", ":1"],
    ["no YAML", "version: [1\n", "CONFIG_INVALID", "touchmark.yaml:"],
    ["a key twice", "version: 1\nversion: 1\n", "CONFIG_INVALID", ":2"],
    ["an unknown adapter", "version: 1\nartifacts: {a: {use: gorelaeser}}\n", "ADAPTER_UNKNOWN", "goreleaser"],
    ["no artifact", "version: 1\nartifacts: {}\n", "CONFIG_INVALID", "at least one"],
    ["a bomb of aliases", bomb(), "CONFIG_INVALID", "touchmark.yaml"],
  ])("%s is named with its place", async (_what, text, code, shown) => {
    await build({ "touchmark.yaml": text });
    expect(await fails(code, "check")).toContain(shown);
  });

  it("a missing one, and a named one", async () => {
    await fails("INPUT_MISSING", "check");
    await fails("INPUT_MISSING", "check", "-c", "gone.yaml");
    await build({ "other.yaml": "version: 1\nartifacts: {a: {use: files, include: [x]}}\n" });
    expect((await ok("check", "-c", "other.yaml")).stdout).toContain("1 artifact, 1 part");
  });

  function bomb(): string {
    const levels = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(12)}]`);
    return `a0: &a0 [x]\n${levels.join("\n")}\n`;
  }
});

describe("parts", () => {
  const CONFIG = `version: 1
release: {name: tool}
artifacts:
  cli:
    use: files
    include: ["out/{part}/*"]
    expect: 1
    parts: [linux, darwin]
    name: "{stem}-{part}"
`;

  beforeEach(async () => {
    await build({ "touchmark.yaml": CONFIG, "out/linux/tool": "linux", "out/darwin/tool": "darwin" });
  });

  it("collected by one job each, combined, signed and verified under the names of the template", async () => {
    for (const part of ["linux", "darwin"]) await ok("collect", "cli", "--part", part, "-o", `${part}.json`);
    await ok("combine", "linux.json", "darwin.json", "linux.json", "-c", "touchmark.yaml", "-o", "all.json");
    await ok("combine", "darwin.json", "linux.json", "-o", "all2.json");
    expect(await readFile(at("all2.json"), "utf8")).toBe(await readFile(at("all.json"), "utf8"));
    await ok("keys", "generate");
    await ok("attest", "--subjects", "linux.json", "--subjects", "darwin.json", "--key", "touchmark.key");
    await build({ "download/tool-linux": "linux", "download/tool-darwin": "darwin" });
    await cp(at("touchmark-out"), at("download"), { recursive: true });
    await ok("verify", "download", "--key", "touchmark.pub", "--complete");
  });

  it("that are missing, unknown or two different ones are refused, and nothing is written", async () => {
    await ok("collect", "cli", "--part", "linux", "-o", "linux.json");
    await ok("collect", "cli", "--part", "darwin", "-o", "darwin.json");
    const combine = (...files: string[]) => ["combine", ...files, "-c", "touchmark.yaml", "-o", "never.json"];
    expect(await fails("PART_MISSING", ...combine("linux.json"))).toContain("cli/darwin");
    const renamed = (await readFile(at("darwin.json"), "utf8")).replaceAll("darwin", "solaris");
    await writeFile(at("solaris.json"), renamed);
    await fails("PART_UNKNOWN", ...combine("linux.json", "darwin.json", "solaris.json"));
    await build({ "out/darwin/tool": "" });
    await writeFile(at("out", "darwin", "tool"), "built again");
    await ok("collect", "cli", "--part", "darwin", "-o", "again.json");
    await fails("SUBJECT_CONFLICT", ...combine("linux.json", "darwin.json", "again.json"));
    await writeFile(at("other.yaml"), CONFIG.replace('"{stem}-{part}"', '"other-{part}"'));
    await ok("collect", "cli", "-c", "other.yaml", "--part", "darwin", "-o", "doubled.json");
    await fails("PART_CONFLICT", ...combine("linux.json", "darwin.json", "doubled.json"));
    expect(await exists(at("never.json"))).toBe(false);
    await ok("keys", "generate");
    await fails("PART_MISSING", "attest", "--subjects", "linux.json", "--key", "touchmark.key");
    expect(await exists(at("touchmark-out"))).toBe(false);
  });

  it("of an artifact or a name that does not exist", async () => {
    expect(await fails("USAGE", "collect", "cly", "-o", "x.json")).toContain("did you mean cli");
    await fails("PART_UNKNOWN", "collect", "cli", "--part", "windows", "-o", "x.json");
    await fails("USAGE", "collect", "cli", "--from", "files:out/*", "-o", "x.json");
  });
});

describe("a configuration that is code", () => {
  const code = (marker: string) => `import { writeFileSync } from "node:fs";
interface Unused { readonly a: string }
writeFileSync(${JSON.stringify(marker)}, "ran");
export default { version: 1, release: { name: "coded" }, artifacts: { a: { use: "files", include: ["tool"] } } };
`;

  beforeEach(() => build({ tool: "tool" }));

  it("runs where no key is, and never beside one", async () => {
    await build({ "touchmark.config.ts": code(at("ran")) });
    await ok("keys", "generate");
    for (const refused of [
      ["attest", "--key", "touchmark.key"],
      ["attest", "--from", "files:tool", "--key", "touchmark.key"],
      ["publish", "gone.sigstore.json"],
    ]) {
      const ended = await run(...refused);
      expect(ended.status).toBe(2);
      expect(await exists(at("ran"))).toBe(false);
    }
    expect(await fails("USER_CODE_REFUSED", "attest", "--key", "touchmark.key")).toContain("--no-config");
    expect((await ok("check")).stdout).toContain("touchmark.config.ts: ok");
    expect(await exists(at("ran"))).toBe(true);
    await ok("attest", "--dry-run");
    await ok("collect", "-o", "all.json");
    await ok("combine", "all.json", "-c", "touchmark.config.ts", "-o", "checked.json");
    await ok("attest", "--subjects", "checked.json", "--no-config", "--name", "coded", "--key", "touchmark.key");
    await ok("publish", "touchmark-out/coded.sigstore.json", "--no-config", "--name", "coded", "--out", "copy");
    await ok("verify", "tool", "--bundle", "copy/coded.intoto.jsonl", "--key", "touchmark.pub");
  });

  it("brings its own adapters, which are code too", async () => {
    await build({
      "touchmark.config.mjs": `const zig = { apiVersion: 1, name: "zig", completeness: "listing", marks: [], suggest: {},
  options: { safeParse: (data) => ({ success: true, data }), shape: {} }, fromArgument: () => ({}),
  collect: async (host) => { const [file] = await host.glob("tool"); const [digest] = await host.digest([file], ["sha256"]);
    return { subjects: [{ name: "tool", digest }], resolvedDependencies: [], byproducts: [] }; } };
export default { version: 1, adapters: { zig }, artifacts: { a: { use: "zig" } } };
`,
    });
    const { stdout } = await ok("collect", "-o", "zig.json", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ subjects: 1, parts: [{ artifact: "a" }] });
    await build({ "touchmark.yaml": "version: 1\nadapters: {zig: not-installed}\nartifacts: {a: {use: zig}}\n" });
    await fails("ADAPTER_UNKNOWN", "check");
    await ok("keys", "generate");
    await fails("USER_CODE_REFUSED", "attest", "--key", "touchmark.key");
  });

  it("that throws, or exports nothing, is a mistake of its author", async () => {
    await build({ "touchmark.config.ts": "throw new Error('on purpose');\n" });
    expect(await fails("CONFIG_INVALID", "check")).toContain("on purpose");
    await build({ "touchmark.config.ts": "export const config = {};\n" });
    await fails("CONFIG_INVALID", "check");
  });
});

describe("settings of the configuration", () => {
  it("name the key, the folder and the limit; flags win", async () => {
    await build({
      "a/one": "1",
      "a/two": "2",
      "touchmark.yaml": `version: 1
release: {name: set}
artifacts: {a: {use: files, include: ["a/*"]}}
sign: {key: keys/touchmark.key, passphrase-file: pass}
publish: {files: {folder: evidence, max-subjects: 1}}
`,
      pass: "correct horse\n",
    });
    await ok("keys", "generate", "--out", "keys", "--passphrase-file", "pass");
    const { stdout } = await ok("attest", "--json");
    expect(JSON.parse(stdout).receipts.map((receipt: { uri: string }) => receipt.uri)).toEqual([
      "evidence/set.intoto.jsonl",
      "evidence/set-1.sigstore.json",
      "evidence/set-2.sigstore.json",
    ]);
    await ok("verify", "a", "--bundle", "evidence/set.intoto.jsonl", "--key", "keys/touchmark.pub", "--complete");
    await ok("attest", "--out", "elsewhere", "--name", "flag", "--per-subject");
    expect(await exists(at("elsewhere", "flag.intoto.jsonl"))).toBe(true);
    expect(await exists(at("elsewhere", "one.sigstore.json"))).toBe(true);
  });

  it("a level that this machine cannot give signs nothing", async () => {
    await build({
      a: "1",
      "touchmark.yaml": "version: 1\nartifacts: {a: {use: files, include: [a]}}\nrequire: {level: 2}\n",
    });
    await ok("keys", "generate");
    await fails("PLATFORM_LEVEL_TOO_LOW", "attest", "--key", "touchmark.key");
    expect(await exists(at("touchmark-out"))).toBe(false);
  });

  it("folders outside are read only when they are granted", async () => {
    await build({ "inside/file": "x" });
    await mkdir(join(base.path, "outside"), { recursive: true });
    await writeFile(join(base.path, "outside", "lib"), "lib");
    const list = "7f3ad0b1e6c2".padEnd(64, "0");
    await build({ "inside/SHA256SUMS": `${list}  ../../outside/lib\n` });
    await fails("NAME_REFUSED", "collect", "--from", "checksums:inside/SHA256SUMS", "-o", "x.json");
    const yaml = (read: string) => `version: 1\nartifacts: {a: {use: files, include: ["../outside/lib"]${read}}}\n`;
    await build({ "touchmark.yaml": yaml("") });
    expect(await fails("OUTSIDE_ROOTS", "collect", "-o", "x.json")).toContain("--allow-read");
    await ok("collect", "--allow-read", "../outside", "-o", "x.json");
    await build({ "touchmark.yaml": yaml(", read: [../outside]") });
    await ok("collect", "-o", "x.json");
    expect((await ok("attest", "--dry-run")).stdout).toMatch(/may read +\.\.\/outside/);
  });
});
