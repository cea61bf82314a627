import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeJson, PROVENANCE_V1, STATEMENT_V1 } from "../packages/core/src/index.ts";
import { RELEASE_RUN, rootOf, signBundle, testSigstore } from "../packages/testkit/src/sigstore/index.ts";
import { goProgram, goProgramVersion } from "./peers/go-programs.mjs";
import { githubClaims, ISSUERS } from "./servers/sigstore/claims.ts";
import { hasSigstore, type Sigstore, startSigstore } from "./servers/sigstore.ts";
import { CLI, newFolder, runProgram, touchmark } from "./touchmark-process.ts";

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (...args: string[]) => touchmark(args, { cwd: folder.path });

const sigstore = testSigstore();
const identity = [
  ["--signer-identity", RELEASE_RUN.buildSignerUri ?? ""],
  ["--signer-issuer", RELEASE_RUN.issuer ?? ""],
  ["--trusted-root", "roots.json"],
].flat();

beforeAll(async () => {
  folder = await newFolder();
  await mkdir(at("release"));
  const subject = [];
  for (const name of ["tool", "lib"]) {
    await writeFile(at("release", name), name);
    subject.push({ name, digest: { sha256: createHash("sha256").update(name).digest("hex") } });
  }
  const predicate = {
    buildDefinition: { buildType: "https://example.com/type", externalParameters: {} },
    runDetails: { builder: { id: "https://example.com/builder" } },
  };
  const statement = encodeJson({ _type: STATEMENT_V1, subject, predicateType: PROVENANCE_V1, predicate });
  await writeFile(at("release", "app.sigstore.json"), JSON.stringify(signBundle(sigstore, statement).bundle));
  await writeFile(at("roots.json"), JSON.stringify(rootOf(sigstore)));
});

afterAll(() => folder.remove());

it("a release that was signed without a key verifies, offline and whole", async () => {
  const ended = await run("verify", "release", ...identity, "--complete", "--offline", "--source", "octo/widgets");
  expect(ended).toMatchObject({ status: 0, stdout: expect.stringMatching(/^VERIFIED {2}2 of 2 artifacts/) });
});

it.each([
  [
    "another signer",
    ["--signer-identity", "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.4"],
    "IDENTITY_MISMATCH",
    1,
  ],
  ["another source", ["--source", "octo/widget"], "SOURCE_MISMATCH", 1],
  ["roots that are none", ["--trusted-root", "release/tool"], "ROOTS_INVALID", 2],
  ["roots that are not there", ["--trusted-root", "none.json"], "INPUT_MISSING", 2],
  ["a short ref", ["--source", "octo/widgets@v1"], "USAGE", 2],
])("with %s it does not", async (_, args, code, status) => {
  // A further signer would be one more who may have signed.
  const who = args[0] === "--signer-identity" ? identity.slice(2) : identity;
  const ended = await run("verify", "release", ...who, ...args);
  expect([ended.status, `${ended.stdout}${ended.stderr}`]).toEqual([status, expect.stringContaining(code)]);
});

it.each([
  ["--certificate-identity", "(cosign)", "--signer-identity NAME"],
  ["--repo", "(gh)", "--source OWNER/REPO"],
  ["--source-uri", "(slsa-verifier)", "--source OWNER/REPO"],
])("the option %s of another verifier leads to ours", async (option, whose, here) => {
  const ended = await run("verify", "release", option, "x");
  expect(ended).toMatchObject({ status: 2, stdout: "" });
  expect(ended.stderr).toContain(`unknown option ${option} ${whose}`);
  expect(ended.stderr).toContain(here);
});

it("--help leaves certificate fields out, --help-advanced has them", async () => {
  const plain = await run("verify", "--help");
  expect(plain).toMatchObject({ status: 0, stdout: expect.stringContaining("--help-advanced") });
  expect(plain.stdout).not.toContain("--build-signer-digest");
  const advanced = await run("verify", "--help-advanced");
  expect(advanced).toMatchObject({ status: 0, stdout: expect.stringContaining("--build-signer-digest") });
});

it("the published schema of deny lists refuses what the program refuses", async () => {
  const schema = JSON.parse(await readFile(new URL("../docs/schemas/deny-v1.schema.json", import.meta.url), "utf8"));
  const validate = new Ajv({ strict: false, formats: { "date-time": true } }).compile(schema);
  const commit = "ab".repeat(20);
  const entries: readonly [object, boolean][] = [
    [{ reason: "x", commit }, true],
    [
      { reason: "x", identity: "a@example.com", issuer: "https://example.com", window: { to: "2026-01-01T00:00:00Z" } },
      true,
    ],
    [{ reason: "x" }, false],
    [{ commit }, false],
    [{ reason: "x", comit: commit }, false],
    [{ reason: "x", commit, identity: "a@example.com" }, false],
    [{ reason: "x", window: { from: "2026-01-01T00:00:00Z" } }, false],
    [{ reason: "x", commit, window: {} }, false],
  ];
  for (const [entry, isRight] of entries) {
    const list = { version: 1, deny: [entry] };
    expect([entry, validate(list)]).toEqual([entry, isRight]);
    await writeFile(at("denied.json"), JSON.stringify(list));
    const ended = await run("verify", "release", ...identity, "--deny", "denied.json");
    expect([entry, ended.status]).toEqual([entry, isRight ? 0 : 2]);
    if (!isRight) expect(ended.stderr).toContain("DENY_INVALID");
  }
});

