import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Subject } from "@touchmark/core";
import { sha256Hex } from "@touchmark/engine";
import { imagePurl } from "@touchmark/oci";
import { startTestRegistry, type TestRegistry } from "@touchmark/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callCommand } from "../../test/call-command.ts";
import { writeSubjects } from "../../test/write-subjects.ts";
import { attestCommand } from "./attest.ts";
import { keysGenerate } from "./keys.ts";
import { verifyCommand } from "./verify.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
const EMPTY = "application/vnd.oci.empty.v1+json";
const EMPTY_DIGEST = `sha256:${sha256Hex(new TextEncoder().encode("{}"))}`;
const REPOSITORY = "octo/app";

let cwd: string;
let registry: TestRegistry;
let name: string;
const at = (...parts: string[]) => path.join(cwd, ...parts);

const json = (value: object) => new TextEncoder().encode(JSON.stringify(value));
const described = (bytes: Uint8Array, mediaType: string, architecture?: string) => ({
  mediaType,
  digest: `sha256:${sha256Hex(bytes)}`,
  size: bytes.byteLength,
  ...(architecture === undefined ? {} : { platform: { os: "linux", architecture } }),
});
const config = { mediaType: EMPTY, digest: EMPTY_DIGEST, size: 2 };
const platform = json({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [] });
const index = json({ schemaVersion: 2, mediaType: INDEX, manifests: [described(platform, MANIFEST, "amd64")] });
const [indexDigest, platformDigest] = [index, platform].map((bytes) => `sha256:${sha256Hex(bytes)}`) as [
  string,
  string,
];

beforeEach(async () => {
  cwd = await realpath(await mkdtemp(path.join(tmpdir(), "touchmark-verify-")));
  registry = await startTestRegistry();
  name = `${registry.host}/${REPOSITORY}`;
  registry.addBlob(REPOSITORY, new TextEncoder().encode("{}"));
  registry.addManifest(REPOSITORY, platform, { mediaType: MANIFEST });
  registry.addManifest(REPOSITORY, index, { mediaType: INDEX, tag: "1" });
  await call(keysGenerate, [], { algorithm: "ed25519" });
  await call(keysGenerate, [], { algorithm: "ed25519", out: "other" });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await registry.close();
  await rm(cwd, { recursive: true, force: true });
});

const call = (action: unknown, positional: readonly string[], options: object = {}) =>
  callCommand(action, positional, options, { cwd });

async function attest(subjects: readonly Subject[], options: object = {}): Promise<void> {
  await writeSubjects(at("image.subjects.json"), subjects);
  await call(attestCommand, [], { subjects: ["image.subjects.json"], key: "touchmark.key", name: "r", ...options });
}

const subjectOf = (digest: string): Subject => ({
  name,
  digest: { sha256: digest.slice("sha256:".length) },
  uri: imagePurl({ name, digest }),
});
const KEY = { key: ["touchmark.pub"] };
const verify = (targets: readonly string[], options: object = {}) =>
  call(verifyCommand, targets, { ...KEY, ...options });

/** Sees every connection that is opened, also to this machine. */
const watchSockets = () => vi.spyOn(Socket.prototype, "connect");

