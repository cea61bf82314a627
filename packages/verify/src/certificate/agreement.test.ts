import { PROVENANCE_V02, parseBundle } from "@touchmark/core";
import { type FulcioClaims, githubRun, RELEASE_RUN } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { bytesOf, githubPredicate, IDENTITY, outcome, SUBJECT, sign, trusting } from "../../test/certificate-cases.ts";
import { statementBytes } from "../../test/signed-bundles.ts";
import { authenticate } from "../authenticate.ts";

const COMMIT = RELEASE_RUN.sourceRepositoryDigest ?? "";
const SOURCE = "git+https://github.com/octo/widgets@refs/tags/v1.2.3";
const WORKFLOW = ".github/workflows/release.yml";

/** What of a predicate is set, by the path to it; null takes it away. */
type Change = readonly [string, unknown];

function signed(predicate: object, [path, value]: Change = ["", null], claims: FulcioClaims = RELEASE_RUN) {
  const changed = structuredClone(predicate) as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let at: Record<string, unknown> = changed;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  if (path !== "") at[last] = value;
  const predicateType = "builder" in predicate ? PROVENANCE_V02 : "https://slsa.dev/provenance/v1";
  const payload = statementBytes({ subject: [SUBJECT], predicateType, predicate: changed });
  return sign({ leaf: { claims } }, {}, payload);
}

function judged(...what: Parameters<typeof signed>): string {
  return outcome(signed(...what), trusting());
}

function findingsOf(...what: Parameters<typeof signed>): readonly object[] {
  const result = authenticate(parseBundle(bytesOf(signed(...what))), [trusting()]);
  return result.kind === "refused" ? result.findings : [];
}

/** As GitHub's variables are, in small letters as slsa-github-generator writes them in v0.2. */
const environment = {
  github_event_name: "push",
  github_ref: "refs/tags/v1.2.3",
  github_repository_id: "1001",
  github_repository_owner_id: "2002",
  github_run_id: "42",
  github_run_attempt: "1",
  github_sha1: COMMIT,
  github_ref_type: "tag",
  github_repository_owner: "octo",
};

const variables = {
  GITHUB_EVENT_NAME: "push",
  GITHUB_REF: "refs/tags/v1.2.3",
  GITHUB_REPOSITORY: "octo/widgets",
  GITHUB_REPOSITORY_ID: "1001",
  GITHUB_REPOSITORY_OWNER_ID: "2002",
  GITHUB_RUN_ID: 42,
  GITHUB_RUN_ATTEMPT: "1",
  GITHUB_SHA: COMMIT,
  GITHUB_WORKFLOW_REF: `octo/widgets/${WORKFLOW}@refs/tags/v1.2.3`,
  GITHUB_WORKFLOW_SHA: COMMIT,
  GITHUB_REF_TYPE: "tag",
  GITHUB_REPOSITORY_OWNER: "octo",
};

const generic = {
  builder: { id: RELEASE_RUN.buildSignerUri },
  buildType: "https://github.com/slsa-framework/slsa-github-generator/generic@v1",
  invocation: { configSource: { uri: SOURCE, digest: { sha1: COMMIT }, entryPoint: WORKFLOW }, environment },
  metadata: { buildInvocationID: "42-1" },
};

const npm = {
  builder: { id: "https://github.com/actions/runner/github-hosted" },
  buildType: "https://github.com/npm/cli/gha/v2",
  invocation: { configSource: { uri: SOURCE, digest: { sha1: COMMIT }, entryPoint: WORKFLOW }, environment: variables },
  metadata: { buildInvocationId: "42-1" },
};

const callable = (buildType: string, builder: string | undefined) => ({
  buildDefinition: {
    buildType,
    externalParameters: {},
    internalParameters: variables,
    resolvedDependencies: [{ uri: SOURCE, digest: { sha1: COMMIT } }],
  },
  runDetails: { builder: { id: builder }, metadata: { invocationId: RELEASE_RUN.runInvocationUri } },
});

