import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseBundle, parseStatement, type Statement, type Subject, stateRelease } from "@touchmark/core";
import type { PlatformRun, Publisher, Receipt, Signer, WritableHost } from "@touchmark/plugin";
import { withTestHost } from "@touchmark/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256, signedBytes, statementBytes, testKey } from "../../verify/test/signed-bundles.ts";
import { attest, type ReleasePlan } from "./attest.ts";

const key = testKey("ed25519", "touchmark.pub");
const stranger = testKey("ed25519", "stranger.pub");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "touchmark-attest-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const statement = (...names: readonly string[]): Statement =>
  JSON.parse(
    new TextDecoder().decode(
      statementBytes({ subject: names.map((name) => ({ name, digest: { sha256: sha256(name) } })) }),
    ),
  );
const signMessage: Signer["signMessage"] = () => Promise.reject(new Error("no message is signed here"));
const signer: Signer = { name: "test", sign: async (payload) => signedBytes(key, payload), signMessage };

type Files = Readonly<Record<string, string>>;

/** Writes what `files` makes of the bundles' lines. */
function publisher(files: (lines: readonly string[]) => Files): Publisher {
  return {
    name: "test",
    async publish(envelopes, host) {
      const made = files(envelopes.map(({ bundle }) => new TextDecoder().decode(bundle)));
      const entries = Object.entries(made).map(([name, text]) => ({ name, bytes: new TextEncoder().encode(text) }));
      await host.writeFiles(".", entries);
      return entries.map(({ name }) => ({ subject: null, uri: name, existed: false }));
    },
  };
}

