import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeJson, isTouchmarkError } from "@touchmark/core";
import { imagePurl, parseImageSignatures } from "@touchmark/oci";
import { startTestRegistry, type TestRegistry } from "@touchmark/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callCommand } from "../test/call-command.ts";
import { recordingTerminal } from "../test/recording-terminal.ts";
import { writeSubjects } from "../test/write-subjects.ts";
import { attestCommand } from "./commands/attest.ts";
import { keysGenerate } from "./commands/keys.ts";
import { publishCommand } from "./commands/publish.ts";
import { verifyCommand } from "./commands/verify.ts";
import type { Action } from "./context.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const REPOSITORY = "octo/app";

let cwd: string;
let registry: TestRegistry;
let name: string;
let digest: string;
const at = (...parts: string[]) => path.join(cwd, ...parts);

beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-push-"));
  registry = await startTestRegistry();
  name = `${registry.host}/${REPOSITORY}`;
  const config = { mediaType: "application/json", digest: `sha256:${"ab".repeat(32)}`, size: 2 };
  const manifest = encodeJson({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [] });
  digest = registry.addManifest(REPOSITORY, manifest, { mediaType: MANIFEST });
  const image = { name, digest: { sha256: digest.slice("sha256:".length) }, uri: imagePurl({ name, digest }) };
  await writeSubjects(at("image.subjects.json"), [image, { name: "tool", digest: { sha256: "cd".repeat(32) } }]);
  await call(keysGenerate, [], { algorithm: "ecdsa-p256" });
});

afterEach(async () => {
  await registry.close();
  await rm(cwd, { recursive: true, force: true });
});

const call = (action: unknown, positional: readonly string[], options: object = {}, json = false) =>
  callCommand(action, positional, options, { cwd, json });
const attest = (options: object = {}, json = false) =>
  call(attestCommand, [], { subjects: ["image.subjects.json"], key: "touchmark.key", name: "r", ...options }, json);
const writes = () => registry.requests.filter(({ method }) => method !== "GET" && method !== "HEAD").length;
const tags = () => [...registry.repository(REPOSITORY).tags.keys()];
const BUNDLES = path.join("touchmark-out", "r.intoto.jsonl");
const SIGNATURES = path.join("touchmark-out", "r.image-signatures.jsonl");

describe("attest --push", () => {
  it("writes files, then attaches what it wrote to the image", async () => {
    const { receipts } = JSON.parse((await attest({ push: true }, true)).text);
    expect(receipts).toEqual([
      { subject: null, uri: BUNDLES, existed: false },
      { subject: null, uri: path.join("touchmark-out", "r.sigstore.json"), existed: false },
      { subject: name, uri: expect.stringMatching(`^${name}@sha256:`), existed: false },
    ]);
    expect(tags()).toEqual([]);
    const line = (await readFile(at(BUNDLES), "utf8")).trim();
    const blobs = [...registry.repository(REPOSITORY).blobs.values()].map((bytes) => new TextDecoder().decode(bytes));
    expect(blobs.sort()).toEqual([line, "{}"].sort());
  });

  it("says how many images have it", async () => {
    expect((await attest({ push: true })).text).toContain("attached to 1 image");
  });

  it("without it no registry is asked", async () => {
    expect((await attest()).text).not.toContain("attached");
    expect(registry.requests).toHaveLength(0);
  });

  it("a dry run shows the images, and asks no registry", async () => {
    const reference = `${name}@${digest}`;
    expect((await attest({ push: true, dryRun: true })).text).toContain(`pushes to     ${reference}`);
    expect(JSON.parse((await attest({ push: true, dryRun: true }, true)).text).pushes).toEqual([reference]);
    expect(JSON.parse((await attest({ dryRun: true }, true)).text).pushes).toEqual([]);
    expect(registry.requests).toHaveLength(0);
  });

  it("the configuration can say it, and a flag wins", async () => {
    const registryKeys = "registry: {push: true, att-tag: true, cosign-signature: true}";
    const config = `version: 1\nartifacts: {image: {use: files, include: [tool]}}\npublish: {${registryKeys}}\n`;
    await writeFile(at("touchmark.yaml"), config);
    await attest({ push: false });
    expect(registry.requests).toHaveLength(0);
    await attest();
    const tag = digest.replace(":", "-");
    expect(tags().sort()).toEqual([`${tag}.att`, `${tag}.sig`]);
  });

  it("nothing to push is found before anything is signed", async () => {
    await writeFile(at("tool"), "tool");
    const pushing = attest({ subjects: undefined, from: ["files:tool"], push: true });
    await expect(pushing).rejects.toMatchObject({ code: "SUBJECTS_EMPTY" });
    expect(await readdir(cwd)).not.toContain("touchmark-out");
  });

  it.each(["attTag", "cosignSignature"])("%s says nothing without a push", async (flag) => {
    await expect(attest({ [flag]: true })).rejects.toMatchObject({ code: "USAGE" });
  });

  it("signs images for cosign, keeps the signatures, and verify sets that file aside", async () => {
    await attest({ push: true, cosignSignature: true });
    expect(tags()).toEqual([`${digest.replace(":", "-")}.sig`]);
    const [signature] = parseImageSignatures(await readFile(at(SIGNATURES)), SIGNATURES);
    expect(signature).toMatchObject({ name, digest, publicKey: await readFile(at("touchmark.pub"), "utf8") });
    await writeFile(at("tool"), "tool");
    await attest({ subjects: undefined, from: ["files:tool"], out: "touchmark-out", name: "files" });
    await writeFile(at("touchmark-out", "tool"), "tool");
    const verified = await call(verifyCommand, ["touchmark-out"], { key: ["touchmark.pub"] });
    expect(verified.status).toBe(0);
  });
});

