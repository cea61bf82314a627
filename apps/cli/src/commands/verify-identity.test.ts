import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeJson, PROVENANCE_V1, STATEMENT_V1 } from "@touchmark/core";
import { githubRun, newTestKey, RELEASE_RUN, rootOf, signBundle, testSigstore } from "@touchmark/testkit/sigstore";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordingTerminal } from "../../test/recording-terminal.ts";
import type { Action } from "../context.ts";
import { rootsExport, rootsShow } from "./roots.ts";
import { verifyCommand } from "./verify.ts";

const sigstore = testSigstore();
const IDENTITY = RELEASE_RUN.buildSignerUri ?? "";
const ISSUER = RELEASE_RUN.issuer ?? "";

let cwd: string;
const at = (...parts: string[]) => path.join(cwd, ...parts);

beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-identity-"));
  await mkdir(at("rel"));
  await writeFile(at("rel", "tool"), "tool");
  await writeFile(at("rel", "r.sigstore.json"), JSON.stringify(signed()));
  await writeFile(at("roots.json"), JSON.stringify(rootOf(sigstore)));
});

afterEach(() => rm(cwd, { recursive: true, force: true }));

function signed(options: Parameters<typeof signBundle>[2] = {}, authorities = sigstore) {
  const statement = {
    _type: STATEMENT_V1,
    subject: [{ name: "tool", digest: { sha256: createHash("sha256").update("tool").digest("hex") } }],
    predicateType: PROVENANCE_V1,
    predicate: {
      buildDefinition: { buildType: "https://example.com/type", externalParameters: {} },
      runDetails: { builder: { id: "https://example.com/builder" } },
    },
  };
  return signBundle(authorities, encodeJson(statement), options).bundle;
}

async function call(action: unknown, positional: readonly string[], options: object = {}, json = false) {
  const terminal = recordingTerminal({ json });
  const context = { terminal, env: {}, cwd, signal: new AbortController().signal };
  const status = await (action as Action)(context, positional, options as never);
  return { status, text: terminal.text(), noted: terminal.noted() };
}

const trusted = { signerIdentity: [IDENTITY], signerIssuer: ISSUER, trustedRoot: "roots.json" };

