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
import { githubActions } from "./github-actions.ts";

const SERVER = "https://github.com";
const WORKFLOW = `octo/widgets/.github/workflows/release.yml@${REF}`;

const job: Env = {
  CI: "true",
  GITHUB_ACTIONS: "true",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "octo/widgets",
  GITHUB_SHA: COMMIT,
  GITHUB_RUN_ID: "42",
  RUNNER_ENVIRONMENT: "github-hosted",
};

/** https://docs.github.com/en/actions/concepts/security/openid-connect, "Understanding the OIDC token". */
const claims = {
  ...tokenTimes(300),
  sub: `repo:octo/widgets:ref:${REF}`,
  repository: "octo/widgets",
  repository_id: "1001",
  repository_owner: "octo",
  repository_owner_id: "2002",
  repository_visibility: "public",
  ref: REF,
  ref_type: "tag",
  sha: COMMIT,
  workflow: "release",
  workflow_ref: WORKFLOW,
  workflow_sha: COMMIT,
  job_workflow_ref: WORKFLOW,
  job_workflow_sha: COMMIT,
  event_name: "push",
  actor: "octocat",
  run_id: "42",
  run_number: "7",
  run_attempt: "1",
  runner_environment: "github-hosted",
};

interface Change extends JobChange {
  readonly now?: () => number;
}

function runIn({ issuer }: IssuerBench, change: Change = {}): PlatformRun {
  issuer.give((aud) => issuer.mint({ ...claims, iss: issuer.url, aud }, change));
  const token = { ACTIONS_ID_TOKEN_REQUEST_URL: issuer.endpoint, ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.bearer };
  const platform = githubActions({ clock: change.now ?? (() => NOW), issuer: issuer.url, server: SERVER });
  const run = platform.detect({ ...job, ...token, ...change.env });
  if (run === null) throw new Error("it should have shown itself");
  return run;
}

const claimed = (change?: Change) => withTestIssuer((bench) => runIn(bench, change).claim(bench.host));

describe("claims", () => {
  it("of a pushed tag: GitHub's own build type, with exactly its fields", async () => {
    expect(await claimed()).toEqual({
      buildType: "https://actions.github.io/buildtypes/workflow/v1",
      externalParameters: {
        workflow: { ref: REF, repository: "https://github.com/octo/widgets", path: ".github/workflows/release.yml" },
      },
      internalParameters: {
        github: {
          event_name: "push",
          repository_id: "1001",
          repository_owner_id: "2002",
          runner_environment: "github-hosted",
        },
      },
      source: { uri: `git+https://github.com/octo/widgets@${REF}`, digest: { gitCommit: COMMIT } },
      builder: { id: `https://github.com/${WORKFLOW}`, version: {} },
      invocationId: "https://github.com/octo/widgets/actions/runs/42/attempts/1",
      startedOn: null,
      finishedOn: null,
    });
  });

  it.each(["create", "push", "release", "workflow_dispatch"])("of %s: GitHub's build type", async (event_name) => {
    const claim = await claimed({ claims: { event_name, environment: "release" } });
    expect(claim.buildType).toBe("https://actions.github.io/buildtypes/workflow/v1");
    expect(Object.keys(claim.externalParameters)).toEqual(["workflow"]);
  });

  it("of a schedule: ours, docs/buildtypes/github-actions-v1.md's example", async () => {
    const claim = await claimed({ claims: { event_name: "schedule", environment: "release" } });
    expect(claim.buildType).toBe("https://touchmark.dev/buildtypes/github-actions/v1");
    expect(claim.externalParameters).toEqual({
      workflow: { ref: REF, repository: "https://github.com/octo/widgets", path: ".github/workflows/release.yml" },
      trigger: "schedule",
      environment: "release",
    });
    expect(claim.internalParameters).toEqual({
      github: { repository_id: "1001", repository_owner_id: "2002", runner_environment: "github-hosted" },
    });
  });

  it("of a job in a reusable workflow: that workflow is the builder", async () => {
    const job_workflow_ref = `other/builders/.github/workflows/build.yml@${"ab".repeat(20)}`;
    const claim = await claimed({ claims: { job_workflow_ref, event_name: "repository_dispatch" } });
    expect(claim.builder.id).toBe(`https://github.com/${job_workflow_ref}`);
    expect(claim.externalParameters).toEqual({
      workflow: { ref: REF, repository: "https://github.com/octo/widgets", path: ".github/workflows/release.yml" },
      trigger: "repository_dispatch",
    });
  });

  it("of a path and a tag that hold @ themselves", async () => {
    const ref = "refs/tags/sdk@1.2.3";
    const workflow_ref = `octo/widgets/.github/workflows/a@b.yml@${ref}`;
    const claim = await claimed({ claims: { ref, workflow_ref } });
    expect(claim.externalParameters).toMatchObject({ workflow: { ref, path: ".github/workflows/a@b.yml" } });
    expect(claim.source?.uri).toBe("git+https://github.com/octo/widgets@refs/tags/sdk@1.2.3");
  });
});

