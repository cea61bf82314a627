import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VSA_V1 } from "@touchmark/core";
import { withTestHost } from "@touchmark/testkit";
import { denials, denyList, trustedVerifier } from "@touchmark/verify";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PREDICATE, sha256, signedBytes, statementBytes, testKey } from "../../../verify/test/signed-bundles.ts";
import { type CheckOptions, check } from "../check.ts";
import { CheckReportSchema } from "../report-schema.ts";
import { summarize } from "../summary/summarize.ts";

const [key, stranger, verifier] = [testKey(), testKey(), testKey()];
const digest = (name: string) => ({ sha256: sha256(name) });
const named = (name: string) => `sha256:${sha256(name)}`;

/** Provenance of one file, which names these others as what was used. */
const built = (name: string, uses: readonly unknown[], by = key) =>
  signedBytes(
    by,
    statementBytes({
      subject: [{ name, digest: digest(name) }],
      predicate: {
        ...PREDICATE,
        buildDefinition: {
          ...PREDICATE.buildDefinition,
          resolvedDependencies: uses.map((one) => (typeof one === "string" ? { name: one, digest: digest(one) } : one)),
        },
      },
    }),
  );

const summary = (subject: object, change: object) =>
  signedBytes(
    verifier,
    statementBytes({
      subject: [subject],
      predicateType: VSA_V1,
      predicate: {
        verifier: { id: "https://verifier.example.com" },
        resourceUri: "pkg:generic/a@1",
        policy: { uri: "https://verifier.example.com/policy" },
        verificationResult: "PASSED",
        verifiedLevels: ["SLSA_BUILD_LEVEL_3"],
        ...change,
      },
    }),
  );
const accepting = {
  verifiers: [
    trustedVerifier({
      signer: verifier.trust,
      verifierId: "https://verifier.example.com",
      resourceUri: null,
      levels: [],
      rights: {
        entry: "v",
        levels: ["SLSA_BUILD_LEVEL_3", "SLSA_SOURCE_LEVEL_3"],
        resources: ["pkg:generic/*", "git+https://github.com/octo/*"],
      },
    }),
  ],
};

let base = "";
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "touchmark-deps-"));
});
afterAll(() => rm(base, { recursive: true }));

/** Verifies `tool` by evidence of these builds, one bundle a line. */
async function checked(bundles: readonly Uint8Array[], deps: number, options: Partial<CheckOptions> = {}) {
  const folder = await mkdtemp(join(base, "w-"));
  await writeFile(join(folder, "tool"), "tool");
  await writeFile(join(folder, "all.intoto.jsonl"), Buffer.concat(bundles.flatMap((one) => [one, Buffer.from("\n")])));
  const strict = { complete: false, anyName: false, recursive: false, fetchers: [], ignore: [] };
  const all = { targets: ["tool"], bundles: ["all.intoto.jsonl"], trust: [key.trust], ...strict, deps, ...options };
  const report = await withTestHost(folder, (host) => check(all, host));
  expect(CheckReportSchema.parse(report)).toEqual(report);
  return report;
}

const countsOf = async (bundles: readonly Uint8Array[], deps: number, options: Partial<CheckOptions> = {}) =>
  (await checked(bundles, deps, options)).artifacts[0]?.dependencies;

