import { describe, expect, test } from "vitest";
import { REPORTED_BY } from "./annotations.ts";
import { isProvenance, readProvenance } from "./provenance.ts";
import { PROVENANCE_V1 } from "./provenance-v1.ts";
import { PROVENANCE_V01 } from "./provenance-v01.ts";
import { PROVENANCE_V02 } from "./provenance-v02.ts";
import { readSource } from "./source.ts";
import { STATEMENT_V1, type StatedStatement } from "./statement.ts";

const COMMIT = "c".repeat(40);
const URI = "git+https://github.com/octo/widgets@refs/tags/v1";
const source = { repository: "https://github.com/octo/widgets", ref: "refs/tags/v1", commit: COMMIT };

function statement(predicateType: string, predicate: StatedStatement["predicate"]): StatedStatement {
  return { _type: STATEMENT_V1, subject: [{ digest: { sha256: "a".repeat(64) } }], predicateType, predicate };
}

test("which predicates are provenance", () => {
  expect([PROVENANCE_V1, PROVENANCE_V02, PROVENANCE_V01].map(isProvenance)).toEqual([true, true, true]);
  expect(["https://in-toto.io/Provenance/v0.1", ""].map(isProvenance)).toEqual([false, false]);
});

test("another predicate is null, whatever it holds", () => {
  expect(readProvenance(statement("https://spdx.dev/Document", {}))).toBeNull();
});

describe("v1", () => {
  const v1 = (dependencies: readonly object[]) =>
    readProvenance(
      statement(PROVENANCE_V1, {
        buildDefinition: { buildType: "https://t", externalParameters: {}, resolvedDependencies: dependencies },
        runDetails: { builder: { id: "https://b" }, metadata: { invocationId: "i", startedOn: "s", finishedOn: "f" } },
      }),
    );

  test("in one vocabulary", () => {
    expect(v1([{ uri: URI, digest: { gitCommit: COMMIT } }, { uri: "pkg:npm/x@1" }])).toEqual({
      version: "v1",
      builderId: "https://b",
      buildType: "https://t",
      invocationId: "i",
      startedOn: "s",
      finishedOn: "f",
      source,
      dependencyCount: 2,
    });
  });

  test.each([
    ["no dependency", []],
    ["a first one that is no repository", [{ uri: "pkg:npm/x@1" }, { uri: URI }]],
    ["a first one that a build tool reported", [{ uri: URI, annotations: { [REPORTED_BY]: "npm-pack" } }]],
    ["the same, with a value that says nothing", [{ uri: URI, annotations: { [REPORTED_BY]: null } }]],
  ])("%s: the source is unknown", (_what, dependencies) => {
    expect(v1(dependencies)?.source).toBeNull();
  });

  test("another annotation does not hide it", () => {
    expect(v1([{ uri: URI, annotations: { any: 1 } }])?.source).toMatchObject({ repository: source.repository });
  });
});

describe("v0.2", () => {
  const v02 = (change: object) =>
    readProvenance(statement(PROVENANCE_V02, { builder: { id: "https://b" }, buildType: "https://t", ...change }));
  const material = { uri: URI, digest: { sha1: COMMIT } };

  test("in one vocabulary", () => {
    const metadata = { buildInvocationId: "i", buildStartedOn: "s", buildFinishedOn: "f" };
    expect(v02({ invocation: { configSource: material }, metadata, materials: [{ uri: "pkg:x" }, material] })).toEqual({
      version: "v0.2",
      builderId: "https://b",
      buildType: "https://t",
      invocationId: "i",
      startedOn: "s",
      finishedOn: "f",
      source,
      dependencyCount: 2,
    });
  });

  test.each([
    [{ buildInvocationId: "i" }, "i"],
    [{ buildInvocationID: "i" }, "i"],
    [{ buildInvocationId: "", buildInvocationID: "i" }, "i"],
    [{}, null],
    [null, null],
  ])("the invocation of %j is %j", (metadata, invocationId) => {
    expect(v02({ metadata })?.invocationId).toBe(invocationId);
  });

  test("without a config source the first material is the source", () => {
    expect(v02({ invocation: { configSource: {} }, materials: [material] })?.source).toEqual(source);
    expect(v02({ materials: [material] })?.source).toEqual(source);
    expect(v02({})?.source).toBeNull();
  });
});

describe("v0.1", () => {
  const v01 = (change: object) =>
    readProvenance(
      statement(PROVENANCE_V01, { builder: { id: "https://b" }, recipe: { type: "https://t" }, ...change }),
    );

  test("says the same in other words", () => {
    const metadata = { buildInvocationId: "7", buildStartedOn: "a", buildFinishedOn: "b" };
    expect(v01({ metadata, materials: [{ uri: URI, digest: { sha1: COMMIT } }] })).toEqual({
      version: "v0.1",
      builderId: "https://b",
      buildType: "https://t",
      invocationId: "7",
      startedOn: "a",
      finishedOn: "b",
      source,
      dependencyCount: 1,
    });
    expect(v01({})).toMatchObject({ invocationId: null, source: null, dependencyCount: 0 });
  });

  test("without a recipe is malformed", () => {
    expect(() => v01({ recipe: null })).toThrow(expect.objectContaining({ code: "STATEMENT_MALFORMED" }));
  });
});

test.each([PROVENANCE_V1, PROVENANCE_V02, PROVENANCE_V01])("%s that is not well formed", (predicateType) => {
  for (const predicate of [null, {}, { builder: 1, buildDefinition: 2 }]) {
    expect(() => readProvenance(statement(predicateType, predicate))).toThrow(
      expect.objectContaining({ code: "STATEMENT_MALFORMED", expected: predicateType }),
    );
  }
});

describe("readSource", () => {
  const digest = { gitCommit: COMMIT };

  test.each([
    ["git+https://h/r", { repository: "https://h/r", ref: null }],
    ["git+https://h/r@refs/heads/main", { repository: "https://h/r", ref: "refs/heads/main" }],
    ["git+https://h/r@refs/heads/a@b", { repository: "https://h/r", ref: "refs/heads/a@b" }],
    ["git+ssh://git@h/r@refs/tags/v1", { repository: "ssh://git@h/r", ref: "refs/tags/v1" }],
  ])("%s", (uri, expected) => {
    expect(readSource({ uri, digest })).toEqual({ ...expected, commit: COMMIT });
  });

  test.each([
    ["nothing", undefined],
    ["no uri", { digest }],
    ["null", { uri: null, digest }],
    ["another scheme", { uri: "https://h/r", digest }],
    [
      "a branch that is called like another repository's tag",
      { uri: "git+https://h/r@refs/heads/x@refs/tags/v1", digest },
    ],
  ])("%s is no source", (_what, descriptor) => {
    expect(readSource(descriptor)).toBeNull();
  });

  test("the commit by gitCommit, else by v0.2's sha1, else unknown", () => {
    const commit = (set: Record<string, string> | null) => readSource({ uri: "git+https://h/r", digest: set })?.commit;
    expect(commit({ gitCommit: COMMIT, sha1: "d".repeat(40) })).toBe(COMMIT);
    expect(commit({ sha1: COMMIT })).toBe(COMMIT);
    expect(commit({ sha256: COMMIT })).toBeNull();
    expect(commit(null)).toBeNull();
  });
});
