import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeJson, parseBundle, parseStatement, STATEMENT_V1 } from "@touchmark/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PREDICATE, sha256, signedBytes, testKey } from "../../../../packages/verify/test/signed-bundles.ts";
import { recordingTerminal } from "../../test/recording-terminal.ts";
import { verifyCommand } from "../commands/verify.ts";
import type { SummaryOutFlags } from "./summary-flags.ts";

const builder = testKey();
const verifier = testKey("P-256");
const ID = "https://verifier.example.com/v1";
const SAID = { vsaOut: "out.intoto.jsonl", vsaVerifierId: ID, vsaSigningKey: "verifier.key" } as const;
const EACH = { ...SAID, vsaResourcePrefix: "https://example.com/r/1/" } as const;

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-vsa-out-"));
  const subject = ["tool", "more"].map((name) => ({ name, digest: { sha256: sha256(name) } }));
  const provenance = {
    _type: STATEMENT_V1,
    subject,
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: PREDICATE,
  };
  await write("builder.pub", builder.pem);
  await write("verifier.key", verifier.privatePem);
  await write("verifier.pub", verifier.pem);
  await write("tool", "tool");
  await write("other", "other");
  await write("all.intoto.jsonl", signedBytes(builder, encodeJson(provenance)));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array) => writeFile(path.join(cwd, name), content);

async function verify(targets: readonly string[], flags: object) {
  const terminal = recordingTerminal({});
  const context = { terminal, env: {}, cwd, signal: new AbortController().signal };
  const options = { key: ["builder.pub"], bundle: ["all.intoto.jsonl"], ...flags };
  return { status: await verifyCommand(context, targets, options), text: terminal.text(), noted: terminal.noted() };
}

async function statements() {
  const lines = (await readFile(path.join(cwd, "out.intoto.jsonl"), "utf8")).trimEnd().split("\n");
  return lines.map((line) => parseStatement(parseBundle(Buffer.from(line)).payload));
}

