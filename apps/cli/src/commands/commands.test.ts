import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callCommand } from "../../test/call-command.ts";
import { attestCommand } from "./attest.ts";
import { check } from "./check.ts";
import { collectCommand } from "./collect.ts";
import { combineCommand } from "./combine.ts";
import { doctorCommand } from "./doctor.ts";
import { init } from "./init.ts";
import { inspectCommand } from "./inspect.ts";
import { keysGenerate, keysPublic } from "./keys.ts";
import { publishCommand } from "./publish.ts";
import { verifyCommand } from "./verify.ts";

let cwd: string;
const at = (...parts: string[]) => path.join(cwd, ...parts);

beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-commands-"));
  await mkdir(at("rel"));
  await writeFile(at("rel", "lib"), "lib");
  await writeFile(at("rel", "tool"), "tool");
});

afterEach(() => rm(cwd, { recursive: true, force: true }));

const call = (action: unknown, positional: readonly string[], options: object = {}, json = false) =>
  callCommand(action, positional, options, { cwd, json, env: { PW: "secret" } });

const json = async (action: unknown, positional: readonly string[], options: object = {}) =>
  JSON.parse((await call(action, positional, options, true)).text);

async function sign(options: object = {}) {
  await call(keysGenerate, [], { algorithm: "ed25519" });
  return call(attestCommand, [], { from: ["files:rel/*"], key: "touchmark.key", name: "r", ...options });
}

describe("keys", () => {
  it("writes a pair, tells whether it is locked, and prints the public half", async () => {
    expect((await call(keysGenerate, [], { algorithm: "ecdsa-p256" })).text).toContain("not encrypted");
    expect((await call(keysPublic, ["touchmark.key"])).text).toBe(await readFile(at("touchmark.pub"), "utf8"));
    const locked = { algorithm: "ecdsa-p384", out: "locked", passphraseEnv: "PW" };
    expect(await json(keysGenerate, [], locked)).toEqual({
      private: path.join("locked", "touchmark.key"),
      public: path.join("locked", "touchmark.pub"),
      encrypted: true,
    });
    const file = path.join("locked", "touchmark.key");
    expect(await json(keysPublic, [file], { passphraseEnv: "PW" })).toEqual({
      public: await readFile(at("locked", "touchmark.pub"), "utf8"),
    });
    // Nobody sits at a terminal here, so nobody is asked.
    await expect(call(keysPublic, [file])).rejects.toMatchObject({ code: "PASSPHRASE_MISSING" });
    await expect(call(keysGenerate, [], { algorithm: "ed25519" })).rejects.toMatchObject({ code: "KEY_EXISTS" });
  });
});

describe("attest --dry-run", () => {
  it("says what an adapter may read: what was named, and where its tool keeps what it makes", async () => {
    const rootsOf = async (from: string) => (await json(attestCommand, [], { from: [from], dryRun: true })).roots;
    expect(await rootsOf("files:rel/*")).toEqual(["rel"]);
    expect(await rootsOf("nix:rel")).toEqual(["rel", "/nix/store"]);
    expect(await rootsOf("nix:rel,store=stored")).toEqual(["rel", "stored"]);
    const { text } = await call(attestCommand, [], { from: ["nix:rel"], dryRun: true });
    expect(text).toMatch(/may read {6}rel, \/nix\/store/);
  });
});

