import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startTestIssuer, type TestIssuer } from "@touchmark/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordingTerminal } from "../../test/recording-terminal.ts";
import type { Action } from "../context.ts";
import { attestCommand } from "./attest.ts";
import { collectCommand } from "./collect.ts";
import { doctorCommand } from "./doctor.ts";
import { keysGenerate } from "./keys.ts";

const COMMIT = "1f".repeat(20);
const REF = "refs/tags/v1.0.0";

let cwd: string;
let issuer: TestIssuer;
let job: Record<string, string | undefined>;

/** GitLab's word is the only one that a server of our own can give: the issuer is the instance. */
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-ci-"));
  await mkdir(path.join(cwd, "rel"));
  await writeFile(path.join(cwd, "rel", "tool"), "tool");
  issuer = await startTestIssuer();
  job = {
    PATH: process.env["PATH"],
    GITLAB_CI: "true",
    CI_SERVER_URL: issuer.url,
    CI_PROJECT_PATH: "octo/widgets",
    CI_COMMIT_SHA: COMMIT,
    CI_PIPELINE_ID: "574",
  };
});

afterEach(async () => {
  await issuer.close();
  await rm(cwd, { recursive: true, force: true });
});

function token(claims: Readonly<Record<string, unknown>> = {}): string {
  const now = Math.floor(Date.now() / 1_000);
  return issuer.mint({
    iss: issuer.url,
    aud: "sigstore",
    sub: "project_path:octo/widgets:ref_type:tag:ref:v1.0.0",
    exp: now + 3_600,
    project_path: "octo/widgets",
    project_id: "20",
    namespace_id: "72",
    ref_path: REF,
    ref_protected: "true",
    sha: COMMIT,
    ci_config_ref_uri: `${issuer.host}/octo/widgets//.gitlab-ci.yml@${REF}`,
    ci_config_sha: COMMIT,
    pipeline_source: "push",
    pipeline_id: "574",
    job_id: "302",
    runner_environment: "gitlab-hosted",
    ...claims,
  });
}

async function call(action: unknown, options: object, env: Readonly<Record<string, string | undefined>>) {
  const terminal = recordingTerminal({ json: false });
  const context = { terminal, env: { ...job, ...env }, cwd, signal: new AbortController().signal };
  await (action as Action)(context, [], options as never);
  return `${terminal.text()}${terminal.noted()}`;
}

/** What a signing job does with the parts of collecting jobs. */
async function release(signing: Readonly<Record<string, string | undefined>>, collecting = {}) {
  await call(collectCommand, { from: ["files:rel/*"], output: "tool.subjects.json" }, collecting);
  await call(keysGenerate, { algorithm: "ecdsa-p256" }, {});
  return call(attestCommand, { subjects: ["tool.subjects.json"], key: "touchmark.key", name: "r" }, signing);
}

describe("attest on a CI platform", () => {
  it("states what the verified token says, and verifies it again", async () => {
    const said = await release({ SIGSTORE_ID_TOKEN: token() });
    const bundle = JSON.parse(await readFile(path.join(cwd, "touchmark-out", "r.sigstore.json"), "utf8"));
    const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, "base64").toString());
    expect(statement.predicate).toMatchObject({
      buildDefinition: { buildType: "https://touchmark.dev/buildtypes/gitlab-ci/v1" },
      runDetails: { metadata: { invocationId: `${issuer.url}/octo/widgets/-/jobs/302` } },
    });
    expect(said).toContain("level         SLSA Build L1: signed with a key");
    expect(said).not.toContain("eyJ");
  });

  it("collects without a token, and asks nobody", async () => {
    await call(collectCommand, { from: ["files:rel/*"], output: "tool.subjects.json" }, {});
    const { parts } = JSON.parse(await readFile(path.join(cwd, "tool.subjects.json"), "utf8"));
    expect(parts[0].origin).toEqual({ repository: `${issuer.url}/octo/widgets`, commit: COMMIT, runId: "574" });
    expect(issuer.requests).toEqual([]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["IDENTITY_TOKEN_MISSING", () => release({})],
    ["IDENTITY_TOKEN_EXPIRED", () => release({ SIGSTORE_ID_TOKEN: token({ exp: 1_000_000_000 }) })],
    ["EVENT_REFUSED", () => release({ SIGSTORE_ID_TOKEN: token({ pipeline_source: "merge_request_event" }) })],
    ["ORIGIN_MISMATCH", () => release({ SIGSTORE_ID_TOKEN: token() }, { CI_PIPELINE_ID: "573" })],
    ["ORIGIN_MISMATCH", () => release({ SIGSTORE_ID_TOKEN: token() }, { GITLAB_CI: undefined })],
    ["USAGE", () => release({ ...job, ...githubJob, SIGSTORE_ID_TOKEN: token() })],
  ])("%s", async (code, releasing) => {
    await expect(releasing()).rejects.toMatchObject({ code });
    await expect(readFile(path.join(cwd, "touchmark-out", "r.sigstore.json"))).rejects.toThrow("ENOENT");
  });

  it("signs what another run collected where it states nothing about a run", async () => {
    await call(collectCommand, { from: ["files:rel/*"], output: "tool.subjects.json" }, {});
    await call(keysGenerate, { algorithm: "ecdsa-p256" }, {});
    const options = { subjects: ["tool.subjects.json"], key: "touchmark.key", name: "r", platform: "local" };
    expect(await call(attestCommand, options, {})).toContain("SIGNED");
  });
});

const githubJob = {
  GITHUB_ACTIONS: "true",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "octo/widgets",
  GITHUB_SHA: COMMIT,
  GITHUB_RUN_ID: "42",
  RUNNER_ENVIRONMENT: "github-hosted",
};

it("doctor shows the platform, at the level that a key can give", async () => {
  const said = await call(doctorCommand, {}, { GITLAB_CI: undefined, ...githubJob });
  expect(said).toMatch(/platform +github-actions, SLSA Build L1: signed with a key/);
});