/** What GitHub sends of a pushed tag: with numbers for ids. */
const pushed = {
  ref: "refs/tags/v1.2.3",
  after: "f".repeat(40), // of an annotated tag: another object than the commit
  head_commit: { id: COMMIT },
  organization: { id: 2002 },
  repository: {
    id: 1001,
    full_name: "octo/widgets",
    html_url: "https://github.com/octo/widgets",
    owner: { id: 2002, login: "octo" },
  },
};
const EVENT_FIELDS = [
  "ref",
  "head_commit.id",
  "organization.id",
  "repository.id",
  "repository.full_name",
  "repository.html_url",
  "repository.owner.id",
  "repository.owner.login",
];

const withEvent = {
  ...generic,
  invocation: { ...generic.invocation, environment: { ...environment, github_event_payload: pushed } },
  materials: [{ uri: SOURCE, digest: { sha1: COMMIT } }, { uri: "https://github.com/actions/virtual-environments" }],
};

/** As slsa-github-generator's Node.js builder: the delegator's type, in v0.2. */
const node = {
  ...npm,
  builder: { id: RELEASE_RUN.buildSignerUri },
  buildType: "https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0",
  materials: [{ uri: SOURCE, digest: { sha1: COMMIT } }],
};

const containerBased = callable("https://slsa.dev/container-based-build/v0.1?draft", RELEASE_RUN.buildSignerUri);
const delegator = callable(
  "https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0",
  RELEASE_RUN.buildSignerUri,
);

/** The Node.js builder, which still writes v0.2; by another signer than the delegator, its builder is compared. */
const nodejs = {
  ...npm,
  builder: { id: RELEASE_RUN.buildSignerUri },
  buildType: "https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0",
};

const own = (builder: string | undefined) => ({
  buildDefinition: {
    buildType: "https://example.com/build-type",
    externalParameters: {},
    resolvedDependencies: [{ uri: SOURCE, digest: { gitCommit: COMMIT } }],
  },
  runDetails: { builder: { id: builder }, metadata: { invocationId: "anything" } },
});

/** A certificate of a job with an environment. */
const DEPLOYED: FulcioClaims = { ...RELEASE_RUN, environment: "release" };

/** docs/buildtypes/github-actions-v1.md */
const scheduled = {
  buildDefinition: {
    buildType: "https://touchmark.dev/buildtypes/github-actions/v1",
    externalParameters: {
      workflow: { repository: "https://github.com/octo/widgets", ref: "refs/tags/v1.2.3", path: WORKFLOW },
      trigger: RELEASE_RUN.buildTrigger,
      environment: "release",
    },
    internalParameters: {
      github: { repository_id: "1001", repository_owner_id: "2002", runner_environment: "github-hosted" },
    },
    resolvedDependencies: [{ uri: SOURCE, digest: { gitCommit: COMMIT } }],
  },
  runDetails: {
    builder: { id: RELEASE_RUN.buildSignerUri },
    metadata: { invocationId: RELEASE_RUN.runInvocationUri },
  },
};

/** docs/buildtypes/gitlab-ci-v1.md; the certificate's names are GitHub's all the same, only that they agree counts. */
const pipeline = {
  buildDefinition: {
    buildType: "https://touchmark.dev/buildtypes/gitlab-ci/v1",
    externalParameters: {
      config: RELEASE_RUN.buildConfigUri,
      source: { repository: "https://github.com/octo/widgets", ref: "refs/tags/v1.2.3" },
      trigger: RELEASE_RUN.buildTrigger,
      environment: "release",
    },
    internalParameters: {
      config_sha: COMMIT,
      namespace_id: "2002",
      pipeline_id: "574",
      project_id: "1001",
      runner_environment: "github-hosted",
    },
    resolvedDependencies: [{ uri: SOURCE, digest: { gitCommit: COMMIT } }],
  },
  runDetails: {
    builder: { id: RELEASE_RUN.buildSignerUri },
    metadata: { invocationId: RELEASE_RUN.runInvocationUri },
  },
};

const differing = (predicate: object, base: string, fields: readonly string[]): readonly [object, string][] =>
  fields.map((field) => [predicate, `${base}${field}`]);

