import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { sha256Hex } from "@touchmark/engine";
import { imagePurl } from "@touchmark/oci";
import { startTestRegistry, type TestRegistry } from "@touchmark/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callCommand } from "../../test/call-command.ts";
import { writeSubjects } from "../../test/write-subjects.ts";
import { attestCommand } from "./attest.ts";
import { fetchCommand } from "./fetch.ts";
import { keysGenerate } from "./keys.ts";
import { verifyCommand } from "./verify.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar";
const CONFIG = "application/vnd.oci.image.config.v1+json";
const REPOSITORY = "octo/app";

let cwd: string;
let registry: TestRegistry;
let image: string;
const at = (...parts: string[]) => path.join(cwd, ...parts);
const json = (value: object) => new TextEncoder().encode(JSON.stringify(value));
const digestOf = (bytes: Uint8Array) => `sha256:${sha256Hex(bytes)}`;
const described = (bytes: Uint8Array, mediaType: string) => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.byteLength,
});

beforeEach(async () => {
  cwd = await realpath(await mkdtemp(path.join(tmpdir(), "touchmark-fetch-")));
  registry = await startTestRegistry();
  const layer = new TextEncoder().encode("a layer");
  const config = json({ architecture: "amd64", os: "linux" });
  const platform = json({
    ...{ schemaVersion: 2, mediaType: MANIFEST, config: described(config, CONFIG), layers: [described(layer, LAYER)] },
  });
  const one = { ...described(platform, MANIFEST), platform: { os: "linux", architecture: "amd64" } };
  const index = json({ schemaVersion: 2, mediaType: INDEX, manifests: [one] });
  for (const blob of [layer, config]) registry.addBlob(REPOSITORY, blob);
  registry.addManifest(REPOSITORY, platform, { mediaType: MANIFEST });
  registry.addManifest(REPOSITORY, index, { mediaType: INDEX });
  const name = `${registry.host}/${REPOSITORY}`;
  const digest = digestOf(index);
  image = `oci://${name}@${digest}`;
  await call(keysGenerate, [], { algorithm: "ed25519" });
  const subject = { name, digest: { sha256: digest.slice("sha256:".length) }, uri: imagePurl({ name, digest }) };
  await writeSubjects(at("image.subjects.json"), [subject]);
  await call(attestCommand, [], { subjects: ["image.subjects.json"], key: "touchmark.key", name: "r", push: true });
  await mkdir(at("release"));
  await writeFile(at("release/tool"), "a tool");
  await call(attestCommand, [], { from: ["files:release/tool"], key: "touchmark.key", name: "tool", out: "release" });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await registry.close();
  await rm(cwd, { recursive: true, force: true });
});

const call = (action: unknown, positional: readonly string[], options: object = {}) =>
  callCommand(action, positional, options, { cwd });
const KEY = { key: ["touchmark.pub"] };
const fetch = (targets: readonly string[], options: object = {}) =>
  call(fetchCommand, targets, { ...KEY, out: "kit", ...options });
const verify = (options: object = {}) => call(verifyCommand, ["kit:kit"], { ...KEY, offline: true, ...options });
const report = async () =>
  JSON.parse((await callCommand(verifyCommand, ["kit:kit"], { ...KEY, offline: true }, { cwd, json: true })).text);

const manifest = () => at("kit/MANIFEST.json");
const edit = async (change: (list: KitList) => void) => {
  const list = JSON.parse(await readFile(manifest(), "utf8"));
  change(list);
  await writeFile(manifest(), JSON.stringify(list));
};
const add = async (place: string, content = "slipped in") => {
  await mkdir(path.dirname(at("kit", place)), { recursive: true });
  await writeFile(at("kit", place), content);
  const sha256 = sha256Hex(new TextEncoder().encode(content));
  await edit(({ files }) => files.push({ path: place, sha256, size: content.length, from: "" }));
};
interface KitList {
  targets: { kind: string; name: string; place: string }[];
  files: { path: string; sha256: string; size: number; from: string }[];
  [key: string]: unknown;
}