it("a run of an Enterprise Server claims what lies there, under the issuer that was named alone", async () => {
  await withTestIssuer(async ({ issuer, host }) => {
    issuer.give((aud) => issuer.mint({ ...claims, iss: issuer.url, aud }));
    const server = "https://github.example.com";
    const token = { ACTIONS_ID_TOKEN_REQUEST_URL: issuer.endpoint, ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.bearer };
    const env = { ...job, ...token, GITHUB_SERVER_URL: server };
    const platform = githubActions({ clock: () => NOW, issuer: issuer.url, server });
    expect(await platform.detect(env)?.claim(host)).toMatchObject({
      externalParameters: { workflow: { repository: `${server}/octo/widgets` } },
      source: { uri: `git+${server}/octo/widgets@${REF}` },
      builder: { id: `${server}/${WORKFLOW}` },
      invocationId: `${server}/octo/widgets/actions/runs/42/attempts/1`,
    });
    expect(platform.detect(job)).toBeNull();
    issuer.give((aud) => issuer.mint({ ...claims, iss: `${issuer.url}/octo-corp`, aud }));
    const other = platform.detect(env)?.claim(host);
    await expect(other).rejects.toMatchObject({ code: "IDENTITY_TOKEN_INVALID", expected: issuer.url });
  });
});

refusesEvents(claimed, "event_name", [
  "pull_request",
  "pull_request_target",
  "workflow_run",
  "issue_comment",
  "merge_group",
  "deployment",
]);

refusesClaims(claimed, [
  ["repository", "octo/widgets/evil"],
  ["repository", "octo"],
  ["repository_id", 1001],
  ["repository_owner_id", "2002x"],
  ["ref", "v1.2.3"],
  ["ref", "refs/pull/7/merge"],
  ["ref", "refs/heads/a b"],
  ["ref", "refs/heads/a#b"],
  ["ref", "refs/heads/x@refs/tags/v9"],
  ["ref", ""],
  ["sha", COMMIT.toUpperCase()],
  ["sha", COMMIT.slice(1)],
  ["workflow_ref", "octo/other/.github/workflows/release.yml@refs/tags/v1.2.3"],
  ["workflow_ref", "octo/widgets/.github/workflows/release.yml@refs/tags/v9"],
  ["workflow_ref", `octo/widgets/@${REF}`],
  ["job_workflow_ref", "https://evil.example/x"],
  ["event_name", "Push"],
  ["run_id", "forty-two"],
  ["run_attempt", undefined],
  ["runner_environment", "mine"],
  ["environment", ""],
]);

it("IDENTITY_TOKEN_INVALID: a runner that is somebody's own, where the environment says GitHub's", async () => {
  const claiming = claimed({ claims: { runner_environment: "self-hosted" } });
  await expect(claiming).rejects.toMatchObject({ code: "IDENTITY_TOKEN_INVALID", expected: "self-hosted" });
});

refusesOtherRun(claimed, [
  ["GITHUB_REPOSITORY", "octo/other"],
  ["GITHUB_SHA", "2e".repeat(20)],
  ["GITHUB_RUN_ID", "43"],
]);

describe("detect", () => {
  const platform = githubActions({ clock: () => NOW });
  it.each<[string, Env]>([
    ["no variable", {}],
    ["another CI", { ...job, GITHUB_ACTIONS: undefined }],
    ["GitHub Enterprise Server", { ...job, GITHUB_SERVER_URL: "https://github.example.com" }],
    ["no repository", { ...job, GITHUB_REPOSITORY: "" }],
    ["no commit", { ...job, GITHUB_SHA: undefined }],
    ["no run", { ...job, GITHUB_RUN_ID: undefined }],
  ])("null for %s", (_name, env) => {
    expect(platform.detect(env)).toBeNull();
  });

  it("binds parts to the run without a token", async () => {
    const run = platform.detect(job);
    expect(await run?.origin(undefined as never)).toEqual({
      repository: "https://github.com/octo/widgets",
      commit: COMMIT,
      runId: "42",
    });
    expect(run?.contacts).toEqual([]);
  });

  it("is L2 on GitHub's runners and L1 on others", () => {
    expect(platform.detect(job)?.level.build).toBe(2);
    expect(platform.detect({ ...job, RUNNER_ENVIRONMENT: "self-hosted" })?.level.build).toBe(1);
    expect(platform.detect({ ...job, RUNNER_ENVIRONMENT: undefined })?.level.build).toBe(1);
  });
});