const jsonl = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
const changed = (line: string) => line.replace(/"sig":"./, '"sig":"A').replace(/"sig":"A./, '"sig":"AA');

function attested(
  statements: readonly Statement[],
  files: (lines: readonly string[]) => Files,
  change: {
    readonly signer?: Signer;
    readonly trust?: readonly (typeof key.trust)[];
    readonly pushers?: readonly Publisher[];
    readonly release?: ReleasePlan;
  } = {},
): Promise<readonly Receipt[]> {
  const run = {} as PlatformRun; // a key needs nothing of it
  const options = {
    statements,
    signer,
    run,
    publishers: [publisher(files)],
    pushers: [],
    trust: [key.trust],
    ...change,
  };
  return withTestHost(folder, (host) => attest(options, host as WritableHost));
}

it("is done when the files hold what was signed, in one file or in parts", async () => {
  const both = await attested([statement("a", "b")], ([line = ""]) => ({ "r.intoto.jsonl": `${line}\n`, r: line }));
  expect(both.map(({ uri }) => uri)).toEqual(["r.intoto.jsonl", "r"]);
  const two = [statement("a"), statement("b")];
  await attested(two, (lines) => ({ "r.intoto.jsonl": jsonl(lines), "r-1.sigstore.json": lines[0] ?? "" }));
  await attested(two, ([first = "", second = ""]) => ({ "1.sigstore.json": first, "2.sigstore.json": second }));
});

it("is not done where nothing was written that can be read again", async () => {
  await expect(attested([statement("a")], () => ({}))).resolves.toEqual([]);
  const lost: Publisher = { name: "lost", publish: async () => [{ subject: null, uri: "gone", existed: false }] };
  const options = { statements: [statement("a")], signer, run: {} as PlatformRun, pushers: [], trust: [key.trust] };
  await expect(
    withTestHost(folder, (host) => attest({ ...options, publishers: [lost] }, host as WritableHost)),
  ).rejects.toMatchObject({ code: "TARGET_MISSING" });
});

it.each([
  ["the only file has another signature", ([line = ""]: readonly string[]) => ({ r: changed(line) })],
  ["the second file has another signature", ([line = ""]) => ({ r: line, "r.sigstore.json": changed(line) })],
  ["the first file has another signature", ([line = ""]) => ({ r: changed(line), "r.sigstore.json": line })],
  ["the second file is empty", ([line = ""]) => ({ r: line, "r.sigstore.json": "" })],
  ["the second file is cut off", ([line = ""]) => ({ r: line, "r.sigstore.json": line.slice(0, -9) })],
  ["something follows in the second file", ([line = ""]) => ({ r: line, "r.sigstore.json": `${line}\n{}\n` })],
])("fails when %s, and writes nothing", async (_what, files) => {
  await expect(attested([statement("a", "b")], files)).rejects.toMatchObject({ code: "SELF_CHECK_FAILED" });
  expect(readdirSync(folder)).toEqual([]);
});

it("fails when a bundle was left out", async () => {
  const statements = [statement("a"), statement("b")];
  await expect(attested(statements, (lines) => ({ r: lines[0] ?? "" }))).rejects.toMatchObject({
    code: "SELF_CHECK_FAILED",
  });
});

it("fails when the signer signed something else, or with another key than the trusted one", async () => {
  const files = (lines: readonly string[]) => ({ r: jsonl(lines) });
  const other: Signer = {
    ...signer,
    sign: async () => signedBytes(key, statementBytes({ subject: statement("b").subject })),
  };
  await expect(attested([statement("a")], files, { signer: other })).rejects.toMatchObject({
    code: "SELF_CHECK_FAILED",
    actual: expect.stringMatching(/^NOT_COVERED/),
  });
  await expect(attested([statement("a")], files, { trust: [stranger.trust] })).rejects.toMatchObject({
    code: "SELF_CHECK_FAILED",
  });
});

it("writes nothing when it is interrupted once all is signed", async () => {
  const interrupt = new AbortController();
  const last: Signer = {
    ...signer,
    async sign(payload) {
      const bundle = signedBytes(key, payload);
      interrupt.abort();
      return bundle;
    },
  };
  const options = {
    statements: [statement("a")],
    signer: last,
    run: {} as PlatformRun,
    pushers: [],
    trust: [key.trust],
  };
  const attesting = withTestHost(
    folder,
    (host) => attest({ ...options, publishers: [publisher(([line = ""]) => ({ r: line }))] }, host as WritableHost),
    { signal: interrupt.signal },
  );
  await expect(attesting).rejects.toMatchObject({ code: "ABORTED" });
  expect(readdirSync(folder)).toEqual([]);
});

describe("pushers", () => {
  const pushed: (readonly string[])[] = [];
  const pusher = (name: string): Publisher => ({
    name,
    async publish(envelopes) {
      pushed.push([name, ...envelopes.map(({ bundle }) => new TextDecoder().decode(bundle))]);
      return [{ subject: "a", uri: name, existed: false }];
    },
  });
  beforeEach(() => pushed.splice(0));

  it("get the bundles that were written, in their order, after the check", async () => {
    const written: string[] = [];
    const files = (lines: readonly string[]) => {
      written.push(...lines);
      return { r: jsonl(lines) };
    };
    const receipts = await attested([statement("a")], files, { pushers: [pusher("first"), pusher("second")] });
    expect(pushed).toEqual([
      ["first", ...written],
      ["second", ...written],
    ]);
    expect(receipts.map(({ uri }) => uri)).toEqual(["r", "first", "second"]);
  });

  it("get nothing when what was written does not verify", async () => {
    const files = ([line = ""]: readonly string[]) => ({ r: changed(line) });
    const attesting = attested([statement("a")], files, { pushers: [pusher("first")] });
    await expect(attesting).rejects.toMatchObject({ code: "SELF_CHECK_FAILED" });
    expect(pushed).toEqual([]);
  });
});

describe("a list of the release", () => {
  const list = (change: (subjects: readonly Subject[]) => readonly Subject[] = (all) => all): ReleasePlan => ({
    state: (evidence) =>
      stateRelease({
        name: "r",
        version: "1.0.0",
        predecessor: null,
        subjects: change([...statement("a", "b").subject, ...evidence]),
      }),
    publisher: publisher(([line = ""]) => ({ "r.release.sigstore.json": line })),
  });
  const release = (plan: ReleasePlan, files: (lines: readonly string[]) => Files) =>
    attested([statement("a", "b")], files, { release: plan });

  it("has everything that was written before it, and nothing of what comes later", async () => {
    const receipts = await release(list(), ([line = ""]) => ({
      "r.intoto.jsonl": `${line}\n`,
      "r.sigstore.json": line,
    }));
    expect(receipts.map(({ uri }) => uri)).toEqual(["r.intoto.jsonl", "r.sigstore.json", "r.release.sigstore.json"]);
    const { payload } = parseBundle(readFileSync(join(folder, "r.release.sigstore.json")));
    expect(parseStatement(payload).subject.map(({ name }) => name)).toEqual([
      "a",
      "b",
      "r.intoto.jsonl",
      "r.sigstore.json",
    ]);
  });

  it.each<[string, (subjects: readonly Subject[]) => readonly Subject[]]>([
    ["lacks an artifact", (all) => all.filter(({ name }) => name !== "a")],
    ["has one too many", (all) => [...all, { name: "c", digest: { sha256: sha256("c") } }]],
    [
      "has other evidence",
      (all) => all.map((one) => (one.name === "r" ? { ...one, digest: { sha256: sha256("r") } } : one)),
    ],
  ])("is found out where it %s", async (_name, change) => {
    const writing = release(list(change), ([line = ""]) => ({ "r.sigstore.json": line, r: line }));
    await expect(writing).rejects.toMatchObject({ code: "SELF_CHECK_FAILED" });
    expect(readdirSync(folder)).toEqual([]);
  });
});
