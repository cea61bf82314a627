import { parseBundle } from "@touchmark/core";
import { type CompiledPolicy, compilePolicy, policyDocument } from "@touchmark/policy";
import { type FulcioClaims, githubRun } from "@touchmark/testkit/sigstore";
import { type Artifact, type Evidence, examine, judge, type SourcesByPolicy, standing } from "@touchmark/verify";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, githubPredicate, sign, trusting } from "../../../verify/test/certificate-cases.ts";
import { digest, file, subject } from "../../../verify/test/judge-cases.ts";
import { pieceOf, sha256, statementBytes } from "../../../verify/test/signed-bundles.ts";
import { policyExpectations } from "./policy-expectations.ts";

const SHARED = "octo/builder/.github/workflows/build.yml@refs/tags/v1.4.0";
const NOW = Date.parse("2026-01-16T00:00:00Z"); // twelve hours after everything was signed
const BUILD_TYPE = "https://actions.github.io/buildtypes/workflow/v1";
const TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1";
const COMMIT = "0123456789abcdef0123456789abcdef01234567";

const given = (entry: string, maxLevel: number, operator: string | null) =>
  standing({
    ...{ entry, place: "trust.yaml:1", maxLevel, operator, builders: "same-as-signer" },
    window: { from: null, until: null },
  });

/** A workflow that anybody may call, whose source is left to the policy; and each workflow of the organization for itself. */
const TRUST = [
  trusting({
    identity: `https://github.com/${SHARED}`,
    sourceByPolicy: true,
    standing: given("builder", 3, "octo"),
  }),
  trusting({
    identityPattern: String.raw`https://github\.com/octo/(?:widgets|gadgets)/\.github/workflows/release\.yml@refs/.+`,
    sourceByPolicy: true,
    standing: given("own", 2, null),
  }),
];

interface Run {
  readonly repository?: string;
  readonly ref?: string;
  readonly workflow?: string;
  readonly claims?: FulcioClaims;
  readonly name?: string;
  readonly content?: string;
  readonly predicateType?: string;
  /** Of a test. */
  readonly result?: string;
}

/** Signed once: what it is worth is asked for each policy. */
function bundleOf(run: Run): ReturnType<typeof parseBundle> {
  const { repository = "octo/widgets", ref = "refs/tags/v1.2.3", workflow, name = "tool", content = "a" } = run;
  const claims = { ...githubRun({ repository, ref, ...(workflow === undefined ? {} : { workflow }) }), ...run.claims };
  const { predicateType, result = "PASSED" } = run;
  const statement = {
    subject: [subject(name, content)],
    ...(predicateType === undefined
      ? { predicate: githubPredicate(claims) }
      : { predicateType, predicate: { result } }),
  };
  return parseBundle(bytesOf(sign({ leaf: { claims } }, {}, statementBytes(statement))));
}

const RUNS_OF_OURS: readonly Run[] = [
  ...["octo/widgets", "octo/gadgets"].flatMap((repository) =>
    [SHARED, undefined].flatMap((workflow): readonly Run[] => {
      const run = { repository, ...(workflow === undefined ? {} : { workflow }) };
      return [
        run,
        { ...run, ref: "refs/tags/v2.0.0" },
        { ...run, ref: "refs/heads/main" },
        { ...run, claims: { buildTrigger: "schedule", trigger: "schedule" } },
        { ...run, claims: { runnerEnvironment: "self-hosted" } },
        { ...run, name: "other" },
        { ...run, predicateType: "https://spdx.dev/Document" },
        { ...run, predicateType: TEST_RESULT },
        { ...run, predicateType: TEST_RESULT, result: "FAILED" },
      ];
    }),
  ),
  { repository: "octo/renamed", workflow: SHARED },
  { workflow: SHARED, claims: { sourceRepositoryId: "1002", sourceRepositoryOwnerId: "2003" } },
];
/** Nobody trusted signed it, or somebody trusted for a repository that no rule expects; whose id nobody else has. */
const EVIL = { sourceRepositoryId: "3003", sourceRepositoryOwnerId: "3004" };
const RUNS_OF_STRANGERS: readonly Run[] = [
  { repository: "evil/widgets", claims: EVIL },
  { repository: "evil/widgets", claims: EVIL, workflow: SHARED },
  { repository: "evil/widgets", claims: EVIL, workflow: SHARED, predicateType: "https://spdx.dev/Document" },
  { workflow: "evil/builder/.github/workflows/build.yml@refs/tags/v1.4.0" },
];
const BUNDLES = [...RUNS_OF_OURS, ...RUNS_OF_STRANGERS].map(bundleOf);
const OURS = RUNS_OF_OURS.map((_run, index) => index);
const STRANGERS = RUNS_OF_STRANGERS.map((_run, index) => RUNS_OF_OURS.length + index);