describe("--vsa-out", () => {
  it("writes what holds, by whom, as what, by which policy and which evidence", async () => {
    const { status, noted } = await verify(["tool"], EACH);
    expect([status, noted]).toEqual([0, expect.stringContaining("wrote out.intoto.jsonl: 1 summary")]);
    const [only, ...others] = await statements();
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      subject: [{ name: "tool", digest: { sha256: sha256("tool") } }],
      predicateType: "https://slsa.dev/verification_summary/v1",
      predicate: {
        verifier: { id: ID, version: { touchmark: "source" } },
        timeVerified: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        resourceUri: "https://example.com/r/1/tool",
        policy: {
          uri: "https://touchmark.dev/policies/flags/v1",
          digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        },
        inputAttestations: [
          {
            name: "all.intoto.jsonl",
            digest: { sha256: sha256(await readFile(path.join(cwd, "all.intoto.jsonl"), "utf8")) },
          },
        ],
        verificationResult: "PASSED",
        verifiedLevels: ["SLSA_BUILD_LEVEL_1"],
        slsaVersion: "1.2",
      },
    });
  });

  it("is accepted instead of provenance, and as nothing else", async () => {
    await verify(["tool"], EACH);
    const accepting = (vsaResource: string) =>
      verify(["tool"], {
        key: [],
        bundle: ["out.intoto.jsonl"],
        vsaKey: "verifier.pub",
        vsaVerifier: ID,
        vsaResource,
        vsaLevel: ["SLSA_BUILD_LEVEL_1"],
      });
    expect(await accepting("https://example.com/r/1/tool")).toMatchObject({ status: 0 });
    expect(await accepting("https://example.com/r/1/other")).toMatchObject({
      status: 1,
      text: expect.stringContaining("VSA_MISMATCH"),
    });
  });

  it("writes FAILED of what does not hold, beside what does, and the exit status stays", async () => {
    const { status, noted } = await verify(["tool", "other"], EACH);
    expect([status, noted]).toEqual([1, expect.stringContaining("2 summaries, 1 of them FAILED")]);
    const said = (await statements()).map(({ subject, predicate }) => [
      subject[0]?.name,
      predicate?.["verificationResult"],
      predicate?.["verifiedLevels"],
    ]);
    expect(said).toEqual([
      ["tool", "PASSED", ["SLSA_BUILD_LEVEL_1"]],
      ["other", "FAILED", ["FAILED"]],
    ]);
  });

  it("lets nothing pass where a part of the release is missing", async () => {
    expect(await verify(["tool"], { ...EACH, complete: true })).toMatchObject({ status: 1 });
    expect((await statements()).map(({ predicate }) => predicate?.["verificationResult"])).toEqual(["FAILED"]);
  });

  it.each([
    [["tool"], "PASSED", ["SLSA_BUILD_LEVEL_1"]],
    [["tool", "other"], "FAILED", ["FAILED"]],
  ])("--vsa-release: one for all of %j: %s", async (targets, result, levels) => {
    await verify(targets, { ...SAID, vsaRelease: "pkg:generic/widgets@1.0.0" });
    const [only, ...others] = await statements();
    expect(others).toEqual([]);
    expect(only?.subject.map(({ name }) => name).sort()).toEqual(targets.toSorted());
    expect(only?.predicate).toMatchObject({
      resourceUri: "pkg:generic/widgets@1.0.0",
      verificationResult: result,
      verifiedLevels: levels,
    });
  });

  it("names nobody's folders, and the policy's digest tells other trust, but not other names of files", async () => {
    const policyOf = async (flags: object) => {
      await rm(path.join(cwd, "out.intoto.jsonl"), { force: true });
      await verify([path.join(cwd, "tool")], { ...EACH, bundle: [path.join(cwd, "all.intoto.jsonl")], ...flags });
      const [one] = await statements();
      expect(JSON.stringify(one)).not.toContain(cwd);
      return JSON.stringify(one?.predicate?.["policy"]);
    };
    await write("copy.pub", builder.pem);
    const first = await policyOf({});
    expect(await policyOf({ key: ["copy.pub"] })).toBe(first);
    expect(await policyOf({ key: ["builder.pub", "verifier.pub"] })).not.toBe(first);
    expect(await policyOf({ anyName: true })).not.toBe(first);
  });

  it("writes over nothing", async () => {
    await write("out.intoto.jsonl", "old");
    await expect(verify(["tool"], EACH)).rejects.toMatchObject({ code: "OUTPUT_CONFLICT" });
    expect(await readFile(path.join(cwd, "out.intoto.jsonl"), "utf8")).toBe("old");
  });

  it("writes nothing of what is no artifact", async () => {
    await rm(path.join(cwd, "tool"));
    const { status, noted } = await verify(["all.intoto.jsonl"], EACH);
    expect([status, noted]).toEqual([1, expect.stringContaining("out.intoto.jsonl was not written")]);
    await expect(statements()).rejects.toMatchObject({ code: "ENOENT" });
  });

  it.each<[string, SummaryOutFlags & { readonly offline?: boolean }]>([
    ["no file", { vsaVerifierId: ID, vsaSigningKey: "verifier.key" }],
    ["no verifier", { vsaOut: "out", vsaSigningKey: "verifier.key" }],
    ["nobody signs", { vsaOut: "out", vsaVerifierId: ID }],
    ["a key and none", { ...EACH, vsaKeyless: true }],
    ["a verifier that is no URI", { ...EACH, vsaVerifierId: "me" }],
    ["a release and a prefix", { ...EACH, vsaRelease: "pkg:generic/a@1" }],
    ["nothing to verify the tool as", SAID],
    ["services beside a key", { ...EACH, vsaSigningConfig: "services.json" }],
    ["a passphrase without a key", { vsaOut: "out", vsaVerifierId: ID, vsaKeyless: true, vsaPassphraseEnv: "P" }],
    ["services with --offline", { vsaOut: "out", vsaVerifierId: ID, vsaKeyless: true, offline: true }],
    ["a setting alone", { vsaPolicyUri: "https://example.com/policy" }],
  ])("USAGE: %s", async (_what, flags) => {
    await expect(verify(["tool"], flags)).rejects.toMatchObject({ code: "USAGE", exitStatus: 2 });
  });

  it("takes no public key for a private one", async () => {
    await expect(verify(["tool"], { ...EACH, vsaSigningKey: "verifier.pub" })).rejects.toMatchObject({
      code: "KEY_IS_PUBLIC",
    });
  });
});