describe("verify, by an identity", () => {
  it("says whom it believed, by whose word and under which roots", async () => {
    const { status, text, noted } = await call(verifyCommand, ["rel"], { ...trusted, source: "octo/widgets" });
    expect(status).toBe(0);
    expect(text).toMatch(/^VERIFIED {2}1 of 1 artifact\n/);
    expect(text).toContain(`trusted       ${IDENTITY}, built from https://github.com/octo/widgets`);
    expect(text).toMatch(/roots {9}roots\.json {2}sha256:[0-9a-f]{12}… {2}of 2020-01-01/);
    expect(noted).toContain(`trusted: ${IDENTITY}, vouched for by ${ISSUER}; roots roots.json, sha256:`);
  });

  it("puts the same into the document", async () => {
    const { text } = await call(verifyCommand, ["rel"], trusted, true);
    const digest = createHash("sha256")
      .update(await readFile(at("roots.json")))
      .digest("hex");
    expect(JSON.parse(text)).toMatchObject({
      result: "verified",
      artifacts: [
        { name: "r.sigstore.json", status: "evidence" },
        {
          name: "tool",
          statements: [
            { signer: `identity:${IDENTITY}`, issuer: ISSUER, signedAt: "2026-01-15T12:00:00.000Z", level: 1 },
          ],
        },
      ],
      inputs: {
        key: null,
        identity: {
          issuer: ISSUER,
          identity: IDENTITY,
          pattern: null,
          source: null,
          ref: null,
          builderCommits: [],
          builderIds: [],
          fields: {},
        },
        roots: { name: "roots.json", digest: `sha256:${digest}`, date: "2020-01-01T00:00:00.000Z" },
      },
    });
  });

  it("takes a pattern only where it was called one", async () => {
    const pattern = String.raw`https://github\.com/octo/widgets/.*`;
    const { signerIdentity: _exact, ...others } = trusted;
    expect((await call(verifyCommand, ["rel"], { ...others, signerIdentityPattern: [pattern] })).status).toBe(0);
    const { status, text } = await call(verifyCommand, ["rel"], { ...others, signerIdentity: [pattern] });
    expect(status).toBe(1);
    expect(text).toMatch(/tool {2}UNTRUSTED[\s\S]*IDENTITY_MISMATCH/);
  });

  it("takes any of several signers, and names all of them where none signed", async () => {
    const others = ["https://a.example/x", "https://b.example/y"];
    const signerIdentityPattern = [String.raw`https://gitlab\.com/octo/.*`];
    const some = { ...trusted, signerIdentity: [...others, IDENTITY], signerIdentityPattern };
    const { status, text } = await call(verifyCommand, ["rel"], some, true);
    expect(status).toBe(0);
    expect(JSON.parse(text).inputs.identity).toMatchObject([
      { identity: others[0], issuer: ISSUER },
      { identity: others[1] },
      { identity: IDENTITY },
      { identity: null, pattern: signerIdentityPattern[0] },
    ]);
    const none = await call(verifyCommand, ["rel"], { ...trusted, signerIdentity: others, signerIdentityPattern });
    expect(none.status).toBe(1);
    for (const name of [...others, `pattern ${signerIdentityPattern}`]) {
      expect(none.text.split("\n").find((line) => line.includes("expected "))).toContain(name);
      expect(none.text).toContain(`  trusted       ${name}`);
    }
    const many = { ...trusted, signerIdentity: Array(101).fill(IDENTITY) };
    await expect(call(verifyCommand, ["rel"], many)).rejects.toMatchObject({ code: "USAGE", actual: "101" });
  });

  it("hands each field to the verifier, and says which were demanded", async () => {
    const commit = RELEASE_RUN.sha ?? "";
    const fields = {
      sourceRef: "refs/tags/v1.2.3",
      sourceCommit: commit,
      sourceRepositoryId: "1001",
      sourceOwnerId: "2002",
      runner: "github-hosted",
      trigger: "push",
      environment: "production",
      buildConfig: IDENTITY,
      buildConfigDigest: commit,
      buildSignerDigest: commit,
    };
    const claims = { ...RELEASE_RUN, environment: "production" };
    await writeFile(at("rel", "r.sigstore.json"), JSON.stringify(signed({ leaf: { claims } })));
    const demanded = { ...trusted, ...fields, builderCommit: [commit] };
    const { status, text } = await call(verifyCommand, ["rel"], demanded);
    expect(status).toBe(0);
    expect(text).toContain(
      `  demanded      sourceRef refs/tags/v1.2.3, sourceCommit ${commit}, sourceRepositoryId 1001`,
    );
    expect(text).toContain(`workflow at ${commit}`);
    for (const name of Object.keys(fields)) {
      const wrong = /digest|commit/i.test(name) ? "ab".repeat(20) : `${fields[name as keyof typeof fields]}9`;
      const refused = await call(verifyCommand, ["rel"], { ...demanded, [name]: wrong });
      expect([name, refused.status, refused.text]).toEqual([name, 1, expect.stringContaining(`expected  ${wrong}`)]);
    }
    const moved = await call(verifyCommand, ["rel"], { ...demanded, builderCommit: ["ab".repeat(20)] });
    expect([moved.status, moved.text]).toEqual([1, expect.stringContaining("BUILDER_REF_UNKNOWN")]);
  });

  it("demands the builder that the provenance names", async () => {
    await writeFile(at("rel", "r.sigstore.json"), JSON.stringify(signed({})));
    const builderId = ["https://example.com/builder"];
    const { status, text } = await call(verifyCommand, ["rel"], { ...trusted, builderId });
    expect([status, text]).toEqual([0, expect.stringContaining(`  demanded      builder ${builderId[0]}`)]);
    const other = await call(verifyCommand, ["rel"], { ...trusted, builderId: ["https://example.com/builders"] });
    expect([other.status, other.text]).toEqual([1, expect.stringContaining("BUILDER_MISMATCH")]);
  });

  it("says what to type where nobody is trusted", async () => {
    await expect(call(verifyCommand, ["rel"])).rejects.toMatchObject({
      code: "TRUST_UNSET",
      expected: "touchmark verify rel --signer-identity WORKFLOW_OF_THE_SIGNER --signer-issuer URL",
      actual: expect.stringContaining("signed with a certificate"),
    });
  });

  it("does not know the evidence under the roots that came with the program", async () => {
    const { trustedRoot: _file, ...others } = trusted;
    const { status, text } = await call(verifyCommand, ["rel"], others);
    expect(status).toBe(1);
    expect(text).toContain("CERTIFICATE_INVALID");
  });

  it("cannot tell where the roots are older than the evidence", async () => {
    await writeFile(at("rel", "r.sigstore.json"), JSON.stringify(signed({}, { ...sigstore, ctLog: newTestKey() })));
    const { status, text } = await call(verifyCommand, ["rel"], trusted);
    expect(status).toBe(3);
    expect(text).toMatch(/^UNKNOWN[\s\S]*tool {2}UNKNOWN[\s\S]*ROOTS_STALE/);
  });

  it("wants to know the source of a builder that signs for others, unless other evidence holds", async () => {
    const claims = githubRun({
      repository: "evil/widgets",
      ref: "refs/tags/v1.2.3",
      workflow: IDENTITY.slice("https://github.com/".length),
    });
    const foreign = JSON.stringify(signed({ leaf: { claims } }));
    await writeFile(at("rel", "evil.sigstore.json"), foreign);
    expect((await call(verifyCommand, ["rel"], trusted)).status).toBe(0);
    await writeFile(at("rel", "r.sigstore.json"), foreign);
    await expect(call(verifyCommand, ["rel"], trusted)).rejects.toMatchObject({
      code: "SOURCE_UNSET",
      exitStatus: 2,
      actual: "https://github.com/evil/widgets",
    });
    const { text } = await call(verifyCommand, ["rel"], { ...trusted, source: "octo/widgets" });
    expect(text).toContain("SOURCE_MISMATCH");
  });

  it.each([
    ["--signer-identity", { signerIdentity: [IDENTITY] }],
    ["--builder-commit", { builderCommit: ["ab".repeat(20)] }],
    ["--builder-id", { builderId: ["https://github.com/octo/builders/.github/workflows/maven.yml"] }],
    ["--runner", { runner: "github-hosted" }],
    ["--signer-issuer", { signerIssuer: ISSUER }],
    ["--source", { source: "octo/widgets" }],
    ["--trusted-root", { trustedRoot: "roots.json" }],
    ["--without-log", { withoutLog: true }],
  ])("%s alone says nothing", async (flag, options) => {
    await expect(call(verifyCommand, ["rel"], { key: [], ...options })).rejects.toMatchObject({
      code: "USAGE",
      actual: flag,
    });
  });
});