describe("a kit", () => {
  it("holds images and files with their evidence, and is verified with nobody asked", async () => {
    expect((await fetch([image, "release"])).status).toBe(0);
    await registry.close();
    const sockets = vi.spyOn(Socket.prototype, "connect");
    const { result, artifacts } = await report();
    expect(sockets).not.toHaveBeenCalled();
    expect(result).toBe("verified");
    expect(artifacts.map(({ target, status }: { target: string; status: string }) => [target, status])).toEqual([
      ["oci-layout:kit/images/1", "verified"],
      ["kit:kit/artifacts/1", "verified"],
      ...["evidence", "evidence"].map((status) => ["kit:kit/artifacts/1", status]),
    ]);
    expect((await readdir(cwd)).filter((name) => name.startsWith(".touchmark"))).toEqual([]);
  });

  it.each([
    ["kit/images/*", "verified"],
    ["1", "verified"],
    ["images/*", "policy"],
  ])(
    "has images that a policy's rule for %s finds by their place where names do not count: %s",
    async (match, status) => {
      expect((await fetch([image])).status).toBe(0);
      const rule = { match, "any-source": true };
      await writeFile(at("policy.yaml"), JSON.stringify({ version: 1, artifacts: [rule] }));
      const options = { ...KEY, offline: true, policy: "policy.yaml", anyName: true };
      const { artifacts } = JSON.parse(
        (await callCommand(verifyCommand, ["kit:kit"], options, { cwd, json: true })).text,
      );
      expect(artifacts.map((one: { status: string }) => one.status)).toEqual([status]);
    },
  );

  it("does not hold where verify would not", async () => {
    await writeFile(at("release/extra"), "nobody states this");
    const { status, text } = await fetch(["release"]);
    expect(status).toBe(1);
    expect(text).toContain("NOT_COVERED");
    expect((await verify()).status).toBe(1);
  });

  it("is never mixed with what was there, and takes what can be fetched", async () => {
    await mkdir(at("kit"));
    await expect(fetch(["release"])).rejects.toMatchObject({ code: "OUTPUT_CONFLICT" });
    await rm(at("kit"), { recursive: true });
    await expect(fetch([`sha256:${"0".repeat(64)}`])).rejects.toMatchObject({ code: "USAGE" });
    await expect(fetch([image.replace(/@.*/, ":1")])).rejects.toMatchObject({ code: "TAG_UNPINNED" });
    await expect(fetch([image], { offline: true })).rejects.toMatchObject({ code: "NETWORK_REFUSED" });
    await symlink("tool", at("release/link"));
    await expect(fetch(["release"])).rejects.toMatchObject({ code: "FILE_REFUSED" });
    expect(await readdir(cwd)).not.toContain("kit");
  });

  it("holds an image once, however often it is named", async () => {
    expect((await fetch([image, image.replace("@", ":1.0.0@"), image.slice("oci://".length)])).status).toBe(0);
    expect(JSON.parse(await readFile(manifest(), "utf8")).targets).toEqual([
      { kind: "image", name: image, place: "images/1" },
    ]);
  });

  it("holds the image that the user names where nobody may be asked, and only then", async () => {
    await fetch([image]);
    const judged = async (...args: readonly [readonly string[], object]) => {
      const [targets, options] = args;
      const { text } = await callCommand(verifyCommand, targets, { ...KEY, ...options }, { cwd, json: true });
      return JSON.parse(text).artifacts.map(({ target }: { target: string }) => target);
    };
    const named = ["kit:kit", image];
    expect(await judged(named, { offline: true, into: "out" })).toEqual(["oci-layout:kit/images/1"]);
    expect(await readdir(at("out"))).toEqual(["1"]);
    expect(await judged(named, {})).toEqual([image, "oci-layout:kit/images/1"]);
    const other = image.replace(/[0-9a-f]{64}$/, "0".repeat(64));
    await expect(judged(["kit:kit", other], { offline: true })).rejects.toMatchObject({ code: "NETWORK_REFUSED" });
  });

  it("is a folder of files where nobody says that it is a kit", async () => {
    await fetch(["release"]);
    const { status, text } = await call(verifyCommand, ["kit"], KEY);
    expect(status).toBe(1);
    expect(text).toContain("kit:kit");
  });
});