/** All that a policy can say of sources, as far as these bundles have them. */
const SOURCES = [
  { repository: "https://github.com/octo/widgets", repositoryId: "1001", ownerId: "2002" },
  { repository: "https://github.com/octo/widgets", repositoryId: "1002", ownerId: "2003" },
  { repository: "https://github.com/octo/gadgets", repositoryId: "1001", ownerId: "2002" },
  { repository: "https://github.com/octo/renamed", repositoryId: "1001", ownerId: "2002" },
  { repository: "https://github.com/evil/widgets", repositoryId: "3003", ownerId: "3004" },
];

const examined = new Map<string, Evidence>();

/** The evidence of a bundle under a policy: the same where two policies expect the same sources. */
function evidenceOf(index: number, expects: SourcesByPolicy): Evidence {
  const key = `${index} ${SOURCES.map(expects).join()}`;
  const bundle = BUNDLES[index];
  if (bundle === undefined) throw new RangeError(key);
  const known =
    examined.get(key) ??
    examine(`e${index}`, pieceOf(bundle), { trust: TRUST, wholeStatements: true, sourcesByPolicy: expects });
  examined.set(key, known);
  return known;
}

/** Everything that a rule may expect beside its source; of those that name the ref only one. */
const EXPECTATIONS = {
  tag: ["v{semver}", "v{semver} <2"],
  ref: ["refs/heads/main"],
  "versioned-tag": ["v1"],
  branch: ["main"],
  "owner-id": ["2002", "2003"],
  commit: [COMMIT, "ab".repeat(20)],
  "build-type": [BUILD_TYPE, "https://build.example.com/v1"],
  builder: [`https://github.com/${SHARED}`],
  parameters: [{ only: ["workflow"] }, { values: { "workflow.ref": "refs/tags/v1.2.3" } }, { only: ["inputs"] }],
  "workflow-inputs": [{ debug: "true" }],
  level: [1, 2, 3],
  trigger: ["push", ["push", "schedule"]],
  runner: ["github-hosted"],
  require: [
    ["provenance", "sbom"],
    ["provenance", "test-result"],
    ["provenance", "vsa"],
  ],
  "max-age": ["12h", "1h"],
  builders: [2],
  when: ['signer.trigger == "push"', 'artifact.name != "x/tool"', "statement.nothing == 1"],
} as const;
type Key = keyof typeof EXPECTATIONS;
const KEYS = Object.keys(EXPECTATIONS) as Key[];
const REF_KEYS: readonly Key[] = ["tag", "ref", "versioned-tag", "branch"];

type Rule = Readonly<Record<string, unknown>>;
const source: fc.Arbitrary<Rule> = fc.constantFrom<Rule>(
  { source: "github.com/octo/widgets" },
  { source: "github.com/octo/widgets" },
  { source: "github.com/octo/gadgets" },
  { source: "github.com/octo/widgets", "source-id": "1001" },
  { "any-source": true },
);
/** What several statements decide together comes more often: there they could stand in each other's way. */
const expectation = fc
  .constantFrom<Key>(...KEYS, "require", "require", "require", "require", "builders", "builders", "builders")
  .chain((key) => fc.constantFrom<unknown>(...EXPECTATIONS[key]).map((value) => [key, value] as const));

/** A rule with one expectation more; null where it has that key, or the two do not go together. */
function withMore(rule: Rule, [key, value]: readonly [Key, unknown]): Rule | null {
  const isTaken =
    Object.hasOwn(rule, key) || (REF_KEYS.includes(key) && REF_KEYS.some((one) => Object.hasOwn(rule, one)));
  if (isTaken || (key === "owner-id" && rule["source"] === undefined)) return null;
  return { ...rule, [key]: value };
}