describe("the token", () => {
  it("is asked for with the job's right, and names whom it will talk to", async () => {
    await withTestIssuer(async (bench) => {
      const run = runIn(bench);
      expect(run.contacts).toEqual([bench.issuer.host, bench.issuer.host]);
      await run.claim(bench.host);
      const [first] = bench.issuer.requests;
      expect(first?.path).toBe("/token?api-version=2.0&audience=sigstore");
      expect(first?.headers["authorization"]).toBe(`Bearer ${bench.issuer.bearer}`);
    });
  });

  it("of the certificate is the one of the statement", async () => {
    await withTestIssuer(async (bench) => {
      const run = runIn(bench);
      await run.claim(bench.host);
      const token = await run.identityToken("sigstore", bench.host);
      expect(token).toBe(await run.identityToken("sigstore", bench.host));
      expect(bench.issuer.requests.filter(({ path }) => path.startsWith("/token"))).toHaveLength(1);
    });
  });

  it("is a new one, about the same run, when the old one is about to expire", async () => {
    await withTestIssuer(async (bench) => {
      let now = NOW;
      const run = runIn(bench, { now: () => now });
      const first = await run.identityToken("sigstore", bench.host);
      now += 280_000;
      bench.issuer.give((aud) =>
        bench.issuer.mint({ ...claims, iss: bench.issuer.url, aud, jti: "2", exp: now / 1_000 + 300 }),
      );
      expect(await run.identityToken("sigstore", bench.host)).not.toBe(first);
    });
  });

  it("that says something else when it is asked for again is refused", async () => {
    await withTestIssuer(async (bench) => {
      let now = NOW;
      const run = runIn(bench, { now: () => now });
      await run.claim(bench.host);
      now += 280_000;
      const other = { ...claims, iss: bench.issuer.url, sha: "2e".repeat(20), exp: now / 1_000 + 300 };
      bench.issuer.give(() => bench.issuer.mint(other));
      const asking = run.identityToken("sigstore", bench.host);
      await expect(asking).rejects.toMatchObject({ code: "IDENTITY_TOKEN_INVALID", actual: "others" });
    });
  });

  it("that nobody may ask for is IDENTITY_TOKEN_MISSING", async () => {
    for (const missing of ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"]) {
      await expect(claimed({ env: { [missing]: undefined } })).rejects.toMatchObject({
        code: "IDENTITY_TOKEN_MISSING",
      });
    }
  });

  it.each<[string, string, Parameters<IssuerBench["issuer"]["fail"]>[0]["fault"]]>([
    ["SERVICE_DENIED", "refused", { kind: "answer", status: 403, body: '{"message":"no"}' }],
    ["SERVICE_INVALID", "redirected", { kind: "answer", status: 307, headers: { location: "https://evil.example/" } }],
    ["SERVICE_INVALID", "garbage", { kind: "bytes", bytes: Buffer.from("<html>") }],
    ["SERVICE_INVALID", "without a value", { kind: "bytes", bytes: Buffer.from("{}") }],
    ["IDENTITY_TOKEN_INVALID", "no token", { kind: "bytes", bytes: Buffer.from('{"value":"x"}') }],
  ])("%s: %s", async (code, _name, fault) => {
    await withTestIssuer(async (bench) => {
      bench.issuer.fail({ path: /token/, fault });
      await expect(runIn(bench).claim(bench.host)).rejects.toMatchObject({ code });
    });
  });

  it("and the right to it stand in no message", async () => {
    await withTestIssuer(async (bench) => {
      const token = bench.issuer.mint({ ...claims, iss: bench.issuer.url });
      const body = JSON.stringify({ message: `bad ${bench.issuer.bearer} and ${token}` });
      bench.issuer.fail({
        path: /token/,
        fault: { kind: "answer", status: 401, headers: { "x-request-id": "r-1" }, body },
      });
      await expect(runIn(bench).claim(bench.host)).rejects.toMatchObject({
        code: "SERVICE_DENIED",
        message: `GitHub's token service at ${bench.issuer.host} refuses what it was asked`,
        actual: "status 401: bad … and … (request r-1)",
      });
    });
  });
});