describe("init and check", () => {
  it("write a configuration for what is found, and read it", async () => {
    await writeFile(at(".goreleaser.yaml"), "");
    await writeFile(at("package.json"), '{"private": true}');
    await mkdir(at("packages", "my sdk"), { recursive: true });
    await writeFile(at("packages", "my sdk", "package.json"), '{"name":"sdk","version":"1.0.0"}');
    const { text } = await call(init, []);
    expect(text).toMatch(
      /found {3}goreleaser +goreleaser +\.goreleaser\.yaml +reads dist\n {2}found {3}my-sdk +npm-pack/,
    );
    expect(text).toMatch(/left {4}package\.json/);
    expect(await json(check, [])).toEqual({
      config: "touchmark.yaml",
      ok: true,
      artifacts: ["goreleaser", "my-sdk"],
      parts: 2,
    });
    expect((await call(check, [])).text).toBe("touchmark.yaml: ok    2 artifacts, 2 parts\n");
    await expect(call(init, [])).rejects.toMatchObject({ code: "OUTPUT_CONFLICT" });
    expect(await json(init, [], { force: true })).toMatchObject({ left: ["package.json"] });
  });

  it("say what they looked for", async () => {
    await expect(call(init, [])).rejects.toMatchObject({ code: "NOTHING_FOUND" });
    await writeFile(at("package.json"), "{broken");
    await expect(call(init, [])).rejects.toMatchObject({
      code: "NOTHING_FOUND",
      actual: expect.stringMatching(/^package\.json/),
    });
    await expect(call(check, [])).rejects.toMatchObject({ code: "INPUT_MISSING" });
  });

  it("two marks of one tool in one folder are one artifact; two folders of one name are two", async () => {
    await writeFile(at(".goreleaser.yaml"), "");
    await writeFile(at(".goreleaser.yml"), "");
    for (const folder of ["a/cli", "b/cli"]) {
      await mkdir(at(folder), { recursive: true });
      await writeFile(at(folder, "package.json"), '{"name":"x","version":"1.0.0"}');
    }
    const { artifacts } = (await json(init, [])) as { artifacts: { key: string }[] };
    expect(artifacts.map(({ key }) => key)).toEqual(["goreleaser", "cli", "cli-2"]);
  });
});

describe("collect and combine", () => {
  it("write the same file in either order, and check the parts of a configuration", async () => {
    for (const part of ["lib", "tool"]) {
      const { text, noted } = await call(collectCommand, [], {
        from: [`files:rel/${part}`],
        part,
        output: `${part}.json`,
      });
      expect(text).toContain(`1 subject in ${part}.json`);
      expect(noted).toContain(`files/${part}`);
      expect(noted).toContain(`collects: files:rel/${part} with files, part ${part}`);
    }
    await call(combineCommand, ["lib.json", "tool.json"], { output: "one.json" });
    expect(await json(combineCommand, ["tool.json", "lib.json"], { output: "two.json" })).toMatchObject({
      subjects: 2,
    });
    expect(await readFile(at("two.json"))).toEqual(await readFile(at("one.json")));
    await writeFile(
      at("touchmark.yaml"),
      "version: 1\nartifacts: {files: {use: files, include: [x], parts: [lib, tool]}}\n",
    );
    const config = "touchmark.yaml";
    await call(combineCommand, ["lib.json", "tool.json"], { output: "three.json", config });
    await expect(call(combineCommand, ["lib.json"], { output: "never", config })).rejects.toMatchObject({
      code: "PART_MISSING",
    });
    expect(await readdir(cwd)).not.toContain("never");
  });

  it("refuse artifacts beside --from, and neither", async () => {
    await expect(call(collectCommand, ["a"], { from: ["files:rel/*"], output: "x" })).rejects.toMatchObject({
      code: "USAGE",
    });
    await expect(call(collectCommand, [], { output: "x" })).rejects.toMatchObject({ code: "USAGE" });
    await expect(call(collectCommand, [], { expect: ["1"], output: "x" })).rejects.toMatchObject({ code: "USAGE" });
  });
});

