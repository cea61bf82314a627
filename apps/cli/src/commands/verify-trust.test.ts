import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeJson, PROVENANCE_V1, STATEMENT_V1 } from "@touchmark/core";
import {
  type FulcioClaims,
  githubRun,
  newTestKey,
  publicPem,
  RELEASE_RUN,
  rootOf,
  signBundle,
  testSigstore,
} from "@touchmark/testkit/sigstore";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callCommand } from "../../test/call-command.ts";
import { verifyCommand } from "./verify.ts";

const sigstore = testSigstore();
const ISSUER = RELEASE_RUN.issuer ?? "";
const GENERATOR = "slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml";
const called = githubRun({
  repository: "octo/widgets",
  ref: "refs/tags/v1.2.3",
  workflow: `${GENERATOR}@refs/tags/v2.1.0`,
});

let cwd: string;
const at = (...parts: string[]) => path.join(cwd, ...parts);

beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-trust-"));
  await mkdir(at("rel"));
  await mkdir(at("mine"));
  await writeFile(at("rel", "tool"), "tool");
  await writeFile(at("roots.json"), JSON.stringify(rootOf(sigstore)));
});

afterEach(() => rm(cwd, { recursive: true, force: true }));

async function sign(options: Parameters<typeof signBundle>[2], builder: string) {
  const statement = {
    _type: STATEMENT_V1,
    subject: [{ name: "tool", digest: { sha256: createHash("sha256").update("tool").digest("hex") } }],
    predicateType: PROVENANCE_V1,
    predicate: {
      buildDefinition: { buildType: "https://example.com/type", externalParameters: {} },
      runDetails: { builder: { id: builder } },
    },
  };
  const { bundle } = signBundle(sigstore, encodeJson(statement), options);
  await writeFile(at("rel", "r.sigstore.json"), JSON.stringify(bundle));
}

const signedBy = (claims: FulcioClaims) => sign({ leaf: { claims } }, claims.buildSignerUri ?? "");

const trustFile = (...entries: readonly object[]) =>
  writeFile(at("mine", "trust.yaml"), JSON.stringify({ version: 1, trust: entries }, null, 1));

async function verify(options: object, json = false) {
  try {
    const { status, text, noted } = await callCommand(
      verifyCommand,
      ["rel"],
      { trustedRoot: "roots.json", ...options },
      { cwd, json },
    );
    return { status, text, noted, code: null };
  } catch (error) {
    const { code, message, expected } = error as { code: string; message: string; expected: string };
    return { code, message, expected, text: "", noted: "" };
  }
}

const mine = { trust: ["mine/trust.yaml"] };
const entry = (identity: string, more: object = {}) => ({
  name: "ours",
  signer: { issuer: ISSUER, identity },
  builder: "same-as-signer",
  "max-level": 3,
  ...more,
});