describe("verify, with a deny list", () => {
  it("refuses what it denies, names the list, and says why", async () => {
    const entry = { reason: "the runner was somebody else's", commit: RELEASE_RUN.sha };
    await writeFile(at("denied.json"), JSON.stringify({ version: 1, deny: [entry] }));
    await writeFile(at("none.yaml"), "version: 1\ndeny: []\n");
    expect((await call(verifyCommand, ["rel"], { ...trusted, deny: ["none.yaml"] })).status).toBe(0);
    const lists = { ...trusted, deny: ["none.yaml", "denied.json"] };
    const { status, text, noted } = await call(verifyCommand, ["rel"], lists);
    expect(status).toBe(1);
    expect(text).toMatch(/^FAILED {2}1 of 1 artifact does not hold[\s\S]*tool {2}POLICY {2}sha256/);
    expect(text).toContain("DENIED  r.sigstore.json, which covers tool: this statement is denied: the runner was");
    expect(text).toMatch(/deny list {5}none\.yaml {2}sha256:[\s\S]*deny list {5}denied\.json {2}sha256:/);
    expect(noted).toContain("denied by: denied.json, sha256:");
    const digest = createHash("sha256")
      .update(await readFile(at("denied.json")))
      .digest("hex");
    const document = JSON.parse((await call(verifyCommand, ["rel"], lists, true)).text);
    expect(document).toMatchObject({
      result: "failed",
      counts: { policy: 1 },
      inputs: { deny: [{ name: "none.yaml" }, { name: "denied.json", digest: `sha256:${digest}` }] },
    });
  });

  it("reads none that lies with the release, or where it was started", async () => {
    const everything = `version: 1\ndeny: [{ reason: no, commit: ${RELEASE_RUN.sha} }]\n`;
    for (const place of [at("deny.yaml"), at("touchmark.deny.yaml"), at("rel", "deny.yaml")]) {
      await writeFile(place, everything);
    }
    const { status, text } = await call(verifyCommand, ["rel"], { ...trusted, ignore: ["deny.yaml"] });
    expect(status).toBe(0);
    expect(text).not.toContain("deny list");
  });
});

describe("roots", () => {
  it("shows the ones that came with the program, and a file", async () => {
    const { text } = await call(rootsShow, []);
    expect(text).toMatch(/^public-good {2}sha256:6494e21ea73f[0-9a-f]+ {2}of 2026-11-05T/);
    expect(text).toContain("transparency log       https://rekor.sigstore.dev  2021-01-12T11:53:27.000Z to now");
    const shown = JSON.parse((await call(rootsShow, [], { trustedRoot: "roots.json" }, true)).text);
    expect(shown).toMatchObject({ name: "roots.json", roots: [{ timestampAuthorities: [{ end: null }] }] });
    await writeFile(at("two.jsonl"), `${JSON.stringify(rootOf(sigstore))}\n${JSON.stringify(rootOf(sigstore))}\n`);
    expect((await call(rootsShow, [], { trustedRoot: "two.jsonl" })).text).toContain("root 2 of 2");
    await writeFile(at("bad.json"), "{}");
    await expect(call(rootsShow, [], { trustedRoot: "bad.json" })).rejects.toMatchObject({ code: "ROOTS_INVALID" });
  });

  it("writes them out, byte for byte and never over a file", async () => {
    expect((await call(rootsExport, [], { output: "out.json" })).text).toContain("wrote out.json");
    const written = await readFile(at("out.json"));
    expect(createHash("sha256").update(written).digest("hex")).toMatch(/^6494e21ea73f/);
    expect((await call(rootsExport, [])).text).toBe(written.toString());
    await expect(call(rootsExport, [], { output: "out.json" })).rejects.toMatchObject({ code: "OUTPUT_CONFLICT" });
    expect(JSON.parse((await call(rootsExport, [], { output: "b.json" }, true)).text)).toEqual({ written: "b.json" });
  });
});