describe("a kit is refused", () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ["with other bytes", "KIT_ALTERED", () => writeFile(at("kit/artifacts/1/tool"), "a tooI")],
    ["without a file", "KIT_INCOMPLETE", () => rm(at("kit/artifacts/1/tool"))],
    ["with one more file", "KIT_ALTERED", () => writeFile(at("kit/artifacts/1/extra"), "x")],
    ["with a file that was moved", "KIT_INCOMPLETE", () => rename(at("kit/artifacts/1/tool"), at("kit/evidence.json"))],
    ["with a link", "KIT_ALTERED", () => symlink("tool", at("kit/artifacts/1/link"))],
    [
      "with another size in its list",
      "KIT_ALTERED",
      () => edit(({ files }) => Object.assign(files[0] ?? {}, { size: 1 })),
    ],
    ["with a file where none is used", "KIT_ALTERED", () => add("more/tool")],
    ["with a program among the evidence", "KIT_ALTERED", () => add("evidence/tool")],
    ["with a file of no target", "KIT_ALTERED", () => add("artifacts/2/tool")],
    ["with a file that is listed twice", "KIT_INCOMPLETE", () => edit(({ files }) => files.push(...files.slice(0, 1)))],
    ["without targets", "KIT_ALTERED", () => edit((list) => (list.targets = []))],
    ["with one place for two", "KIT_ALTERED", () => edit(({ targets }) => targets.push(...targets))],
    [
      "with files in the place of an image",
      "KIT_ALTERED",
      () => edit(({ targets }) => Object.assign(targets[0] ?? {}, { kind: "image" })),
    ],
    [
      "with the name of no release",
      "KIT_ALTERED",
      () => edit(({ targets }) => Object.assign(targets[0] ?? {}, { kind: "release" })),
    ],
    [
      "with a place outside",
      "KIT_ALTERED",
      () => edit(({ targets }) => Object.assign(targets[0] ?? {}, { place: "artifacts/../.." })),
    ],
    ["with an unknown key", "KIT_ALTERED", () => edit((list) => (list["trust"] = "anybody"))],
    [
      "of another version",
      "KIT_ALTERED",
      () => edit((list) => (list["schema"] = "https://touchmark.dev/schema/kit-v2.json")),
    ],
    ["whose list is no JSON", "KIT_ALTERED", () => writeFile(manifest(), "{")],
    ["without a list", "TARGET_MISSING", () => rm(manifest())],
  ])("%s", async (_, code, change) => {
    expect((await fetch(["release"])).status).toBe(0);
    await change();
    await expect(verify()).rejects.toMatchObject({ code });
  });

  it("as another package than the list says", async () => {
    await fetch(["release"]);
    await edit(({ targets }) => Object.assign(targets[0] ?? {}, { kind: "release", name: "npm:left@1.0.0" }));
    const { result, artifacts } = await report();
    expect(result).toBe("failed");
    expect(artifacts[0].findings[0].code).toBe("PACKAGE_MISMATCH");
  });

  it("with a file in an image that no image has", async () => {
    await fetch([image]);
    await add("images/1/install.sh");
    await expect(verify()).rejects.toMatchObject({ code: "KIT_ALTERED" });
  });

  it("beside a target of the same name, which alone would be judged", async () => {
    await fetch([image]);
    const twice = ["kit:kit", "oci-layout:kit/images/1"];
    await expect(call(verifyCommand, twice, KEY)).rejects.toMatchObject({ code: "USAGE" });
  });

  const digest = () => image.slice(image.indexOf("@") + 1);
  const repository = () => image.slice("oci://".length, image.indexOf("@"));
  it.each<[string, () => string]>([
    ["no registry's image", () => "kit"],
    ["no digest", () => `oci://${repository()}`],
    ["a tag instead", () => `oci://${repository()}:1.0.0`],
    ["a tag as well", () => `oci://${repository()}:1.0.0@${digest()}`],
    ["a slash at its end", () => `oci://${repository()}/@${digest()}`],
    ["upper case in its repository", () => `oci://${registry.host}/Octo/app@${digest()}`],
    ["upper case in its host", () => `oci://GHCR.io/octo/app@${digest()}`],
    ["upper case in its digest", () => `oci://${repository()}@${digest().toUpperCase()}`],
    ["a letter that only looks like one", () => `oci://ghcr.io/octo/\u0430pp@${digest()}`],
    ["a port that is none", () => `oci://ghcr.io:port/octo/app@${digest()}`],
    ["the other name of Docker's registry", () => `oci://index.docker.io/octo/app@${digest()}`],
    ["no scheme", () => `${repository()}@${digest()}`],
    ["a space behind it", () => `${image} `],
    ["a layout", () => "oci-layout:images/1"],
  ])("whose list calls an image by %s", async (_what, name) => {
    await fetch([image]);
    await edit(({ targets }) => Object.assign(targets[0] ?? {}, { name: name() }));
    await expect(verify()).rejects.toMatchObject({ code: "KIT_ALTERED" });
  });

  it("without the password that stands in its list", async () => {
    await fetch([image]);
    await edit(({ targets }) => Object.assign(targets[0] ?? {}, { name: `oci://me:hunter2@ghcr.io/a@${digest()}` }));
    await expect(verify()).rejects.toMatchObject({ actual: expect.not.stringContaining("hunter2") });
  });

  it("with one image twice", async () => {
    await fetch([image]);
    await edit(({ targets }) => targets.push({ kind: "image", name: image, place: "images/2" }));
    await expect(verify()).rejects.toMatchObject({ code: "KIT_ALTERED", actual: image });
  });

  it("beside another kit", async () => {
    await expect(call(verifyCommand, ["kit:a", "kit:b"], KEY)).rejects.toMatchObject({ code: "USAGE" });
  });
});
