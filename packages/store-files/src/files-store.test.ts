import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeKeyBundle, parseBundleFile, type Subject } from "@touchmark/core";
import type { Receipt, SignedEnvelope, WritableHost } from "@touchmark/plugin";
import { withTestHost } from "@touchmark/testkit";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type FilesStoreOptions, filesStore } from "./files-store.ts";

const root = mkdtempSync(join(tmpdir(), "touchmark-store-"));
afterAll(() => rmSync(root, { recursive: true }));

let workspace = "";
beforeEach(() => {
  workspace = mkdtempSync(join(root, "run-"));
});

const subject = (name: string): Subject => ({ name, digest: { sha256: "ab".repeat(32) } });

function envelope(...names: string[]): SignedEnvelope {
  const payload = new TextEncoder().encode(names.join());
  const bundle = encodeKeyBundle({ payloadType: "text/plain", payload, signature: new Uint8Array([1]), hint: "h" });
  return { bundle, subjects: names.map(subject) };
}

function publish(
  envelopes: readonly SignedEnvelope[],
  options: Partial<FilesStoreOptions> = {},
): Promise<readonly Receipt[]> {
  const store = filesStore({ folder: "out", name: "tool", perSubject: false, ...options });
  return withTestHost(workspace, (host) => store.publish(envelopes, host as WritableHost));
}

const written = (folder = "out") => readdirSync(join(workspace, folder)).sort();
const read = (name: string) => readFileSync(join(workspace, "out", name));
/** The payloads of a file's bundles, as the verifier would find them. */
const payloads = (name: string) =>
  parseBundleFile(read(name)).map(({ bundle }) =>
    "payload" in bundle ? new TextDecoder().decode(bundle.payload) : bundle,
  );

describe("writes", () => {
  it("one statement: the line and the bundle", async () => {
    const receipts = await publish([envelope("a", "b")]);
    expect(written()).toEqual(["tool.intoto.jsonl", "tool.sigstore.json"]);
    expect(payloads("tool.intoto.jsonl")).toEqual(["a,b"]);
    expect(payloads("tool.sigstore.json")).toEqual(["a,b"]);
    expect(receipts).toEqual([
      { subject: null, uri: "out/tool.intoto.jsonl", existed: false },
      { subject: null, uri: "out/tool.sigstore.json", existed: false },
    ]);
  });

  it("a split statement: all lines, and each by its number", async () => {
    await publish([envelope("a", "b"), envelope("c")]);
    expect(written()).toEqual(["tool-1.sigstore.json", "tool-2.sigstore.json", "tool.intoto.jsonl"]);
    expect(payloads("tool.intoto.jsonl")).toEqual(["a,b", "c"]);
    expect(payloads("tool-2.sigstore.json")).toEqual(["c"]);
  });

  it("per subject: all lines, and each by its subject", async () => {
    const receipts = await publish([envelope("linux/app"), envelope("pkg:npm/app@1.0.0")], { perSubject: true });
    expect(written()).toEqual(["linux-app.sigstore.json", "npm-app-1.0.0.sigstore.json", "tool.intoto.jsonl"]);
    expect(payloads("npm-app-1.0.0.sigstore.json")).toEqual(["pkg:npm/app@1.0.0"]);
    expect(receipts.map((receipt) => receipt.subject)).toEqual([null, "linux/app", "pkg:npm/app@1.0.0"]);
  });

  it("per subject with one subject: as for one statement", async () => {
    await publish([envelope("app")], { perSubject: true });
    expect(written()).toEqual(["tool.intoto.jsonl", "tool.sigstore.json"]);
  });

  it("per subject, names that collide: the same files whatever the order", async () => {
    const envelopes = [envelope("a/b"), envelope("a-b"), envelope("A-b")];
    await publish(envelopes, { perSubject: true });
    await publish(envelopes.toReversed(), { perSubject: true, folder: "again" });
    expect(written()).toHaveLength(4);
    expect(written("again")).toEqual(written());
  });

  it("per subject, two manifests of one repository", async () => {
    const image = (sha256: string): SignedEnvelope => ({
      ...envelope("ghcr.io/o/app"),
      subjects: [{ name: "ghcr.io/o/app", digest: { sha256 }, uri: "pkg:oci/app" }],
    });
    await publish([image("aa".repeat(32)), image("bb".repeat(32))], { perSubject: true });
    expect(written().filter((name) => /^ghcr\.io-o-app-[0-9a-f]{16}\.sigstore\.json$/.test(name))).toHaveLength(2);
  });

  it.each([
    [".", "tool.intoto.jsonl"],
    ["./out//", "./out/tool.intoto.jsonl"],
  ])("into %s, and says where in the user's words", async (folder, uri) => {
    expect((await publish([envelope("a")], { folder }))[0]?.uri).toBe(uri);
  });
});