describe("verify --trust FILE", () => {
  it("believes whom it says, up to the level that it gives, and says so", async () => {
    await signedBy(RELEASE_RUN);
    await trustFile(entry(RELEASE_RUN.buildSignerUri ?? "", { operator: "GitHub", runners: "github-hosted" }));
    const { text, noted } = await verify(mine);
    expect(text).toMatch(/^VERIFIED {2}1 of 1 artifact\n/);
    expect(text).toContain("L3");
    expect(text).toContain("level         Build L3 because ours");
    expect(text).toMatch(/trust {9}mine\/trust\.yaml {2}sha256:[0-9a-f]{12}…/);
    expect(text).toMatch(/roots {9}roots\.json {2}sha256:/);
    expect(noted).toContain("trust: mine/trust.yaml, sha256:");
    expect(noted).toMatch(/trusted: .*; up to L3 by ours \(mine\/trust\.yaml:\d+\)/);
    const report = JSON.parse((await verify(mine, true)).text);
    expect(report).toMatchObject({
      inputs: { trust: { name: "mine/trust.yaml" }, identity: { entry: "ours" } },
      artifacts: [{}, { name: "tool", statements: [{ level: 3, entry: "ours" }] }],
    });
  });

  it("reads keys beside the file, and compares the builder", async () => {
    const key = newTestKey();
    await sign({ key, keyHint: "k" }, "https://ci.example.com/v1");
    await mkdir(at("mine", "keys"));
    await writeFile(at("mine", "keys", "a.pub"), publicPem(key));
    const ours = (builder: string, more: object = {}) =>
      trustFile({ name: "k", signer: { key: "keys/a.pub" }, builder, "max-level": 2, ...more });
    await ours("https://ci.example.com/v1");
    expect((await verify({ ...mine, trustedRoot: undefined })).text).toContain("Build L2 because k");
    await ours("https://ci.example.com/v1", { until: "2026-12-31" });
    expect((await verify(mine)).text).toContain("Build L2 because k");
    await ours("https://ci.example.com/v1", { until: "2025-12-31" });
    expect((await verify(mine)).text).toContain("TIME_MISMATCH");
    await ours("https://ci.example.com/v2");
    expect(await verify(mine)).toMatchObject({ status: 1, text: expect.stringContaining("BUILDER_MISMATCH") });
  });

  it("names all roots that entries have, each once", async () => {
    const key = newTestKey();
    await sign({ key, keyHint: "k" }, "https://ci.example.com/v1");
    await writeFile(at("mine", "a.pub"), publicPem(key));
    await writeFile(at("mine", "own.json"), JSON.stringify(rootOf(testSigstore())));
    const signer = { key: "a.pub" };
    const ours = { name: "k", signer, builder: "https://ci.example.com/v1", "max-level": 2 };
    const others = (["a", "b", "c"] as const).map((name) => ({
      ...entry(`https://ci.example.com/${name}`, name === "c" ? {} : { roots: "own.json" }),
      name,
    }));
    const rootsNow = async () => JSON.parse((await verify(mine, true)).text).inputs.roots;
    await trustFile(ours);
    expect(await rootsNow()).toBeNull();
    await trustFile({ ...ours, until: "2026-12-31" });
    expect(await rootsNow()).toMatchObject({ name: "roots.json", digest: expect.stringMatching(/^sha256:/) });
    await trustFile(ours, ...others);
    expect(await rootsNow()).toMatchObject([{ name: "own.json" }, { name: "roots.json" }]);
    expect((await verify(mine)).text).toMatch(/\n {2}roots {9}own\.json {2}.*\n {2}roots {9}roots\.json {2}/);
  });

  it("follows no link out of the folder of the file", async () => {
    const key = newTestKey();
    await sign({ key, keyHint: "k" }, "https://ci.example.com/v1");
    await writeFile(at("outside.pub"), publicPem(key));
    await symlink(at("outside.pub"), at("mine", "a.pub"));
    await trustFile({ name: "k", signer: { key: "a.pub" }, builder: "https://ci.example.com/v1", "max-level": 2 });
    expect(await verify(mine)).toMatchObject({ code: "TRUST_INVALID", message: expect.stringContaining("leads out") });
  });

  it.each<[string, object, object, string]>([
    ["runners", { runners: "self-hosted" }, {}, "CERTIFICATE_MISMATCH"],
    ["a source", { source: "octo/widget" }, {}, "SOURCE_MISMATCH"],
    ["a window", { until: "2025-12-31" }, {}, "TIME_MISMATCH"],
    ["the source that --source names", {}, { source: "github.com/octo/widget" }, "SOURCE_MISMATCH"],
    ["the builder that --builder-id names", {}, { builderId: ["https://example.com/b"] }, "BUILDER_MISMATCH"],
    ["the trigger that --trigger names", {}, { trigger: "release" }, "CERTIFICATE_MISMATCH"],
  ])("refuses for %s", async (_what, more, flags, code) => {
    await signedBy(RELEASE_RUN);
    await trustFile(entry(RELEASE_RUN.buildSignerUri ?? "", more));
    expect(await verify({ ...mine, ...flags })).toMatchObject({ status: 1, text: expect.stringContaining(code) });
  });

  it("says the place of what the verifier would not trust", async () => {
    await trustFile({ ...entry(""), signer: { issuer: ISSUER, "identity-pattern": "https://.*" } });
    expect(await verify(mine)).toMatchObject({
      code: "TRUST_INVALID",
      message: 'mine/trust.yaml:4: "ours": the pattern for an identity accepts anybody',
    });
  });

  it.each<[string, object, string]>([
    ["--without-log", { withoutLog: true }, "USAGE"],
    ["--builder-commit", { builderCommit: ["ab".repeat(20)] }, "USAGE"],
    ["--signer-issuer without a name", { signerIssuer: ISSUER }, "USAGE"],
    ["a field that is none", { sourceCommit: "x" }, "USAGE"],
  ])("lets flags add nothing: %s", async (_what, flags, code) => {
    await signedBy(RELEASE_RUN);
    await trustFile(entry(RELEASE_RUN.buildSignerUri ?? ""));
    expect(await verify({ ...mine, ...flags })).toMatchObject({ code });
  });

  it("leaves out entries for another source than --source, and says when none is left", async () => {
    await signedBy(RELEASE_RUN);
    await trustFile(entry(RELEASE_RUN.buildSignerUri ?? "", { source: "octo/widgets" }));
    expect(await verify({ ...mine, source: "octo/widgets" })).toMatchObject({ status: 0 });
    expect(await verify({ ...mine, source: "octo/other" })).toMatchObject({ code: "USAGE" });
  });

  it("refuses one key under two names, and one preset twice", async () => {
    const key = newTestKey();
    for (const name of ["a.pub", "b.pub"]) await writeFile(at("mine", name), publicPem(key));
    const of = (name: string) => ({
      name,
      signer: { key: name },
      builder: "https://ci.example.com/v1",
      "max-level": 2,
    });
    await trustFile(of("a.pub"), of("b.pub"));
    expect(await verify(mine)).toMatchObject({ code: "TRUST_OVERLAP" });
    expect(await verify({ trust: ["preset:gcb@2026-11", "preset:gcb@2026-11"] })).toMatchObject({
      code: "TRUST_OVERLAP",
    });
  });

  it("and flags beside it stay what they were", async () => {
    await signedBy(RELEASE_RUN);
    await trustFile(entry("https://github.com/octo/other/.github/workflows/x.yml@refs/tags/v1"));
    const flags = { signerIdentity: [RELEASE_RUN.buildSignerUri ?? ""], signerIssuer: ISSUER };
    const { text } = await verify({ ...mine, ...flags });
    expect(text).toContain("VERIFIED");
    expect(text).not.toContain("because");
  });
});

