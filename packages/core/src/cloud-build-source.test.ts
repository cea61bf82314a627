import { describe, expect, it } from "vitest";
import { readProvenance } from "./provenance.ts";
import { PROVENANCE_V1 } from "./provenance-v1.ts";
import { PROVENANCE_V01 } from "./provenance-v01.ts";
import { STATEMENT_V1 } from "./statement.ts";

const WORKER = "https://cloudbuild.googleapis.com/GoogleHostedWorker";
const COMMIT = "c".repeat(40);
const REPOSITORY = "https://github.com/octo/widgets";

function sourceIn(predicateType: string, predicate: Record<string, unknown>) {
  const subject = [{ digest: { sha256: "a".repeat(64) } }];
  return readProvenance({ _type: STATEMENT_V1, subject, predicateType, predicate })?.source;
}

describe("v0.1", () => {
  const sourceOf = (uri: string | null, substitutions: object | null = null, id = `${WORKER}@v0.3`) =>
    sourceIn(PROVENANCE_V01, {
      builder: { id },
      recipe: { type: "t", arguments: { "@type": "x", substitutions } },
      materials: uri === null ? [] : [{ uri, digest: { sha1: COMMIT } }],
    });

  it.each([
    [REPOSITORY, REPOSITORY],
    [`git+${REPOSITORY}`, REPOSITORY],
    [`${REPOSITORY}#main`, REPOSITORY],
    [`${REPOSITORY}/commit/${COMMIT}`, REPOSITORY],
    [`${REPOSITORY}/commit/abc`, `${REPOSITORY}/commit/abc`],
    [`${REPOSITORY}.git`, REPOSITORY],
    ["https://GitHub.com:443/octo/widgets/", REPOSITORY],
    ["https://bbs.example:8443/Octo/widgets", "https://bbs.example:8443/Octo/widgets"],
  ])("%s is %s", (uri, repository) => {
    expect(sourceOf(uri)).toEqual({ repository, ref: null, commit: COMMIT });
  });

  it.each([
    "gs://github.com/octo/widgets",
    "git+gs://github.com/octo/widgets",
    "https://github.com/octo/widgets@refs/heads/main",
    "https://user@github.com/octo/widgets",
    "http://github.com/octo/widgets",
    "github.com/octo/widgets",
    null,
  ])("%s is no repository", (uri) => {
    expect(sourceOf(uri)).toBeNull();
  });

  it("the commit may stand in the address alone", () => {
    const materials = [{ uri: `${REPOSITORY}/commit/${COMMIT}` }];
    const predicate = { builder: { id: `${WORKER}@v0.2` }, recipe: { type: "t", arguments: null }, materials };
    expect(sourceIn(PROVENANCE_V01, predicate)).toEqual({ repository: REPOSITORY, ref: null, commit: COMMIT });
  });

  it.each([
    [{ TAG_NAME: "v1" }, "refs/tags/v1"],
    [{ BRANCH_NAME: "main" }, "refs/heads/main"],
    [{ TAG_NAME: "v1", BRANCH_NAME: "main" }, null],
    [{ TAG_NAME: 1 }, null],
    [{ TAG_NAME: "" }, null],
    [{}, null],
  ])("a trigger's %j is the ref %s", (substitutions, ref) => {
    expect(sourceOf(REPOSITORY, substitutions)).toMatchObject({ ref });
  });

  it("another builder's address is read as everybody's", () => {
    expect(sourceOf(REPOSITORY, null, `${WORKER}s@v0.3`)).toBeNull();
    expect(sourceOf(`git+${REPOSITORY}@refs/tags/v1`, null, "https://b")).toMatchObject({ ref: "refs/tags/v1" });
  });
});

describe("v1", () => {
  const sourceOf = (
    externalParameters: object,
    dependency: object = { uri: `git+${REPOSITORY}@refs/heads/main` },
    systemSubstitutions: object = { TAG_NAME: "v1" },
  ) =>
    sourceIn(PROVENANCE_V1, {
      buildDefinition: {
        buildType: "t",
        externalParameters,
        internalParameters: { systemSubstitutions },
        resolvedDependencies: [dependency],
      },
      runDetails: { builder: { id: WORKER } },
    });
  const buildConfigSource = { repository: `git+${REPOSITORY}`, ref: "refs/tags/v1", path: "cloudbuild.yaml" };

  it("is where the configuration was read", () => {
    const dependency = { uri: `git+${REPOSITORY}@refs/tags/v1`, digest: { gitCommit: COMMIT } };
    expect(sourceOf({ buildConfigSource }, dependency)).toEqual({
      repository: REPOSITORY,
      ref: "refs/tags/v1",
      commit: COMMIT,
    });
    // Of Bitbucket and others than GitHub the worker writes the commit's digest so.
    expect(sourceOf({ buildConfigSource }, { ...dependency, digest: { sha1: COMMIT } })).toMatchObject({
      commit: COMMIT,
    });
    expect(sourceOf({ buildConfigSource: { ...buildConfigSource, ref: COMMIT } })).toMatchObject({ ref: null });
    const spelled = { ...buildConfigSource, repository: "https://GitHub.com/octo/widgets.git" };
    expect(sourceOf({ buildConfigSource: spelled }, { uri: `git+${spelled.repository}@refs/tags/v1` })).toMatchObject({
      repository: REPOSITORY,
    });
    expect(sourceOf({ buildConfigSource: { ...buildConfigSource, repository: REPOSITORY } })).toMatchObject({
      repository: REPOSITORY,
    });
  });

  it.each([
    ["a configuration that came with the build", { buildConfig: { steps: [] } }],
    [
      "another source than the configuration's",
      { buildConfigSource, sourceToBuild: { repository: "git+https://x/y" } },
    ],
    ["storage", { buildConfigSource: { ...buildConfigSource, repository: "gs://github.com/octo/widgets" } }],
    ["a ref in the address", { buildConfigSource: { ...buildConfigSource, repository: `${REPOSITORY}@refs/tags/v2` } }],
  ])("%s is none", (_what, externalParameters) => {
    expect(sourceOf(externalParameters)).toBeNull();
  });

  it.each([
    ["refs/tags/v1", { TAG_NAME: "v1", BRANCH_NAME: "main" }, "refs/tags/v1"],
    ["refs/tags/v1", { TAG_NAME: "v2" }, null],
    ["refs/tags/v1", {}, null],
    ["refs/heads/main", { BRANCH_NAME: "main" }, "refs/heads/main"],
    ["refs/heads/main", {}, "refs/heads/main"],
    ["refs/heads/main", { BRANCH_NAME: "other" }, null],
    ["refs/pull/1/merge", {}, null],
  ])("%s by a trigger that says %j is %s", (ref, substitutions, expected) => {
    const externalParameters = { buildConfigSource: { ...buildConfigSource, ref } };
    expect(sourceOf(externalParameters, undefined, substitutions)).toMatchObject({ ref: expected });
  });

  it("what was checked out is another repository", () => {
    expect(sourceOf({ buildConfigSource }, { uri: `git+${REPOSITORY}-fork@refs/heads/main` })).toBeNull();
  });
});