describe("a push that fails", () => {
  const failing = async (options: object) => {
    const forbidden = { kind: "answer", status: 403 } as const;
    registry.fail({ method: "PUT", path: /\/manifests\//, fault: forbidden });
    const failure = await attest({ push: true, ...options }).catch((error: unknown) => error);
    if (!isTouchmarkError(failure)) throw failure;
    return failure;
  };

  it("names the line that finishes the work, and keeps its code", async () => {
    const failure = await failing({});
    expect(failure.code).toBe("REGISTRY_DENIED");
    expect(failure.message).toMatch(/^the evidence is not with 127.0.0.1:\d+\/octo\/app@sha256:[0-9a-f]{64}: /);
    expect(failure.message).toMatch(new RegExp(`this pushes the rest: touchmark publish ${BUNDLES} --to oci$`));
  });

  it("with everything that was wanted in that line", async () => {
    const failure = await failing({ attTag: true, cosignSignature: true });
    expect(failure.message).toContain(`touchmark publish ${BUNDLES} ${SIGNATURES} --to oci --att-tag`);
    const { text, status } = await call(publishCommand, [BUNDLES, SIGNATURES], { to: ["oci"], attTag: true });
    expect(status).toBe(0);
    expect(text).toContain("nothing was signed");
    const tag = digest.replace(":", "-");
    expect(tags().sort()).toEqual([`${tag}.att`, `${tag}.sig`]);
  });
});

describe("publish --to", () => {
  const publish = async (options: object) => {
    const done = await call(publishCommand, [BUNDLES], options, true);
    return JSON.parse(done.text).receipts as readonly { readonly uri: string; readonly existed: boolean }[];
  };

  it("oci: pushes once, and then says that it was there", async () => {
    await attest();
    expect(await publish({ to: ["oci"] })).toMatchObject([{ existed: false }]);
    const before = writes();
    expect(await publish({ to: ["oci"] })).toMatchObject([{ existed: true }]);
    expect(writes()).toBe(before);
    const { text, noted } = await call(publishCommand, [BUNDLES], { to: ["oci"] });
    expect(text).toBe("PUBLISHED  1 bundle, attached to 1 image; nothing was signed\n");
    expect(noted).toMatch(new RegExp(`^  was there     ${name}@sha256:[0-9a-f]{64}$`, "m"));
  });

  it("oci and files: files first, whatever the order", async () => {
    await attest();
    const receipts = await publish({ to: ["oci", "files", "oci"], out: "copy", name: "c" });
    expect(receipts.map(({ uri }) => uri)).toEqual([
      path.join("copy", "c.intoto.jsonl"),
      path.join("copy", "c.sigstore.json"),
      expect.stringMatching(`^${name}@sha256:`),
    ]);
  });

  it("files: image signatures go along", async () => {
    await attest({ push: true, cosignSignature: true });
    await call(publishCommand, [BUNDLES, SIGNATURES], { out: "copy", name: "c" });
    expect(await readFile(at("copy", "c.image-signatures.jsonl"))).toEqual(await readFile(at(SIGNATURES)));
  });

  it("says whom the evidence makes it contact, before it does", async () => {
    await attest();
    await registry.close();
    const terminal = recordingTerminal({ json: false });
    const context = { terminal, env: {}, cwd, signal: AbortSignal.timeout(500) };
    const publishing = (publishCommand as Action)(context, [BUNDLES], { to: ["oci"] } as never);
    await expect(publishing).rejects.toMatchObject({ code: "ABORTED" });
    expect(terminal.noted()).toContain(`may contact   ${registry.host}`);
    await expect(call(publishCommand, [BUNDLES], { to: ["files"], out: "copy" })).resolves.toMatchObject({
      noted: expect.not.stringContaining("may contact"),
    });
    registry = await startTestRegistry();
  });

  it("a signature that its key did not make is not published", async () => {
    await attest({ push: true, cosignSignature: true });
    const changed = (await readFile(at(SIGNATURES), "utf8")).replace('"payload":"e', '"payload":"f');
    await writeFile(at(SIGNATURES), changed);
    const before = writes();
    await expect(call(publishCommand, [SIGNATURES], { to: ["oci"] })).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(writes()).toBe(before);
  });

  it.each<[string, object]>([
    ["another place", { to: ["npm"] }],
    ["an .att tag without a registry", { attTag: true }],
  ])("refuses %s", async (_what, options) => {
    await attest();
    await expect(publish(options)).rejects.toMatchObject({ code: "USAGE" });
  });
});