describe("again", () => {
  it("the same: says that it was there", async () => {
    await publish([envelope("a")]);
    expect((await publish([envelope("a")])).map((receipt) => receipt.existed)).toEqual([true, true]);
  });

  it("something else, also of the same size: replaces it and says so", async () => {
    await publish([envelope("a")]);
    expect((await publish([envelope("b")])).map((receipt) => receipt.existed)).toEqual([false, false]);
    expect(payloads("tool.sigstore.json")).toEqual(["b"]);
  });

  it("leaves other files alone", async () => {
    mkdirSync(join(workspace, "out"));
    writeFileSync(join(workspace, "out", "app"), "mine");
    await publish([envelope("a")]);
    expect(read("app").toString()).toBe("mine");
  });
});

describe("all or nothing", () => {
  it.each<[string, () => void]>([
    ["a folder has the second name", () => mkdirSync(join(workspace, "out", "tool.sigstore.json"))],
    ["a link has the second name", () => symlinkSync("elsewhere", join(workspace, "out", "tool.sigstore.json"))],
  ])("%s", async (_name, occupy) => {
    mkdirSync(join(workspace, "out"));
    occupy();
    await expect(publish([envelope("a")])).rejects.toMatchObject({ code: "OUTPUT_CONFLICT" });
    expect(written()).toEqual(["tool.sigstore.json"]);
  });

  it("the folder is a file", async () => {
    writeFileSync(join(workspace, "out"), "");
    await expect(publish([envelope("a")])).rejects.toMatchObject({ code: "OUTPUT_UNWRITABLE" });
  });
});

describe("refuses", () => {
  const lines = (bundle: string): SignedEnvelope => ({ ...envelope("a"), bundle: new TextEncoder().encode(bundle) });
  it.each<[string, string, readonly SignedEnvelope[], boolean]>([
    ["nothing to write", "SUBJECTS_EMPTY", [], false],
    ["a bundle over two lines", "INPUT_INVALID", [lines("{\n}")], false],
    ["an empty bundle", "INPUT_INVALID", [lines("")], false],
    ["two subjects where each should stand alone", "INPUT_INVALID", [envelope("a", "b"), envelope("c")], true],
    ["two statements about one subject", "OUTPUT_CONFLICT", [envelope("a"), envelope("a")], true],
    ["more lines than a verifier reads", "LIMIT_EXCEEDED", Array.from({ length: 10_001 }, () => envelope("a")), false],
    ["more bytes than a verifier reads", "LIMIT_EXCEEDED", Array(5).fill(lines("x".repeat(14e6))), false],
  ])("%s", async (_name, code, envelopes, perSubject) => {
    await expect(publish(envelopes, { perSubject })).rejects.toMatchObject({ code });
    expect(readdirSync(workspace)).toEqual([]);
  });

  it("a name that is a path, before anything is signed", () => {
    expect(() => filesStore({ folder: "out", name: "a/b", perSubject: false })).toThrow(
      expect.objectContaining({ code: "NAME_REFUSED" }),
    );
  });
});
