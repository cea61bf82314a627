import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeJson, VSA_V1 } from "@touchmark/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256, signedBytes, testKey } from "../../../packages/verify/test/signed-bundles.ts";
import { recordingTerminal } from "../test/recording-terminal.ts";
import { verifyCommand } from "./commands/verify.ts";
import { type VerifierFlags, verifiersOf } from "./verifier-flags.ts";

const key = testKey("P-256");
const RESOURCE = "pkg:generic/widgets@1.0.0";
const ID = "https://verifier.example.com";
const ALL = { vsaKey: "verifier.pub", vsaVerifier: ID, vsaResource: RESOURCE } as const;

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-vsa-"));
  const summary = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "tool", digest: { sha256: sha256("tool") } }],
    predicateType: VSA_V1,
    predicate: {
      verifier: { id: ID },
      timeVerified: "2026-01-15T12:00:00Z",
      resourceUri: RESOURCE,
      policy: { uri: "https://verifier.example.com/policy" },
      verificationResult: "PASSED",
      verifiedLevels: ["SLSA_BUILD_LEVEL_3"],
    },
  };
  await writeFile(path.join(cwd, "verifier.pub"), key.pem);
  await writeFile(path.join(cwd, "tool"), "tool");
  await writeFile(path.join(cwd, "tool.intoto.jsonl"), signedBytes(key, encodeJson(summary)));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function verify(flags: VerifierFlags, json = false) {
  const terminal = recordingTerminal({ json });
  const context = { terminal, env: {}, cwd, signal: new AbortController().signal };
  return { status: await verifyCommand(context, ["tool"], flags), text: terminal.text() };
}

describe("--vsa-…", () => {
  it("accepts the summary, and says by whom the artifact was verified, and as what", async () => {
    const { status, text } = await verify({ ...ALL, vsaLevel: ["SLSA_BUILD_LEVEL_2"] });
    expect([status, text]).toEqual([0, expect.stringContaining("verified  sha256:")]);
    expect(text).toContain(`verified by   ${ID}, as ${RESOURCE}: SLSA_BUILD_LEVEL_3, 2026-01-15T12:00:00Z`);
    const { inputs } = JSON.parse((await verify(ALL, true)).text);
    expect(inputs.verifier).toEqual({
      verifier: ID,
      resource: RESOURCE,
      levels: [],
      key: { name: "verifier.pub", digest: `sha256:${key.trust.digest}` },
      identity: null,
    });
  });

  it("refuses it where less is assured", async () => {
    const { status, text } = await verify({ ...ALL, vsaLevel: ["SLSA_SOURCE_LEVEL_1"] });
    expect([status, text]).toEqual([1, expect.stringContaining("VSA_LEVEL_TOO_LOW")]);
  });

  it.each<[string, VerifierFlags]>([
    ["no key", { vsaVerifier: ID, vsaResource: RESOURCE }],
    ["no verifier", { vsaKey: "verifier.pub", vsaResource: RESOURCE }],
    ["no resource", { vsaKey: "verifier.pub", vsaVerifier: ID }],
    ["an empty verifier", { ...ALL, vsaVerifier: "" }],
    ["an empty resource", { ...ALL, vsaResource: "" }],
    ["a level alone", { vsaLevel: ["SLSA_BUILD_LEVEL_2"] }],
    ["a level that is none", { ...ALL, vsaLevel: ["SLSA_BUILD_LEVEL_X"] }],
  ])("USAGE: %s", async (_what, flags) => {
    await expect(verify(flags)).rejects.toMatchObject({ code: "USAGE", exitStatus: 2 });
  });

  it("is nothing where no flag asks for it", async () => {
    const context = { terminal: recordingTerminal({}), env: {}, cwd, signal: new AbortController().signal };
    expect(await verifiersOf(context, {})).toEqual([]);
    await expect(verify({})).rejects.toMatchObject({ code: "TRUST_UNSET" });
  });
});
