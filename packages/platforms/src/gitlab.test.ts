import type { Env, PlatformRun } from "@touchmark/plugin";
import { type IssuerBench, withTestIssuer } from "@touchmark/testkit";
import { describe, expect, it } from "vitest";
import {
  COMMIT,
  type JobChange,
  NOW,
  REF,
  refusesClaims,
  refusesEvents,
  refusesOtherRun,
  tokenTimes,
} from "../test/token-job.ts";
import { gitlab } from "./gitlab.ts";

const CONFIG_COMMIT = "2e".repeat(20);

/** https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload */
function claimsOf(server: string) {
  return {
    iss: server,
    ...tokenTimes(3_600),
    sub: "project_path:octo/tools/widgets:ref_type:tag:ref:v1.2.3",
    namespace_id: "72",
    namespace_path: "octo/tools",
    project_id: "20",
    project_path: "octo/tools/widgets",
    project_visibility: "public",
    user_login: "octocat",
    pipeline_id: "574",
    pipeline_source: "push",
    job_id: "302",
    ref: "v1.2.3",
    ref_type: "tag",
    ref_path: REF,
    ref_protected: "true",
    runner_id: 1,
    runner_environment: "gitlab-hosted",
    sha: COMMIT,
    ci_config_ref_uri: `${new URL(server).host}/octo/tools/widgets//.gitlab-ci.yml@${REF}`,
    ci_config_sha: CONFIG_COMMIT,
  };
}

function runIn({ issuer }: IssuerBench, change: JobChange = {}): PlatformRun {
  const env: Env = {
    CI: "true",
    GITLAB_CI: "true",
    CI_SERVER_URL: issuer.url,
    CI_PROJECT_PATH: "octo/tools/widgets",
    CI_COMMIT_SHA: COMMIT,
    CI_PIPELINE_ID: "574",
    SIGSTORE_ID_TOKEN: issuer.mint(claimsOf(issuer.url), change),
  };
  const run = gitlab({ clock: () => NOW }).detect({ ...env, ...change.env });
  if (run === null) throw new Error("it should have shown itself");
  return run;
}

const claimed = (change?: JobChange) => withTestIssuer((bench) => runIn(bench, change).claim(bench.host));

describe("claims", () => {
  it("of a pushed tag: docs/buildtypes/gitlab-ci-v1.md's example", async () => {
    await withTestIssuer(async (bench) => {
      const { url, host } = bench.issuer;
      expect(await runIn(bench).claim(bench.host)).toEqual({
        buildType: "https://touchmark.dev/buildtypes/gitlab-ci/v1",
        externalParameters: {
          config: `https://${host}/octo/tools/widgets//.gitlab-ci.yml@${REF}`,
          source: { repository: `${url}/octo/tools/widgets`, ref: REF },
          trigger: "push",
        },
        internalParameters: {
          config_sha: CONFIG_COMMIT,
          namespace_id: "72",
          pipeline_id: "574",
          project_id: "20",
          runner_environment: "gitlab-hosted",
        },
        source: { uri: `git+${url}/octo/tools/widgets@${REF}`, digest: { gitCommit: COMMIT } },
        builder: { id: `https://${host}/octo/tools/widgets//.gitlab-ci.yml@${REF}`, version: {} },
        invocationId: `${url}/octo/tools/widgets/-/jobs/302`,
        startedOn: null,
        finishedOn: null,
      });
    });
  });

  it("of a job with an environment", async () => {
    const claim = await claimed({ claims: { environment: "production", pipeline_source: "web" } });
    expect(claim.externalParameters).toMatchObject({ environment: "production", trigger: "web" });
  });
});

refusesEvents(claimed, "pipeline_source", [
  "merge_request_event",
  "external_pull_request_event",
  "chat",
  "webide",
  "security_orchestration_policy",
]);

