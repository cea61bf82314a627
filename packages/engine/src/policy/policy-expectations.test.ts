import { type Finding, finding } from "@touchmark/core";
import type { ArtifactFacts, StatementFacts } from "@touchmark/policy";
import type { Artifact, Beside, Covering } from "@touchmark/verify";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../../test/test-policy.ts";
import { platformsIn } from "./platforms-in.ts";
import { policyExpectations } from "./policy-expectations.ts";
import { releaseDemand } from "./release-demand.ts";

const FILE: Artifact = { kind: "file", name: "x/tool", place: "folder", digests: {}, identify: null };
const WRONG = finding("SOURCE_MISMATCH", "another");
const WIDGETS = "https://github.com/octo/widgets";
const CALLED = "https://github.com/octo/builder/.github/workflows/b.yml@refs/tags/v1";

/** Signed by a workflow that others call, whose source trust leaves to a policy, or by a key. */
const one = (sourceRepository: string | null, { stated = sourceRepository, left = true, name = "e" } = {}) => {
  const identity = sourceRepository === null ? "" : CALLED;
  const trust = { kind: "identity", identity: { exact: identity }, issuer: "", sourceByPolicy: left, standing: null };
  const signer =
    sourceRepository === null
      ? { kind: "key", digest: "11", standing: null }
      : { kind: "identity", identity, trust, claims: { sourceRepository }, times: [] };
  const predicate = { builderId: "b", buildType: "t", source: stated === null ? null : { repository: stated } };
  const statement = { predicateType: "p", predicate: null, subject: [] };
  const evidence = { name, verified: { statement, predicate, signer } };
  return { evidence, subject: { digest: {} } } as unknown as Covering & Beside;
};

describe("what a policy expects", () => {
  it("is by what is known of the artifact, and remembered", () => {
    const asked: ArtifactFacts[] = [];
    const exception = finding("EXCEPTION_APPLIES", "let through");
    const policy = testPolicy({ anyName: true, exception }, { namesPackages: true }, asked);
    const expectations = policyExpectations(policy);
    expect(expectations.namesPackages).toBe(true);
    expect(expectations.ruleOf(FILE)).toBeNull();
    expect(expectations.of(FILE, "pkg:npm/a@1")).toMatchObject({ anyName: true, exception });
    expect(asked.map(({ names }) => names)).toEqual([["x/tool", "tool", "pkg:npm/a@1"]]);
    expect(expectations.ruleOf(FILE)?.place).toBe("policy.yaml:3");
  });

  it.each<[string, boolean, readonly Finding[], Covering, readonly string[]]>([
    ["a source that it compares", true, [], one(WIDGETS), []],
    ["a source that it compares, and that is another", true, [WRONG], one(WIDGETS), ["SOURCE_MISMATCH"]],
    ["a source that nobody compares", false, [], one(WIDGETS), ["SOURCE_UNSET"]],
    ["a source that nobody compares, beside more", false, [WRONG], one(WIDGETS), ["SOURCE_MISMATCH", "SOURCE_UNSET"]],
    ["a source that trust compared", false, [], one(WIDGETS, { left: false }), []],
    ["a key's source", false, [], one(null), []],
  ])("of %s", (_what, comparesSource, said, covering, expected) => {
    const { statement } = policyExpectations(testPolicy({ comparesSource, statement: () => said })).of(FILE, null);
    expect(statement(covering).map(({ code }) => code)).toEqual(expected);
  });

  const gadgets = "https://github.com/octo/gadgets";
  it.each<[string, Beside, readonly Covering[], readonly string[]]>([
    ["a key", one(null, { name: "o" }), [], ["o"]],
    ["whom trust said the source of", one(WIDGETS, { name: "o", left: false }), [], ["o"]],
    ["whoever built it", one(WIDGETS, { name: "o" }), [one(WIDGETS)], ["o"]],
    ["whoever built it, as a key says", one(WIDGETS, { name: "o" }), [one(null, { stated: WIDGETS })], ["o"]],
    ["whoever built it, under a name that means the same", one(`${WIDGETS}.git`, { name: "o" }), [one(WIDGETS)], ["o"]],
    ["whoever built one of several", one(WIDGETS, { name: "o" }), [one(gadgets), one(WIDGETS)], ["o"]],
    ["somebody else", one(gadgets, { name: "o" }), [one(WIDGETS)], []],
    [
      "somebody whose certificate differs from the statement",
      one(WIDGETS, { name: "o" }),
      [one(gadgets, { stated: WIDGETS })],
      [],
    ],
    ["somebody, where nobody says who built it", one(WIDGETS, { name: "o" }), [one(null)], []],
    ["somebody, where nothing satisfied", one(WIDGETS, { name: "o" }), [], []],
  ])("of all together, what stands beside by %s", (_whom, other, satisfying, expected) => {
    const seen: (readonly StatementFacts[])[] = [];
    const policy = testPolicy({
      comparesSource: true,
      whole: (satisfied, others) => {
        seen.push(satisfied, others);
        return [WRONG];
      },
    });
    expect(policyExpectations(policy).of(FILE, null).whole(satisfying, [other])).toEqual([WRONG]);
    expect(seen.map((facts) => facts.map(({ evidence }) => evidence))).toEqual([satisfying.map(() => "e"), expected]);
  });
});