describe("attest", () => {
  it("shows everything in a dry run and writes nothing", async () => {
    const options = { from: ["files:rel/*"], dryRun: true, allowRead: [tmpdir()] };
    const { text, noted } = await call(attestCommand, [], options);
    expect(text).toMatch(/^Dry run: nothing is signed/);
    expect(text).toMatch(/subjects +2\n +lib {3}sha256:[0-9a-f]{12}…\n +tool {2}sha256:/);
    expect(text).toMatch(/level +SLSA Build L1/);
    expect(text).toContain("may read");
    expect(noted).toContain("Next: touchmark attest");
    expect(await json(attestCommand, [], options)).toMatchObject({
      statements: [{ subject: [{ name: "lib" }, { name: "tool" }] }],
    });
    expect(await readdir(cwd)).toEqual(["rel"]);
  });

  it("signs, says where, and takes folder and name from the configuration", async () => {
    expect((await sign()).text).toMatch(/^SIGNED {2}r: 2 subjects in 1 statement, verified again from touchmark-out/);
    await writeFile(
      at("touchmark.yaml"),
      "version: 1\nrelease: {name: set}\nartifacts: {a: {use: files, include: [rel]}}\nsign: {key: touchmark.key}\npublish: {files: {folder: set, per-subject: true}}\n",
    );
    expect(await json(attestCommand, [])).toMatchObject({ release: "set", statements: 2 });
    expect((await readdir(at("set"))).sort()).toEqual(["lib.sigstore.json", "set.intoto.jsonl", "tool.sigstore.json"]);
    expect(
      await json(attestCommand, [], { config: false, from: ["files:rel/*"], key: "touchmark.key", name: "n" }),
    ).toMatchObject({
      release: "n",
      statements: 1,
    });
  });

  it("splits, and refuses a limit that is none", async () => {
    expect((await sign({ maxSubjects: "1" })).text).toContain("2 statements");
    await expect(sign({ maxSubjects: "0", key: "touchmark.key" })).rejects.toMatchObject({ code: "KEY_EXISTS" });
    await expect(
      call(attestCommand, [], { from: ["files:rel/*"], key: "touchmark.key", maxSubjects: "0" }),
    ).rejects.toMatchObject({ code: "USAGE" });
  });

  it("signs nothing without a key", async () => {
    await expect(call(attestCommand, [], { from: ["files:rel/*"] })).rejects.toMatchObject({ code: "KEY_UNSET" });
  });
});

