import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeJson, PROVENANCE_V1, VSA_V1 } from "@touchmark/core";
import { githubRun, rootOf, signBundle, testSigstore } from "@touchmark/testkit/sigstore";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PREDICATE, sha256, signedBytes, testKey } from "../../../packages/verify/test/signed-bundles.ts";
import { recordingTerminal } from "../test/recording-terminal.ts";
import { verifyCommand } from "./commands/verify.ts";
import { type VerifierFlags, verifiersOf } from "./verifier-flags.ts";

const key = testKey("P-256");
const RESOURCE = "pkg:generic/widgets@1.0.0";
const ID = "https://verifier.example.com";
const ALL = { vsaKey: "verifier.pub", vsaVerifier: ID, vsaResource: RESOURCE } as const;

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

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-vsa-"));
  await writeFile(path.join(cwd, "verifier.pub"), key.pem);
  await writeFile(path.join(cwd, "tool"), "tool");
  await writeFile(path.join(cwd, "tool.intoto.jsonl"), signedBytes(key, encodeJson(summary)));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function verify(flags: VerifierFlags & { readonly trust?: readonly string[] }, json = false) {
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
      rights: null,
      notBefore: null,
      key: { name: "verifier.pub", digest: `sha256:${key.trust.digest}` },
      identity: null,
    });
  });

  it("refuses it where less is assured", async () => {
    const { status, text } = await verify({ ...ALL, vsaLevel: ["SLSA_SOURCE_LEVEL_1"] });
    expect([status, text]).toEqual([1, expect.stringContaining("VSA_LEVEL_TOO_LOW")]);
  });

  it("refuses it where it is older than is allowed, and says from when on it would do", async () => {
    const { status, text } = await verify({ ...ALL, vsaMaxAge: "1d" }, true);
    const { artifacts, inputs } = JSON.parse(text);
    expect([status, artifacts[0].findings[0].code]).toEqual([1, "VSA_TOO_OLD"]);
    expect(Date.now() - Date.parse(inputs.verifier.notBefore)).toBeLessThan(86_400_000 + 60_000);
    expect(await verify({ ...ALL, vsaMaxAge: "3650d" })).toMatchObject({ status: 0 });
  });

  it.each<[string, VerifierFlags]>([
    ["no key", { vsaVerifier: ID, vsaResource: RESOURCE }],
    ["no verifier", { vsaKey: "verifier.pub", vsaResource: RESOURCE }],
    ["no resource", { vsaKey: "verifier.pub", vsaVerifier: ID }],
    ["an empty verifier", { ...ALL, vsaVerifier: "" }],
    ["an empty resource", { ...ALL, vsaResource: "" }],
    ["a key and an identity", { ...ALL, vsaSignerIdentity: "me@example.com" }],
    ["an identity without an issuer", { vsaVerifier: ID, vsaResource: RESOURCE, vsaSignerIdentity: "me@example.com" }],
    ["an age that is none", { ...ALL, vsaMaxAge: "soon" }],
    ["an age alone", { vsaMaxAge: "30d" }],
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

describe("a verifier that signs without a key", () => {
  const sigstore = testSigstore();
  const claims = githubRun({ repository: "octo/verifier", ref: "refs/heads/main" });
  const identity = "https://github.com/octo/verifier/.github/workflows/release.yml@refs/heads/main";
  const KEYLESS = {
    vsaSignerIdentity: identity,
    vsaSignerIssuer: "https://token.actions.githubusercontent.com",
    vsaTrustedRoot: "roots.json",
    vsaVerifier: ID,
    vsaResource: RESOURCE,
  } as const;

  beforeEach(async () => {
    await writeFile(path.join(cwd, "roots.json"), JSON.stringify(rootOf(sigstore)));
    const { bundle } = signBundle(sigstore, encodeJson(summary), { leaf: { claims } });
    await writeFile(path.join(cwd, "tool.intoto.jsonl"), JSON.stringify(bundle));
  });

  it("is known by its certificate", async () => {
    expect(await verify(KEYLESS)).toMatchObject({ status: 0 });
    const { inputs } = JSON.parse((await verify(KEYLESS, true)).text);
    expect(inputs.verifier).toMatchObject({ verifier: ID, key: null, identity: { identity } });
  });

  it.each<[string, string, VerifierFlags]>([
    ["another identity", "IDENTITY_MISMATCH", { ...KEYLESS, vsaSignerIdentity: identity.replace("main", "other") }],
    ["another issuer", "IDENTITY_MISMATCH", { ...KEYLESS, vsaSignerIssuer: "https://gitlab.com" }],
    ["another verifier of this signer", "VSA_MISMATCH", { ...KEYLESS, vsaVerifier: `${ID}/other` }],
  ])("%s: %s", async (_what, code, flags) => {
    expect(await verify(flags)).toMatchObject({ status: 1, text: expect.stringContaining(code) });
  });

  it("signs no provenance, and who signs provenance no summary", async () => {
    const builder = {
      signerIdentity: [identity],
      signerIssuer: KEYLESS.vsaSignerIssuer,
      trustedRoot: "roots.json",
    };
    expect(await verify(builder as VerifierFlags)).toMatchObject({
      status: 1,
      text: expect.stringContaining("NOT_PROVENANCE"),
    });
    const bundle = signBundle(
      sigstore,
      encodeJson({ ...summary, predicateType: PROVENANCE_V1, predicate: PREDICATE }),
      {
        leaf: { claims },
      },
    ).bundle;
    await writeFile(path.join(cwd, "tool.intoto.jsonl"), JSON.stringify(bundle));
    expect(await verify(KEYLESS)).toMatchObject({ status: 1, text: expect.stringContaining("SIGNER_UNTRUSTED") });
  });
});

describe("--accept-vsa", () => {
  const entry = (verifier: object = {}, more: object = {}) => ({
    name: "our verifier",
    signer: { key: "verifier.pub" },
    verifier: { id: ID, levels: ["SLSA_BUILD_LEVEL_3"], resources: ["pkg:generic/*"], ...verifier },
    ...more,
  });
  const trusting = (...entries: readonly object[]) =>
    writeFile(path.join(cwd, "trust.yaml"), JSON.stringify({ version: 1, trust: entries }));
  const ACCEPTING = { trust: ["trust.yaml"], acceptVsa: true };

  it("accepts what a verifier of a trust file may say, and no summary without it", async () => {
    await trusting(entry());
    expect(await verify(ACCEPTING)).toMatchObject({ status: 0, text: expect.stringContaining(`verified by   ${ID}`) });
    await expect(verify({ trust: ["trust.yaml"] })).rejects.toMatchObject({ code: "TRUST_UNSET" });
  });

  it("says in the report by which entry, and what that gives", async () => {
    await trusting(entry({ "max-age": "3650d" }));
    const { inputs, artifacts } = JSON.parse((await verify(ACCEPTING, true)).text);
    expect(artifacts[0].statements[0]).toMatchObject({ entry: "our verifier", level: 3 });
    expect(inputs.verifier).toMatchObject({
      verifier: ID,
      resource: null,
      levels: [],
      rights: { entry: "our verifier", levels: ["SLSA_BUILD_LEVEL_3"], resources: ["pkg:generic/*"] },
      notBefore: expect.stringMatching(/^20\d\d-/),
    });
  });

  it.each<[string, string, object, VerifierFlags]>([
    ["a level", "VSA_LEVEL_NOT_ALLOWED", { levels: ["SLSA_BUILD_LEVEL_2"] }, {}],
    ["a resource", "VSA_RESOURCE_NOT_ALLOWED", { resources: ["pkg:npm/*"] }, {}],
    ["an age", "VSA_TOO_OLD", { "max-age": "1h" }, {}],
    ["an age that the flag allows", "VSA_TOO_OLD", { "max-age": "1h" }, { vsaMaxAge: "3650d" }],
    ["an age that the flag does not", "VSA_TOO_OLD", { "max-age": "520w" }, { vsaMaxAge: "1h" }],
    ["another resource than was asked for", "VSA_MISMATCH", {}, { vsaResource: "pkg:generic/widgets@2.0.0" }],
    ["less than was asked for", "VSA_LEVEL_TOO_LOW", {}, { vsaLevel: ["SLSA_BUILD_LEVEL_4"] }],
    ["another name", "VSA_MISMATCH", { id: `${ID}/other` }, {}],
  ])("refuses %s: %s", async (_what, code, verifier, flags) => {
    await trusting(entry(verifier));
    expect(await verify({ ...ACCEPTING, ...flags })).toMatchObject({ status: 1, text: expect.stringContaining(code) });
  });

  it("takes no builder's key, and the verifier's key signs no provenance", async () => {
    await trusting({
      name: "builder",
      signer: { key: "verifier.pub" },
      builder: "https://example.com/b",
      "max-level": 3,
    });
    await expect(verify(ACCEPTING)).rejects.toMatchObject({ code: "USAGE" });
    await trusting(entry());
    const provenance = { ...summary, predicateType: PROVENANCE_V1, predicate: PREDICATE };
    await writeFile(path.join(cwd, "tool.intoto.jsonl"), signedBytes(key, encodeJson(provenance)));
    expect(await verify(ACCEPTING)).toMatchObject({ status: 1, text: expect.stringContaining("SIGNER_UNTRUSTED") });
  });

  it.each<[string, string, object]>([
    ["a level that is none", "TRUST_INVALID", { levels: ["SLSA_BUILD_LEVEL_X"] }],
    ["an age that is none", "TRUST_INVALID", { "max-age": "soon" }],
    ["every resource", "TRUST_INVALID", { resources: ["*"] }],
  ])("refuses to begin with %s: %s", async (_what, code, verifier) => {
    await trusting(entry(verifier));
    await expect(verify(ACCEPTING)).rejects.toMatchObject({ code });
  });

  it("needs a trust file", async () => {
    await expect(verify({ acceptVsa: true })).rejects.toMatchObject({ code: "USAGE" });
  });
});