describe("what an artifact was built from", () => {
  it("is looked at by the same trust: what holds, and what nothing is about", async () => {
    const report = await checked([built("tool", ["a", "b"]), built("a", [])], 1);
    expect(report.artifacts[0]?.dependencies).toEqual({
      count: 2,
      levels: { SLSA_BUILD_LEVEL_0: 1, SLSA_BUILD_LEVEL_1: 1 },
    });
    expect(report.dependencies).toEqual(
      [
        { name: "a", status: "verified", levels: ["SLSA_BUILD_LEVEL_1"], statements: ["all.intoto.jsonl:2"] },
        { name: "b", status: "not-covered", levels: ["SLSA_BUILD_LEVEL_0"], statements: [] },
      ]
        .map((one) => ({ ...one, digest: named(one.name), uri: null, depth: 1 }))
        .sort((left, right) => (left.digest < right.digest ? -1 : 1)),
    );
  });

  it("is none where provenance names none, and null where nobody looks or the artifact does not hold", async () => {
    expect(await countsOf([built("tool", [])], 1)).toEqual({ count: 0, levels: {} });
    const { deps: _none, ...rest } = { deps: 1 };
    expect(await checked([built("other", ["a"])], 1, rest)).toMatchObject({
      artifacts: [{ status: "not-covered", dependencies: null }],
      dependencies: [],
    });
  });

  it("changes no verdict", async () => {
    expect(await checked([built("tool", ["a"])], 1)).toMatchObject({ result: "verified" });
  });

  it("is followed so many steps; one further is named, and not looked at", async () => {
    const chain = [built("tool", ["a"]), built("a", ["b"]), built("b", ["c"]), built("c", [])];
    const levels = async (deps: number) => (await countsOf(chain, deps))?.levels;
    expect(await levels(1)).toEqual({ SLSA_BUILD_LEVEL_1: 1, SLSA_BUILD_LEVEL_UNEVALUATED: 1 });
    expect(await levels(2)).toEqual({ SLSA_BUILD_LEVEL_1: 2, SLSA_BUILD_LEVEL_UNEVALUATED: 1 });
    expect(await levels(3)).toEqual({ SLSA_BUILD_LEVEL_1: 3 });
    expect(await levels(100)).toEqual({ SLSA_BUILD_LEVEL_1: 3 });
  });

  it("counts what is reached in two ways once", async () => {
    const diamond = [built("tool", ["a", "b"]), built("a", ["c"]), built("b", ["c"]), built("c", [])];
    expect(await countsOf(diamond, 5)).toEqual({ count: 3, levels: { SLSA_BUILD_LEVEL_1: 3 } });
  });

  it("ends where builds use each other, and the artifact is none of its own dependencies", async () => {
    const cycle = [built("tool", ["a", "tool"]), built("a", ["b"]), built("b", ["a", "tool"])];
    expect(await countsOf(cycle, 100)).toEqual({ count: 2, levels: { SLSA_BUILD_LEVEL_1: 2 } });
  });

  it("counts a revision on the source track, and a name alone not at all", async () => {
    const uses = [
      { uri: "git+https://github.com/octo/widgets@refs/tags/v1", digest: { gitCommit: "ab".repeat(20) } },
      { uri: "https://example.com/input" },
      { uri: "https://example.com/old", digest: { md5: "ab".repeat(16) } },
    ];
    expect(await countsOf([built("tool", uses)], 1)).toEqual({
      count: 3,
      levels: { SLSA_BUILD_LEVEL_UNEVALUATED: 2, SLSA_SOURCE_LEVEL_0: 1 },
    });
  });

  it("follows nothing that only a stranger says", async () => {
    const mine = [built("tool", ["a"])];
    const before = await countsOf(mine, 5);
    expect(before).toEqual({ count: 1, levels: { SLSA_BUILD_LEVEL_0: 1 } });
    expect(await countsOf([...mine, built("a", ["b"], stranger), built("tool", ["c"], stranger)], 5)).toEqual(before);
  });

  it("says FAILED of what is denied", async () => {
    const data = { version: 1, deny: [{ digest: named("a"), reason: "bad" }] };
    const list = denyList(data, { label: "deny.yaml", digest: sha256("deny.yaml") });
    const options = { denials: denials([list]) };
    expect(await countsOf([built("tool", ["a"]), built("a", [])], 1, options)).toEqual({
      count: 1,
      levels: { FAILED: 1 },
    });
  });

  it("takes the level that a trusted verifier assures, and needs nothing further of it", async () => {
    const bundles = [built("tool", ["a"]), summary({ name: "a", digest: digest("a") }, {})];
    expect(await countsOf(bundles, 5, accepting)).toEqual({ count: 1, levels: { SLSA_BUILD_LEVEL_3: 1 } });
  });

  it.each([
    ["git+https://github.com/octo/widgets", "SLSA_SOURCE_LEVEL_3"],
    ["git+https://github.com/octo/fork", "SLSA_SOURCE_LEVEL_0"],
  ])("and of a revision, where the summary is about this repository: %s", async (resourceUri, level) => {
    const uses = [
      { uri: "git+https://github.com/octo/widgets@refs/heads/main", digest: { gitCommit: "ab".repeat(20) } },
    ];
    const about = summary(
      { digest: { gitCommit: "ab".repeat(20) } },
      { resourceUri, verifiedLevels: ["SLSA_SOURCE_LEVEL_3"] },
    );
    expect(await countsOf([built("tool", uses), about], 1, accepting)).toEqual({ count: 1, levels: { [level]: 1 } });
  });
});