describe("provenance agrees with the certificate", () => {
  it.each([
    ["GitHub's workflow", githubPredicate()],
    ["slsa-github-generator's generic", generic],
    ["npm's v0.2", npm],
    ["container-based", containerBased],
    ["the delegator", delegator],
    ["the Node.js builder", nodejs],
    ["an unknown build type", own("https://example.com/builder")],
  ])("%s", (_, predicate) => {
    expect(judged(predicate)).toBe("verified");
  });

  it.each([
    ...differing(githubPredicate(), "buildDefinition.externalParameters.workflow.", ["repository", "ref", "path"]),
    ...differing(githubPredicate(), "buildDefinition.internalParameters.github.", [
      "event_name",
      "repository_id",
      "repository_owner_id",
      "runner_environment",
    ]),
    ...differing(githubPredicate(), "runDetails.", ["metadata.invocationId"]),
    ...differing(generic, "invocation.configSource.", ["entryPoint"]),
    ...differing(generic, "invocation.environment.", Object.keys(environment)),
    ...differing(generic, "metadata.", ["buildInvocationID"]),
    ...differing(npm, "invocation.environment.", Object.keys(variables)),
    ...differing(containerBased, "buildDefinition.internalParameters.", Object.keys(variables)),
    ...differing(containerBased, "runDetails.metadata.", ["invocationId"]),
    ...differing(delegator, "buildDefinition.internalParameters.", Object.keys(variables)),
    ...differing(delegator, "runDetails.metadata.", ["invocationId"]),
    ...differing(withEvent, "invocation.environment.github_event_payload.", EVENT_FIELDS),
    ...differing(nodejs, "invocation.configSource.", ["entryPoint"]),
    ...differing(nodejs, "invocation.environment.", Object.keys(variables)),
    ...differing(nodejs, "metadata.", ["buildInvocationId"]),
  ])("not with another value: %#", (predicate, path) => {
    expect([path, judged(predicate, [path, "43-1"])]).toEqual([path, "PREDICATE_MISMATCH"]);
    expect([path, judged(predicate, [path, ["43"]])]).toEqual([
      path,
      expect.stringMatching(/PREDICATE_MISMATCH|STATEMENT_MALFORMED/),
    ]);
    expect([path, judged(predicate, [path, null])]).toEqual([path, "verified"]);
  });

  it.each([githubPredicate(), containerBased, delegator, own("https://example.com/builder")])(
    "not with another source (v1): %#",
    (predicate) => {
      const source = (uri: string, digest: object) =>
        judged(predicate, ["buildDefinition.resolvedDependencies", [{ uri, digest }]]);
      expect(source(SOURCE, { gitCommit: COMMIT })).toBe("verified");
      expect(source(SOURCE.replace("octo", "evil"), { gitCommit: COMMIT })).toBe("PREDICATE_MISMATCH");
      expect(source(SOURCE.replace("v1.2.3", "v1.2.4"), { gitCommit: COMMIT })).toBe("PREDICATE_MISMATCH");
      expect(source(SOURCE, { gitCommit: "f".repeat(40) })).toBe("PREDICATE_MISMATCH");
    },
  );

  it.each([generic, npm])("not with another source (v0.2): %#", (predicate) => {
    const source = (key: string, value: unknown) => judged(predicate, [`invocation.configSource.${key}`, value]);
    expect(source("uri", SOURCE.replace("widgets", "widgets-evil"))).toBe("PREDICATE_MISMATCH");
    expect(source("uri", SOURCE.replace("refs/tags/v1.2.3", "refs/heads/main"))).toBe("PREDICATE_MISMATCH");
    expect(source("digest", { sha1: "f".repeat(40) })).toBe("PREDICATE_MISMATCH");
  });

  it("not with another builder", () => {
    const evil = "https://github.com/evil/w/.github/workflows/release.yml@refs/tags/v1";
    expect(judged(githubPredicate(), ["runDetails.builder.id", evil])).toBe("PREDICATE_MISMATCH");
    expect(judged(generic, ["builder.id", evil])).toBe("PREDICATE_MISMATCH");
    expect(judged(npm, ["builder.id", "https://github.com/actions/runner/self-hosted"])).toBe("PREDICATE_MISMATCH");
    expect(judged(containerBased, ["runDetails.builder.id", evil])).toBe("PREDICATE_MISMATCH");
    expect(judged(own(evil))).toBe("PREDICATE_MISMATCH");
  });

  it.each([
    [githubPredicate(), "buildDefinition.externalParameters.workflow"],
    [githubPredicate(), "buildDefinition.internalParameters.github"],
    [generic, "invocation.environment"],
  ])("not with something else than an object for what holds the values: %#", (predicate, path) => {
    expect(judged(predicate, [path, "text"])).toBe("PREDICATE_MISMATCH");
    expect(judged(predicate, [path, [{ ref: "refs/heads/evil" }]])).toBe("PREDICATE_MISMATCH");
    expect(judged(predicate, [path, null])).toBe("verified");
  });

  it("not with one value in capitals and another one in small letters", () => {
    const both = { ...generic, invocation: { ...generic.invocation, environment: { ...environment, ...variables } } };
    expect(judged(both)).toBe("verified");
    expect(judged(both, ["invocation.environment.github_ref", "refs/heads/evil"])).toBe("PREDICATE_MISMATCH");
    expect(judged(both, ["invocation.environment.GITHUB_REF", "refs/heads/evil"])).toBe("PREDICATE_MISMATCH");
  });

  it("not with a builder of another kind, where the build type has only one", () => {
    for (const builder of [
      "https://cloudbuild.googleapis.com/GoogleHostedWorker",
      "https://touchmark.dev/builders/local",
      "https://github.com/octo/widgets/.github%2Fworkflows/release.yml@refs/tags/v1.2.3",
      "https://github.com/actions/runners",
    ]) {
      expect(judged(githubPredicate(), ["runDetails.builder.id", builder])).toBe("PREDICATE_MISMATCH");
      expect(judged(scheduled, ["runDetails.builder.id", builder], DEPLOYED)).toBe("PREDICATE_MISMATCH");
      expect(judged(generic, ["builder.id", builder])).toBe("PREDICATE_MISMATCH");
      expect(judged(containerBased, ["runDetails.builder.id", builder])).toBe("PREDICATE_MISMATCH");
      expect(judged(own(builder))).toBe("verified");
    }
    expect(judged(npm, ["builder.id", "https://github.com/actions/runner"])).toBe("verified");
  });

  it("does not let whoever signs choose the delegator's build type, and with it any builder", () => {
    const called = structuredClone(delegator);
    const builder = "https://github.com/octo/trw/.github/workflows/x.yml@refs/tags/v1";
    called.runDetails.builder.id = builder;
    const byDelegator = (file: string) => {
      const payload = statementBytes({ subject: [SUBJECT], predicate: called });
      const workflow = `slsa-framework/slsa-github-generator/.github/workflows/${file}@refs/tags/v2.1.0`;
      const claims = githubRun({ repository: "octo/widgets", ref: "refs/tags/v1.2.3", workflow });
      const trust = trusting({
        identity: `https://github.com/${workflow}`,
        source: "octo/widgets",
        builderIds: [builder],
      });
      return outcome(sign({ leaf: { claims } }, {}, payload), trust);
    };
    expect(judged(called)).toBe("PREDICATE_MISMATCH");
    expect(byDelegator("delegator_generic_slsa3.yml")).toBe("verified");
    expect(byDelegator("delegator_lowperms-generic_slsa3.yml")).toBe("verified");
    expect(byDelegator("generator_generic_slsa3.yml")).toBe("PREDICATE_MISMATCH");
    called.buildDefinition.buildType = containerBased.buildDefinition.buildType;
    expect(byDelegator("delegator_generic_slsa3.yml")).toBe("PREDICATE_MISMATCH");
  });

  it("where the certificate says nothing, there is nothing to compare", () => {
    const { issuer, buildSignerUri } = RELEASE_RUN;
    const bare: FulcioClaims = {
      ...(issuer === undefined ? {} : { issuer }),
      ...(buildSignerUri === undefined ? {} : { buildSignerUri }),
    };
    expect(judged(githubPredicate(), ["buildDefinition.externalParameters.workflow.ref", "refs/heads/x"], bare)).toBe(
      "verified",
    );
  });

  it.each([
    ...differing(scheduled, "buildDefinition.externalParameters.", [
      "workflow.repository",
      "workflow.ref",
      "workflow.path",
      "trigger",
      "environment",
    ]),
    ...differing(scheduled, "buildDefinition.internalParameters.github.", [
      "repository_id",
      "repository_owner_id",
      "runner_environment",
    ]),
    ...differing(scheduled, "runDetails.", ["metadata.invocationId"]),
    ...differing(pipeline, "buildDefinition.externalParameters.", [
      "config",
      "source.repository",
      "source.ref",
      "trigger",
      "environment",
    ]),
    ...differing(pipeline, "buildDefinition.internalParameters.", [
      "config_sha",
      "namespace_id",
      "project_id",
      "runner_environment",
    ]),
    ...differing(pipeline, "runDetails.", ["builder.id", "metadata.invocationId"]),
  ])("not with another value in a build type of our own: %#", (predicate, path) => {
    expect(judged(predicate, undefined, DEPLOYED)).toBe("verified");
    expect([path, judged(predicate, [path, "43-1"], DEPLOYED)]).toEqual([path, "PREDICATE_MISMATCH"]);
  });

  it("not with another kind of runner, where an unknown build type names one", () => {
    expect(judged(own("https://github.com/actions/runner/github-hosted"))).toBe("verified");
    expect(judged(own("https://github.com/actions/runner/self-hosted"))).toBe("PREDICATE_MISMATCH");
  });

  it("is asked of what the build type has, and of nothing that only another one has", () => {
    expect(judged(githubPredicate(), ["buildDefinition.externalParameters.trigger", "other"])).toBe("verified");
    expect(judged(scheduled, ["buildDefinition.externalParameters.trigger", "other"])).toBe("PREDICATE_MISMATCH");
  });

  it("not with another workflow as the builder of a scheduled run", () => {
    const evil = "https://github.com/evil/w/.github/workflows/release.yml@refs/tags/v1";
    expect(judged(scheduled, ["runDetails.builder.id", evil], DEPLOYED)).toBe("PREDICATE_MISMATCH");
  });

  it("is asked of provenance only", () => {
    const payload = statementBytes({
      subject: [SUBJECT],
      predicateType: "https://spdx.dev/Document",
      predicate: generic,
    });
    expect(outcome(sign({}, {}, payload))).toBe("verified");
  });
});