describe("verify", () => {
  const bundle = ["touchmark-out/r.sigstore.json"];
  const key = ["touchmark.pub"];

  it("says what holds, where it came from and what is not here", async () => {
    await sign();
    const { status, text, noted } = await call(verifyCommand, ["rel/tool"], { key, bundle });
    expect(status).toBe(0);
    expect(noted).toContain("evidence: touchmark-out/r.sigstore.json\ntrusted: touchmark.pub, sha256:");
    expect(text).toMatch(/^VERIFIED {2}1 of 1 artifact\n {2}tool {2}verified {2}sha256:[0-9a-f]{12}… {2}L1\n/);
    expect(text).toMatch(/not here +1 other subject of this release was not checked: lib \(--complete/);
    expect(text).toMatch(/trusted key +touchmark\.pub/);
  });

  it("fails for a changed byte, a missing subject and an extra file, each named", async () => {
    await sign();
    await writeFile(at("rel", "tool"), "tOol");
    await writeFile(at("rel", "extra"), "x");
    await rm(at("rel", "lib"));
    const { status, text } = await call(verifyCommand, ["rel"], { key, bundle, complete: true, ignore: ["nothing"] });
    expect(status).toBe(1);
    expect(text).toMatch(/^FAILED {2}2 of 2 artifacts do not hold/);
    expect(text).toMatch(/ tool {3}TAMPERED/);
    expect(text).toMatch(/ extra {2}NOT COVERED/);
    expect(text).toMatch(/SUBJECT_ABSENT {2}lib/);
    expect(text).not.toContain("not here"); // said above already
    expect(await json(verifyCommand, ["rel"], { key, bundle })).toMatchObject({ result: "failed" });
  });

  it("lists only so many that do not hold, and says what was ignored", async () => {
    await sign();
    for (let i = 0; i < 60; i += 1) await writeFile(at("rel", `extra-${i}`), "x");
    await writeFile(at("rel", "notes.txt"), "x");
    const { text } = await call(verifyCommand, ["rel"], { key, bundle, ignore: ["*.txt"] });
    expect(text.match(/NOT COVERED/g)).toHaveLength(50);
    expect(text).toContain("and 10 more that do not hold (--all lists them)");
    expect(text).toMatch(/ignored +1 file, .*: notes\.txt/);
    const all = await call(verifyCommand, ["rel"], { key, bundle, all: true });
    expect(all.text.match(/NOT COVERED/g)).toHaveLength(61);
  });

  it("asks whom to believe, and shows what the evidence says of itself", async () => {
    await sign();
    await expect(call(verifyCommand, ["rel"], { bundle })).rejects.toMatchObject({
      code: "TRUST_UNSET",
      actual: expect.stringContaining("2 subjects, builder https://touchmark.dev/builders/local"),
    });
    await writeFile(at("rel", "a 'b'"), "");
    await expect(call(verifyCommand, ["rel/a 'b'"])).rejects.toMatchObject({
      expected: `touchmark verify 'rel/a '\\''b'\\''' --key PUBLIC_KEY_OF_THE_SIGNER`,
      actual: expect.stringContaining("no evidence was found"),
    });
  });
});

describe("inspect and publish", () => {
  const file = "touchmark-out/r.sigstore.json";

  it("show a bundle and a subjects file, and put a bundle elsewhere", async () => {
    await sign();
    await call(collectCommand, [], { from: ["files:rel/*"], output: "s.json" });
    const { text } = await call(inspectCommand, [file, "s.json"]);
    expect(text).toContain("(nothing here is verified)");
    expect(text).toContain("subjects file (not signed)");
    expect(await json(inspectCommand, [file, "s.json"])).toMatchObject({
      unverified: true,
      files: [{ kind: "evidence", pieces: [{ name: file }] }, { kind: "subjects" }],
    });
    const payload = await call(inspectCommand, [file], { payload: true });
    expect(JSON.parse(payload.text)).toMatchObject({ _type: "https://in-toto.io/Statement/v1" });
    await expect(call(inspectCommand, [file, file], { payload: true })).rejects.toMatchObject({ code: "USAGE" });

    expect((await call(publishCommand, [file], { out: "copy", name: "r" })).text).toContain("nothing was signed");
    expect(await readFile(at("copy", "r.sigstore.json"))).toEqual(await readFile(at(file)));
  });

  it("take a bundle that stands on several lines, and refuse what is none", async () => {
    await sign();
    await writeFile(at("wide.json"), JSON.stringify(JSON.parse(await readFile(at(file), "utf8")), null, 2));
    await call(publishCommand, ["wide.json"], { out: "copy", name: "r" });
    expect(
      (await call(verifyCommand, ["rel"], { key: ["touchmark.pub"], bundle: ["copy/r.intoto.jsonl"] })).status,
    ).toBe(0);
    await writeFile(at("broken.json"), "{}");
    await expect(call(publishCommand, ["broken.json"], { out: "never" })).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
    await expect(call(inspectCommand, ["broken.json"])).rejects.toMatchObject({ code: "BUNDLE_MALFORMED" });
    await expect(access(at("never"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("doctor", () => {
  it("is content with an empty folder, and ends with 2 when something is wrong", async () => {
    const well = await call(doctorCommand, []);
    expect(well.status).toBe(0);
    expect(well.text).toMatch(/ok +node/);
    expect(well.text).toMatch(/absent +configuration/);
    await writeFile(at("touchmark.yaml"), "version: 1\nartifacts: {a: {use: files, inclde: [x]}}\n");
    const ill = await call(doctorCommand, []);
    expect(ill.status).toBe(2);
    expect(ill.text).toMatch(/bad +configuration +HINT_UNKNOWN: touchmark\.yaml:2/);
    await writeFile(
      at("touchmark.yaml"),
      "version: 1\nartifacts: {a: {use: files, include: [x]}}\nsign: {key: gone}\n",
    );
    expect(await json(doctorCommand, [])).toMatchObject({
      diagnoses: expect.arrayContaining([{ what: "key", state: "bad", detail: "gone cannot be read" }]),
    });
    await writeFile(at("gone"), "a key");
    expect((await call(doctorCommand, [])).text).toMatch(/ok +key +gone/);
  });
});