it("of all together, nothing by somebody of whom nobody knows the source", () => {
  const beside = one(null, { name: "o" });
  const trust = { kind: "cloud-build", source: { kind: "by-policy" }, standing: null };
  const signer = { kind: "cloud-build", keyId: "k", digest: "22", trust };
  const { statement } = beside.evidence.verified;
  const unknown = {
    ...beside,
    evidence: { ...beside.evidence, verified: { statement, predicate: null, signer } },
  } as unknown as Beside;
  const seen: (readonly StatementFacts[])[] = [];
  const policy = testPolicy({
    whole: (_satisfied, others) => {
      seen.push(others);
      return [];
    },
  });
  policyExpectations(policy)
    .of(FILE, null)
    .whole([one(null)], [unknown]);
  expect(seen).toEqual([[]]);
});

it("of an image, the platforms by its rule", () => {
  const asked: ArtifactFacts[] = [];
  const digest = `sha256:${"ab".repeat(32)}`;
  const root = { kind: "image", name: `x@${digest}`, repository: "ghcr.io/octo/x", digest, platform: "linux/arm64" };
  const of = platformsIn(testPolicy({ platforms: ["linux/amd64"] }, {}, asked));
  expect(of(root as unknown as Parameters<typeof of>[0])).toEqual(["linux/amd64"]);
  expect(asked).toEqual([
    {
      kind: "image",
      name: `x@${digest}`,
      names: ["ghcr.io/octo/x"],
      digests: [digest],
      platform: "linux/arm64",
    },
  ]);
});

describe("a list of the release", () => {
  const list = { of: "widgets", accepts: () => true };
  const policy = testPolicy({}, { release: { version: null, monotonic: false, list } });

  it("is demanded by the caller, by the policy, or by both", () => {
    expect(releaseDemand({})).toBeNull();
    expect(releaseDemand({ policy: testPolicy() })).toBeNull();
    expect(
      releaseDemand({ policy: testPolicy({}, { release: { version: "1.x", monotonic: true, list: null } }) }),
    ).toBeNull();
    expect(releaseDemand({ release: { version: "1.0.0" } })).toEqual({ version: "1.0.0" });
    expect(releaseDemand({ release: { version: "1.0.0" }, policy: testPolicy() })).toEqual({ version: "1.0.0" });
    expect(releaseDemand({ policy })).toEqual({ version: null, only: list });
    expect(releaseDemand({ release: { version: "1.0.0" }, policy })).toEqual({ version: "1.0.0", only: list });
  });
});