describe("what slsa-github-generator's builders say besides", () => {
  const GENERATOR = "https://github.com/slsa-framework/slsa-github-generator";

  it.each([
    `${GENERATOR}@v1`,
    `${GENERATOR}-go@v1`,
    `${GENERATOR}/go@v1`,
    `${GENERATOR}/container@v1`,
    "https://github.com/npm/cli/gha@v1",
  ])("%s is compared as the generic builder's", (buildType) => {
    const typed = { ...withEvent, buildType };
    expect(judged(typed)).toBe("verified");
    expect(judged(typed, ["invocation.environment.github_run_id", "43"])).toBe("PREDICATE_MISMATCH");
    expect(judged(typed, ["builder.id", `${RELEASE_RUN.buildSignerUri}x`])).toBe("PREDICATE_MISMATCH");
  });

  it("the first material is the source once more, and others are not", () => {
    for (const predicate of [withEvent, node]) {
      const material = (uri: string, sha1: string) => judged(predicate, ["materials", [{ uri, digest: { sha1 } }]]);
      expect(material(SOURCE, COMMIT)).toBe("verified");
      expect(material(SOURCE.replace("octo", "evil"), COMMIT)).toBe("PREDICATE_MISMATCH");
      expect(material(SOURCE.replace("v1.2.3", "v1.2.4"), COMMIT)).toBe("PREDICATE_MISMATCH");
      expect(material(SOURCE, "f".repeat(40))).toBe("PREDICATE_MISMATCH");
      expect(material("https://github.com/actions/virtual-environments", "f".repeat(40))).toBe("verified");
      expect(judged(predicate, ["materials", []])).toBe("verified");
    }
  });

  it("the source among the parameters of a container-based build is the source", () => {
    const source = (uri: string, digest: object) =>
      judged(containerBased, ["buildDefinition.externalParameters", { source: { uri, digest } }]);
    expect(source(SOURCE, { sha1: COMMIT })).toBe("verified");
    expect(source(SOURCE, { gitCommit: COMMIT })).toBe("verified");
    expect(source(SOURCE.replace("octo", "evil"), { sha1: COMMIT })).toBe("PREDICATE_MISMATCH");
    expect(source(SOURCE.replace("v1.2.3", "v1.2.4"), { sha1: COMMIT })).toBe("PREDICATE_MISMATCH");
    expect(source(SOURCE, { sha1: "f".repeat(40) })).toBe("PREDICATE_MISMATCH");
  });

  it("an event is compared in what means the same, and its ref and workflow where it has them so", () => {
    const event = (payload: object, trigger = "push") =>
      judged(
        {
          ...generic,
          invocation: { ...generic.invocation, environment: { github_event_payload: { ...pushed, ...payload } } },
        },
        ["", null],
        { ...RELEASE_RUN, buildTrigger: trigger, trigger },
      );
    expect(event({ after: COMMIT })).toBe("verified");
    expect(event({ ref: "v1.2.3" })).toBe("PREDICATE_MISMATCH");
    expect(event({ ref: "v1.2.3", head_commit: { id: "other" } }, "create")).toBe("verified");
    expect(event({ ref: "v1.2.3" }, "workflow_dispatch")).toBe("PREDICATE_MISMATCH");
    for (const trigger of ["workflow_dispatch", "schedule"]) {
      expect(event({ workflow: WORKFLOW }, trigger)).toBe("verified");
      expect(event({ workflow: ".github/workflows/other.yml" }, trigger)).toBe("PREDICATE_MISMATCH");
    }
    expect(event({ workflow: { id: 1 } }, "workflow_run")).toBe("verified");
    expect(judged(withEvent, ["invocation.environment.github_event_payload", "text"])).toBe("PREDICATE_MISMATCH");
  });

  it("a branch is a branch, and of another ref nobody says what it is", () => {
    const kind = (github_ref_type: string, sourceRepositoryRef: string) =>
      judged({ ...generic, invocation: { environment: { github_ref_type } } }, ["", null], {
        ...RELEASE_RUN,
        sourceRepositoryRef,
        ref: sourceRepositoryRef,
      });
    expect(kind("branch", "refs/heads/main")).toBe("verified");
    expect(kind("tag", "refs/heads/main")).toBe("PREDICATE_MISMATCH");
    expect(kind("branch", "refs/tags/v1.2.3")).toBe("PREDICATE_MISMATCH");
    expect(kind("", "refs/pull/1/merge")).toBe("verified");
    expect(kind("branch", "refs/pull/1/merge")).toBe("verified");
  });

  it("no list of materials is one, and something else is none", () => {
    expect(judged({ ...generic, materials: null })).toBe("verified");
    expect(judged({ ...generic, materials: { uri: SOURCE } })).toBe("STATEMENT_MALFORMED");
  });
});