describe("verify --trust preset:NAME@DATE", () => {
  const generator = { trust: ["preset:slsa-github-generator@2026-11"] };

  it("needs a source where anybody may call the builder (A37)", async () => {
    await signedBy(called);
    expect(await verify(generator)).toMatchObject({ code: "SOURCE_UNSET" });
    const { text } = await verify({ ...generator, source: "github.com/octo/widgets" });
    expect(text).toContain("Build L3 because slsa-github-generator@2026-11/generic");
    expect(await verify({ ...generator, source: "github.com/evil/widgets" })).toMatchObject({
      status: 1,
      text: expect.stringContaining("SOURCE_MISMATCH"),
    });
  });

  it("takes no impostor's commit for a release (A28)", async () => {
    const commit = "ab".repeat(20);
    await signedBy({
      ...githubRun({ repository: "octo/widgets", ref: "refs/tags/v1.2.3", workflow: `${GENERATOR}@${commit}` }),
      buildSignerDigest: commit,
    });
    expect(await verify({ ...generator, source: "octo/widgets" })).toMatchObject({
      status: 1,
      text: expect.stringContaining("BUILDER_REF_UNKNOWN"),
    });
  });

  it("is one of those that this version has", async () => {
    expect(await verify({ trust: ["preset:npm"] })).toMatchObject({ code: "TRUST_INVALID", expected: "npm@2026-11" });
    expect(await verify({ trust: ["preset:npm@2020-01"] })).toMatchObject({
      code: "TRUST_INVALID",
      expected: "npm@2026-11",
    });
  });

  it("gives GitHub's own runners level 2, for workflows of the source itself", async () => {
    const hosted = { trust: ["preset:github-hosted@2026-11"], source: "octo/widgets" };
    await signedBy(RELEASE_RUN);
    expect((await verify(hosted)).text).toContain("Build L2 because github-hosted@2026-11");
    await signedBy({ ...RELEASE_RUN, runnerEnvironment: "self-hosted" });
    expect((await verify(hosted)).text).toContain("CERTIFICATE_MISMATCH");
    await signedBy(called);
    expect((await verify(hosted)).text).toContain("IDENTITY_MISMATCH");
  });

  it("may stand beside others", async () => {
    await signedBy(called);
    const trust = ["gcb", "github-hosted", "npm", "slsa-github-generator"].map((name) => `preset:${name}@2026-11`);
    const report = JSON.parse((await verify({ trust, source: "octo/widgets" }, true)).text);
    expect(report.result).toBe("verified");
    expect(report.inputs.trust).toHaveLength(4);
  });
});

it("no trust file is taken from the target (A31)", async () => {
  await signedBy(RELEASE_RUN);
  await writeFile(
    at("rel", "touchmark.trust.yaml"),
    JSON.stringify({ version: 1, trust: [entry(RELEASE_RUN.buildSignerUri ?? "")] }),
  );
  expect(await verify({ trustedRoot: undefined })).toMatchObject({ code: "TRUST_UNSET" });
});