const rule = fc
  .tuple(source, fc.array(expectation, { maxLength: 2 }), fc.constantFrom({}, {}, { "any-name": true }))
  .map(([from, more, naming]) => more.reduce<Rule>((all, one) => withMore(all, one) ?? all, { ...from, ...naming }));
const MATCHES = ["nothing", "tool", "**"];
const rules = fc
  .tuple(fc.subarray(MATCHES, { minLength: 1 }), fc.tuple(rule, rule, rule))
  .map(([matches, all]) => matches.map((match, index): Rule => ({ match, ...all[index] })));

const artifact: fc.Arbitrary<Artifact> = fc.constantFrom<Artifact>(
  file("tool", "a"),
  file("tool", "a", { place: "alone" }),
  file("x/tool", "a"),
  file("other", "a"),
  file("tool", "b"),
  digest(sha256("a")),
);
const artifacts = fc.array(artifact, { minLength: 1, maxLength: 3 });
const evidence = fc.subarray([...OURS], { minLength: 2, maxLength: 16 });

const compile = (all: readonly Rule[]): Promise<CompiledPolicy> =>
  compilePolicy(policyDocument({ version: 1, artifacts: all }, { label: "p", digest: "00".repeat(32) }), { now: NOW });

async function verdicts(these: readonly Artifact[], by: readonly number[], policy: CompiledPolicy) {
  const all = by.map((index) => evidenceOf(index, policy.expectsSource));
  return (await judge(these, all, { anyName: false, expectations: policyExpectations(policy) })).verdicts;
}

async function passes(...of: Parameters<typeof verdicts>): Promise<boolean[]> {
  return (await verdicts(...of)).map(({ status }) => status === "verified");
}

const RUNS = { numRuns: 500 };

describe("a policy over what certificates say", { timeout: 300_000 }, () => {
  it("never lets pass what it refused, when a rule expects more", async () => {
    const refusing = new Set<string>();
    const keeping = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(rules, fc.nat(), expectation, artifacts, evidence),
        async ([all, at, more, these, by]) => {
          const index = at % all.length;
          const stricter = withMore(all[index] ?? {}, more);
          fc.pre(stricter !== null);
          const before = await passes(these, by, await compile(all));
          const after = await passes(these, by, await compile(all.with(index, stricter)));
          for (const [position, pass] of after.entries()) {
            if (pass) expect(before[position]).toBe(true);
            if (before[position]) (pass ? keeping : refusing).add(more[0]);
          }
        },
      ),
      { numRuns: 800 },
    );
    // What passed before was refused by most of the keys, else this says nothing about them; and not by all that they expect.
    expect([...refusing].length).toBeGreaterThan(8);
    expect([...keeping].length).toBeGreaterThan(4);
  });

  it("never lets pass what it refused, when evidence is taken away", async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(rules, artifacts, evidence, fc.infiniteStream(fc.boolean())),
        async ([all, these, by, kept]) => {
          const policy = await compile(all);
          const before = await passes(these, by, policy);
          const after = await passes(
            these,
            by.filter(() => kept.next().value),
            policy,
          );
          for (const [index, pass] of after.entries()) {
            if (pass) expect(before[index]).toBe(true);
            if (pass) seen += 1;
          }
        },
      ),
      RUNS,
    );
    expect(seen).toBeGreaterThan(20);
  });

  it("gives the same whatever strangers add, and in any order", async () => {
    let seen = 0;
    const shuffled = (all: readonly number[]) =>
      fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length });
    const cases = fc
      .tuple(rules, artifacts, evidence, fc.subarray([...STRANGERS], { minLength: 1 }))
      .chain(([all, these, by, added]) =>
        fc.tuple(fc.constant(all), fc.constant(these), fc.constant(by), shuffled([...by, ...added])),
      );
    await fc.assert(
      fc.asyncProperty(cases, async ([all, these, by, more]) => {
        const policy = await compile(all);
        const before = await passes(these, by, policy);
        expect(await passes(these, more, policy)).toEqual(before);
        const straight = await verdicts(
          these,
          [...more].sort((left, right) => left - right),
          policy,
        );
        expect(await verdicts([...these].reverse(), more, policy)).toEqual([...straight].reverse());
        seen += before.filter(Boolean).length;
      }),
      RUNS,
    );
    expect(seen).toBeGreaterThan(20);
  });
});