describe("what is said on one side alone, or in another form", () => {
  const without = (...names: readonly (keyof FulcioClaims)[]): FulcioClaims =>
    Object.fromEntries(Object.entries(RELEASE_RUN).filter(([name]) => !names.some((one) => one === name)));
  const asIs: Change = ["", null];

  it("no source at all is not another one", () => {
    expect(judged(githubPredicate(), ["buildDefinition.resolvedDependencies", []])).toBe("verified");
  });

  it("the older name of GitHub's build type is compared as the newer one", () => {
    const buildType = "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1";
    const { buildDefinition, runDetails } = githubPredicate();
    const older = { buildDefinition: { ...buildDefinition, buildType }, runDetails };
    expect(judged(older)).toBe("verified");
    const path = "buildDefinition.externalParameters.workflow.path";
    expect(judged(older, [path, ".github/workflows/other.yml"])).toBe("PREDICATE_MISMATCH");
  });

  it("the builder is the certificate's name where it names no workflow besides", () => {
    const names = [{ uri: IDENTITY }];
    for (const { buildDefinition, runDetails } of [githubPredicate(), pipeline]) {
      const judgedBy = (id: string, claims: FulcioClaims) => {
        const predicate = { buildDefinition, runDetails: { ...runDetails, builder: { id } } };
        return outcome(sign({ leaf: { claims, names } }, {}, statementBytes({ subject: [SUBJECT], predicate })));
      };
      expect(judgedBy(IDENTITY, without("buildSignerUri"))).toBe("verified");
      expect(judgedBy(`${IDENTITY}x`, without("buildSignerUri"))).toBe("PREDICATE_MISMATCH");
      expect(judgedBy(`${IDENTITY}x`, { ...RELEASE_RUN, buildSignerUri: `${IDENTITY}x` })).toBe("verified");
    }
  });

  it.each([
    ["43-1", "42-1"],
    ["x42-1", RELEASE_RUN.runInvocationUri],
    ["42-1x", RELEASE_RUN.runInvocationUri],
    ["42-", RELEASE_RUN.runInvocationUri],
    ["-1", RELEASE_RUN.runInvocationUri],
    ["42", RELEASE_RUN.runInvocationUri],
  ])("a run %s is another one", (run, expected) => {
    expect(findingsOf(generic, ["metadata.buildInvocationID", run])).toMatchObject([
      { code: "PREDICATE_MISMATCH", expected, actual: run },
    ]);
  });

  it("a run with its tenth attempt is compared whole", () => {
    const tenth = { ...RELEASE_RUN, runInvocationUri: "https://github.com/octo/widgets/actions/runs/42/attempts/10" };
    const attempt = (text: string) => ({
      ...generic,
      invocation: { ...generic.invocation, environment: { github_run_attempt: text } },
      metadata: { buildInvocationID: `42-${text}` },
    });
    expect(judged(attempt("10"), asIs, tenth)).toBe("verified");
    expect(judged(attempt("1"), asIs, tenth)).toBe("PREDICATE_MISMATCH");
  });

  it("a run is not compared where the certificate says none, nor one of another form as numbers", () => {
    expect(judged(generic, ["metadata.buildInvocationID", "43-1"], without("runInvocationUri"))).toBe("verified");
    const elsewhere = {
      ...RELEASE_RUN,
      runInvocationUri: "https://github.com/octo/widgets/actions/runs/42/attempts/1/x",
    };
    expect(judged(generic, asIs, elsewhere)).toBe("PREDICATE_MISMATCH");
  });

  it("a workflow's path is compared with all that the certificate says, where that is no path of the source", () => {
    const path = "buildDefinition.externalParameters.workflow.path";
    expect(judged(githubPredicate(), [path, "other.yml"], without("buildConfigUri"))).toBe("verified");
    const nowhere = without("sourceRepositoryUri", "repository");
    expect(judged(githubPredicate(), asIs, nowhere)).toBe("PREDICATE_MISMATCH");
    expect(judged(githubPredicate(), [path, RELEASE_RUN.buildConfigUri], nowhere)).toBe("verified");
    expect(judged(githubPredicate(), [path, "ci.yml"], { ...nowhere, buildConfigUri: "null/ci.yml" })).toBe(
      "PREDICATE_MISMATCH",
    );
    const bare = { ...RELEASE_RUN, buildConfigUri: "https://github.com/octo/widgets/ci.yml" };
    expect(judged(githubPredicate(), [path, "ci.yml"], bare)).toBe("verified");
    expect(judged(githubPredicate(), [path, "ci.ym"], bare)).toBe("PREDICATE_MISMATCH");
  });

  it("a repository without a host is compared with the path of the certificate's", () => {
    const repository = (GITHUB_REPOSITORY: string) =>
      judged({ ...npm, invocation: { ...npm.invocation, environment: { GITHUB_REPOSITORY } } });
    expect(repository("octo/widgets")).toBe("verified");
    expect(repository("octo/other")).toBe("PREDICATE_MISMATCH");
    expect(judged(npm, asIs, without("sourceRepositoryUri", "repository", "buildConfigUri"))).toBe("verified");
    const odd = { ...RELEASE_RUN, buildConfigUri: `git+${RELEASE_RUN.buildConfigUri}` };
    const workflow = (text: string): Change => ["buildDefinition.internalParameters.GITHUB_WORKFLOW_REF", text];
    expect(judged(containerBased, workflow(odd.buildConfigUri), odd)).toBe("verified");
    expect(judged(containerBased, workflow(`git+${variables.GITHUB_WORKFLOW_REF}`), odd)).toBe("PREDICATE_MISMATCH");
  });
});