it("one who trusts a key needs nothing of what verifies certificates", async () => {
  await run("keys", "generate");
  await run("attest", "--from", "files:release/tool", "--key", "touchmark.key", "--name", "keyed");
  const dist = at("dist");
  await cp(dirname(CLI), dist, { recursive: true });
  let removed = 0;
  for (const name of await readdir(dist)) {
    if (
      !/\.[cm]js$/.test(name) ||
      !/sigstore\.dev|TLOG_INCLUSION_PROOF_ERROR/.test(await readFile(join(dist, name), "utf8"))
    )
      continue;
    if (name.startsWith("touchmark") || name.startsWith("conformance")) continue;
    await rm(join(dist, name));
    removed += 1;
  }
  expect(removed).toBeGreaterThan(0);
  const cli = (...args: string[]) =>
    runProgram(process.execPath, [join(dist, "touchmark.cjs"), ...args], { cwd: folder.path });
  const evidence = ["--bundle", "touchmark-out/keyed.sigstore.json"];
  expect(await cli("verify", "release/tool", "--key", "touchmark.pub", ...evidence)).toMatchObject({ status: 0 });
  expect(await cli("verify", "release", ...identity)).toMatchObject({ status: 3 });
});

describe.skipIf(!hasSigstore())("with certificates of a real Sigstore", () => {
  const WORKFLOW = "https://github.com/octo/builders/.github/workflows/go.yml";
  const COMMIT = "ab".repeat(20);
  const OWN = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";
  const SHA = String(githubClaims()["sha"]);
  let sigstore: Sigstore;

  beforeAll(async () => {
    await writeFile(at("tool"), "the tool's bytes");
    sigstore = await startSigstore(at("sigstore"));
    await sign("own", { environment: "production", runner_environment: "self-hosted" });
    const called = (ref: string) => ({
      job_workflow_ref: `octo/builders/.github/workflows/go.yml@${ref}`,
      job_workflow_sha: COMMIT,
    });
    await sign("pinned", called(COMMIT));
    await sign("tagged", called("refs/tags/v1.0.0"));
    await sign("pulled", called("refs/pull/7/merge"));
  });

  afterAll(() => sigstore?.stop());

  /** As a workflow run would; the evidence is out/NAME.sigstore.json. */
  async function sign(name: string, changed: Readonly<Record<string, unknown>>) {
    const claims = githubClaims(changed);
    const env = {
      GITHUB_ACTIONS: "true",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: String(claims["repository"]),
      GITHUB_SHA: SHA,
      GITHUB_RUN_ID: "42",
      RUNNER_ENVIRONMENT: String(claims["runner_environment"]),
      ...sigstore.tokenEnvironment(claims),
    };
    const services = ["--signing-config", sigstore.signingConfigFile, "--trusted-root", sigstore.trustedRootFile];
    const args = [
      "attest",
      "--keyless",
      "--from",
      "files:tool",
      "--no-config",
      "--name",
      name,
      "--out",
      "out",
      ...services,
    ];
    expect(await sigstore.inside(process.execPath, [CLI, ...args], { cwd: folder.path, env })).toMatchObject({
      status: 0,
    });
  }

  /** `verified`, or the code of the refusal. */
  async function verify(name: string, ...more: readonly string[]): Promise<string> {
    const evidence = ["--bundle", `out/${name}.sigstore.json`, "--trusted-root", sigstore.trustedRootFile, "--offline"];
    const ended = await run("verify", "tool", ...evidence, "--signer-issuer", ISSUERS.github, ...more, "--json");
    const document = JSON.parse(ended.stdout);
    if (document.error !== undefined) return document.error.code;
    expect(ended.status).toBe(document.result === "verified" ? 0 : 1);
    return document.artifacts[0].findings[0]?.code ?? document.artifacts[0].status;
  }

  it("any of several signers will do", async () => {
    const others = [
      "--signer-identity",
      `${OWN}x`,
      "--signer-identity-pattern",
      String.raw`https://gitlab\.com/octo/.*`,
    ];
    expect(await verify("own", ...others)).toBe("IDENTITY_MISMATCH");
    expect(await verify("own", ...others, "--signer-identity", OWN)).toBe("verified");
  });

  it.each([
    ["--source-ref", "refs/tags/v1.2.3", "refs/tags/v1.2.4", "SOURCE_MISMATCH"],
    ["--source-commit", SHA, COMMIT, "SOURCE_MISMATCH"],
    ["--source-repository-id", "1001", "1002", "SOURCE_MISMATCH"],
    ["--source-owner-id", "2002", "2003", "SOURCE_MISMATCH"],
    ["--runner", "self-hosted", "github-hosted", "CERTIFICATE_MISMATCH"],
    ["--trigger", "push", "release", "CERTIFICATE_MISMATCH"],
    ["--environment", "production", "staging", "CERTIFICATE_MISMATCH"],
    ["--build-config", OWN, `${OWN}0`, "CERTIFICATE_MISMATCH"],
    ["--build-config-digest", SHA, COMMIT, "CERTIFICATE_MISMATCH"],
    ["--build-signer-digest", SHA, COMMIT, "CERTIFICATE_MISMATCH"],
  ])("%s is what the certificate says, or it does not hold", async (option, right, wrong, code) => {
    expect(await verify("own", "--signer-identity", OWN, option, right)).toBe("verified");
    expect(await verify("own", "--signer-identity", OWN, option, wrong)).toBe(code);
  });

  it("no environment is not any environment", async () => {
    const who = ["--signer-identity", `${WORKFLOW}@${COMMIT}`, "--source", "octo/widgets"];
    expect(await verify("pinned", ...who, "--environment", "production")).toBe("CERTIFICATE_MISMATCH");
  });

  it("a commit of a builder holds where it was named", async () => {
    const source = ["--source", "octo/widgets"];
    const pattern = [
      "--signer-identity-pattern",
      String.raw`https://github\.com/octo/builders/\.github/workflows/go\.yml@.*`,
      ...source,
    ];
    const workflow = ["--signer-identity", WORKFLOW, ...source];
    expect(await verify("pinned", ...pattern)).toBe("BUILDER_REF_UNKNOWN");
    expect(await verify("pulled", ...pattern)).toBe("BUILDER_REF_UNKNOWN");
    expect(await verify("tagged", ...pattern)).toBe("verified");
    expect(await verify("pinned", ...workflow)).toBe("IDENTITY_MISMATCH");
    for (const name of ["pinned", "tagged", "pulled"]) {
      expect(await verify(name, ...workflow, "--builder-commit", SHA, "--builder-commit", COMMIT)).toBe("verified");
      expect(await verify(name, ...workflow, "--builder-commit", SHA)).toBe("BUILDER_REF_UNKNOWN");
    }
    expect(await verify("pinned", ...workflow.slice(0, 2), "--builder-commit", COMMIT)).toBe("SOURCE_UNSET");
  });

  it("what a deny list names does not", async () => {
    const deny = async (entry: object) => {
      await writeFile(at("denied.yaml"), JSON.stringify({ version: 1, deny: [{ reason: "stolen", ...entry }] }));
      return verify(
        "pinned",
        "--signer-identity",
        `${WORKFLOW}@${COMMIT}`,
        "--source",
        "octo/widgets",
        "--deny",
        "denied.yaml",
      );
    };
    const now = Date.now();
    const hour = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
    expect(await deny({ commit: SHA })).toBe("DENIED");
    expect(await deny({ commit: COMMIT })).toBe("verified");
    expect(await deny({ "builder-digest": COMMIT })).toBe("DENIED");
    expect(await deny({ identity: WORKFLOW, issuer: ISSUERS.github })).toBe("DENIED");
    expect(await deny({ identity: WORKFLOW, issuer: ISSUERS.gitlab })).toBe("verified");
    expect(await deny({ commit: SHA, window: { from: hour(-1), to: hour(1) } })).toBe("DENIED");
    expect(await deny({ commit: SHA, window: { to: hour(-1) } })).toBe("verified");
    const digest = `sha256:${createHash("sha256").update("the tool's bytes").digest("hex")}`;
    expect(await deny({ digest })).toBe("DENIED");
  });

  it("inspect shows who signed, and that nobody checked it", async () => {
    const { stdout, status } = await run("inspect", "out/own.sigstore.json");
    expect(status).toBe(0);
    for (const text of [OWN, "self-hosted", "production", "(nothing here is verified)", "(not checked)"]) {
      expect(stdout).toContain(text);
    }
  });

  it(`a signature by cosign ${goProgramVersion("cosign")} over the file itself is no provenance`, async () => {
    const instance = ["--signing-config", sigstore.signingConfigFile, "--trusted-root", sigstore.trustedRootFile];
    const token = ["--identity-token", sigstore.token(githubClaims())];
    const args = ["sign-blob", "--yes", ...token, ...instance, "--bundle", at("out", "blob.sigstore.json"), at("tool")];
    const signed = await sigstore.inside(goProgram("cosign") ?? "", args, { cwd: folder.path });
    expect(signed).toMatchObject({ status: 0 });
    expect(await verify("blob", "--signer-identity", OWN)).toBe("NOT_PROVENANCE");
    expect(await run("inspect", "out/blob.sigstore.json")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("covers nothing"),
    });
  });
});