describe("verify, of images", () => {
  it("finds what attest --push left in the registry, and says which platforms hold", async () => {
    await attest([subjectOf(indexDigest)], { push: true });
    const target = `oci://${name}@${indexDigest}`;
    const { status, text, noted } = await verify([target], { recursive: true });
    expect(status).toBe(1);
    expect(noted).toContain(`may contact: ${registry.host}\n`);
    expect(text).toMatch(/^FAILED {2}1 of 2 artifacts does not hold/);
    expect(text).toContain(`  ${name} (linux/amd64)  NOT COVERED  sha256:${platformDigest.slice(7, 19)}`);
    expect((await verify([target])).text).toMatch(new RegExp(`^VERIFIED  1 of 1 artifact\n  ${name}  verified`));
    await attest([subjectOf(indexDigest), subjectOf(platformDigest)], { push: true });
    expect((await verify([target], { recursive: true, complete: true })).status).toBe(0);
  });

  it("says what the registry's evidence says of itself where nobody is trusted", async () => {
    await attest([subjectOf(indexDigest)], { push: true });
    await expect(call(verifyCommand, [`oci://${name}@${indexDigest}`])).rejects.toMatchObject({
      code: "TRUST_UNSET",
      actual: expect.stringContaining("referrer"),
    });
  });

  it("is not verified by somebody else's key", async () => {
    await attest([subjectOf(indexDigest)], { push: true });
    const key = [path.join("other", "touchmark.pub")];
    const { status, text } = await verify([`${name}@${indexDigest}`], { key });
    expect([status, text.split("\n")[1]]).toEqual([1, expect.stringContaining("UNTRUSTED")]);
  });

  it("refuses a tag", async () => {
    await expect(verify([`oci://${name}:1`])).rejects.toMatchObject({
      code: "TAG_UNPINNED",
      expected: `touchmark verify oci://${name}@${indexDigest}`,
    });
  });

  it("contacts nobody with --offline, and says what else to give", async () => {
    const sockets = watchSockets();
    for (const target of [`oci://${name}@${indexDigest}`, `${name}@${indexDigest}`, `oci://${name}:1`]) {
      await expect(verify([target], { offline: true })).rejects.toMatchObject({
        code: "NETWORK_REFUSED",
        exitStatus: 2,
        actual: registry.host,
      });
    }
    expect(sockets).not.toHaveBeenCalled();
    expect(registry.requests).toEqual([]);
  });

  it("answers 3 for a registry that is gone", async () => {
    const target = `oci://${name}@${indexDigest}`;
    registry.fail({ path: /./, times: 1_000, fault: { kind: "answer", status: 403 } });
    const { status, text } = await verify([target]);
    expect(status).toBe(3);
    expect(text).toMatch(/^UNKNOWN .*\n.* UNKNOWN .*\n +REGISTRY_DENIED/);
  });
});

describe("verify, of what lies on the disk", () => {
  it("opens no socket, whatever it is", async () => {
    await mkdir(at("image/blobs/sha256"), { recursive: true });
    for (const bytes of [index, platform, new TextEncoder().encode("{}")]) {
      await writeFile(at("image/blobs/sha256", sha256Hex(bytes)), bytes);
    }
    await writeFile(at("image/oci-layout"), `{"imageLayoutVersion":"1.0.0"}`);
    await writeFile(at("image/index.json"), json({ schemaVersion: 2, manifests: [described(index, INDEX)] }));
    await mkdir(at("rel"));
    await writeFile(at("rel/tool"), "tool");
    const tool = { name: "tool", digest: { sha256: sha256Hex(new TextEncoder().encode("tool")) } };
    await attest([subjectOf(indexDigest), tool]);
    await cp(at("touchmark-out/r.intoto.jsonl"), at("r.intoto.jsonl"));
    await cp(at("touchmark-out/r.intoto.jsonl"), at("rel/r.intoto.jsonl"));
    const sockets = watchSockets();
    for (const options of [{}, { offline: true }]) {
      const { status, text } = await verify(["oci-layout:image", "nix:rel/tool", "rel", "rel/tool"], options);
      expect({ status, text }).toMatchObject({
        status: 0,
        text: expect.stringMatching(/^VERIFIED {2}4 of 4 artifacts/),
      });
    }
    expect((await verify([indexDigest], { bundle: ["r.intoto.jsonl"] })).status).toBe(0);
    const asFolder = await verify(["image"], { bundle: ["r.intoto.jsonl"] });
    expect(asFolder).toMatchObject({ status: 1, text: expect.stringMatching(/expected {2}oci-layout:image\n/) });
    expect(sockets).not.toHaveBeenCalled();
    expect((await verify([`oci://${name}@${indexDigest}`], { bundle: ["r.intoto.jsonl"] })).status).toBe(0);
    expect(sockets).toHaveBeenCalled(); // the watch can see one
  });
});