it("EVENT_REFUSED: the child of a pipeline that a merge request of a fork may have started", async () => {
  const child = { pipeline_source: "parent_pipeline", ref_path: "refs/heads/main", ref_protected: "false" };
  await expect(claimed({ claims: child })).rejects.toMatchObject({ code: "EVENT_REFUSED" });
  const claim = await claimed({ claims: { ...child, ref_protected: "true" } });
  expect(claim.externalParameters).toMatchObject({ trigger: "parent_pipeline" });
});

refusesClaims(claimed, [
  ["project_path", "widgets"],
  ["project_path", "octo/../widgets?x"],
  ["project_id", 20],
  ["namespace_id", ""],
  ["ref_path", "refs/merge-requests/1/head"],
  ["ref_path", undefined],
  ["ref_protected", undefined],
  ["ref_protected", true],
  ["sha", "HEAD"],
  ["ci_config_ref_uri", undefined],
  ["ci_config_ref_uri", `gitlab.example/octo/tools/widgets//.gitlab-ci.yml@${REF}`],
  ["ci_config_sha", null],
  ["pipeline_source", 1],
  ["pipeline_id", "x"],
  ["job_id", undefined],
  ["runner_environment", "mine"],
  ["environment", 1],
  ["iss", "https://gitlab.example"],
  ["aud", "https://gitlab.example"],
]);

refusesOtherRun(claimed, [
  ["CI_PROJECT_PATH", "octo/other"],
  ["CI_COMMIT_SHA", CONFIG_COMMIT],
  ["CI_PIPELINE_ID", "575"],
]);

describe("detect", () => {
  const job: Env = {
    GITLAB_CI: "true",
    CI_SERVER_URL: "https://gitlab.com",
    CI_PROJECT_PATH: "octo/widgets",
    CI_COMMIT_SHA: COMMIT,
    CI_PIPELINE_ID: "574",
  };
  const platform = gitlab({ clock: () => NOW });

  it.each<[string, Env]>([
    ["no variable", {}],
    ["another CI", { ...job, GITLAB_CI: undefined }],
    ["no server", { ...job, CI_SERVER_URL: undefined }],
    ["a server that is no URL", { ...job, CI_SERVER_URL: "gitlab.com" }],
    ["a server with a password", { ...job, CI_SERVER_URL: "https://me:secret@gitlab.com" }],
    ["a server with a slash at its end", { ...job, CI_SERVER_URL: "https://gitlab.com/" }],
    ["no pipeline", { ...job, CI_PIPELINE_ID: undefined }],
  ])("null for %s", (_name, env) => {
    expect(platform.detect(env)).toBeNull();
  });

  it("binds parts to the pipeline without a token", async () => {
    const run = platform.detect(job);
    expect(await run?.origin(undefined as never)).toEqual({
      repository: "https://gitlab.com/octo/widgets",
      commit: COMMIT,
      runId: "574",
    });
    expect(run?.contacts).toEqual(["gitlab.com"]);
    expect(run?.level.build).toBe(1);
    await expect(run?.claim(undefined as never)).rejects.toMatchObject({ code: "IDENTITY_TOKEN_MISSING" });
  });

  it("is L2 on GitLab's runners, L1 on others and for a token that cannot be read", async () => {
    await withTestIssuer(async (bench) => {
      expect(runIn(bench).level.build).toBe(2);
      expect(runIn(bench, { claims: { runner_environment: "self-hosted" } }).level.build).toBe(1);
      expect(runIn(bench, { env: { SIGSTORE_ID_TOKEN: "x" } }).level.build).toBe(1);
    });
  });
});

it("gives the certificate the token of the statement", async () => {
  await withTestIssuer(async (bench) => {
    const token = bench.issuer.mint(claimsOf(bench.issuer.url));
    const run = runIn(bench, { env: { SIGSTORE_ID_TOKEN: token } });
    await run.claim(bench.host);
    expect(await run.identityToken("sigstore", bench.host)).toBe(token);
  });
});