describe("an artifact that holds by a summary alone", () => {
  it("has no known dependencies, which is not the same as none", async () => {
    const bundles = [summary({ name: "tool", digest: digest("tool") }, {})];
    expect(await checked(bundles, 5, accepting)).toMatchObject({
      artifacts: [{ status: "verified", dependencies: null }],
    });
    expect(await countsOf([...bundles, built("tool", [])], 5, accepting)).toEqual({ count: 0, levels: {} });
  });
});

describe("laws", () => {
  const names = ["tool", "a", "b", "c", "d", "e"];
  const graph = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), {
    maxLength: 12,
    selector: (edge) => edge.join(),
  });

  it("every dependency counts once, whatever the order of evidence, and a further step never loses one", async () => {
    await fc.assert(
      fc.asyncProperty(graph, fc.integer({ min: 1, max: 4 }), async (edges, deps) => {
        const bundles = names.map((name) =>
          built(
            name,
            edges.filter(([from]) => from === name).map(([, to]) => to),
          ),
        );
        const one = await countsOf(bundles, deps);
        expect(await countsOf(bundles.toReversed(), deps)).toEqual(one);
        const reached = reach(edges, deps + 1);
        expect(one?.count).toBe(reached.size);
        expect(Object.values(one?.levels ?? {}).reduce((sum, each) => sum + each, 0)).toBe(reached.size);
        expect((await countsOf(bundles, deps + 1))?.count).toBeGreaterThanOrEqual(reached.size);
      }),
      { numRuns: 20 },
    );
  });
});

/** What can be reached from `tool` in so many steps, without `tool`. */
function reach(edges: readonly (readonly [string, string])[], steps: number): ReadonlySet<string> {
  let found = new Set(["tool"]);
  for (let step = 0; step < steps; step += 1) {
    found = new Set([...found, ...edges.filter(([from]) => found.has(from)).map(([, to]) => to)]);
  }
  found.delete("tool");
  return found;
}

describe("a verification summary", () => {
  const plan = {
    verifier: { id: "https://verifier.example.com", version: {} },
    timeVerified: "2026-01-15T12:00:00Z",
    policy: { uri: "https://verifier.example.com/policy" },
  };

  it.each([
    { kind: "release", resourceUri: "https://example.com/r" } as const,
    { kind: "artifacts", prefix: "https://example.com/r/" } as const,
  ])("says them only where somebody looked: $kind", async (scope) => {
    const bundles = [built("tool", ["a"])];
    const said = (report: Awaited<ReturnType<typeof checked>>) =>
      summarize(report, { ...plan, scope }).statements[0]?.predicate["dependencyLevels"];
    expect(said(await checked(bundles, 1))).toEqual({ SLSA_BUILD_LEVEL_0: 1 });
    expect(said(await checked([built("tool", [])], 1))).toEqual({});
    const { artifacts, ...rest } = await checked(bundles, 1);
    const unknown = { ...rest, artifacts: artifacts.map((one) => ({ ...one, dependencies: null })) };
    expect(said(unknown)).toBeUndefined();
    const none = { ...rest, artifacts: artifacts.map((one) => ({ ...one, dependencies: null })), dependencies: null };
    expect(said(none)).toBeUndefined();
  });
});
