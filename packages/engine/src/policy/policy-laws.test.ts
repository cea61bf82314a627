import { VSA_V1 } from "@touchmark/core";
import { compilePolicy, policyDocument } from "@touchmark/policy";
import {
  type Artifact,
  denials as denialsOf,
  denyList,
  type Evidence,
  examine,
  judge,
  NOTHING_DENIED,
  standing,
  trustedKey,
  trustedVerifier,
} from "@touchmark/verify";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { artifact, statement } from "../../../verify/test/judge-arbitraries.ts";
import { tarball } from "../../../verify/test/judge-cases.ts";
import {
  PREDICATE,
  pieceOf,
  sha256,
  signed,
  type TestKey,
  type TestStatement,
  testKey,
} from "../../../verify/test/signed-bundles.ts";
import { policyExpectations } from "./policy-expectations.ts";

const NOW = Date.parse("2026-06-15T12:00:00Z");
const PROVENANCE = "https://slsa.dev/provenance/v1";
const [ours, theirs, plain, verifier, stranger] = [testKey(), testKey(), testKey(), testKey(), testKey()];

const entry = (key: TestKey, name: string, maxLevel: number, operator: string) =>
  trustedKey(key.pem, name, {
    standing: standing({
      entry: name,
      place: "trust.yaml:1",
      maxLevel,
      operator,
      builders: [PREDICATE.runDetails.builder.id],
      window: { from: null, until: null },
    }),
    source: null,
    builderIds: [],
    roots: null,
  });

const TRUST = [entry(ours, "ours", 3, "us"), entry(theirs, "theirs", 2, "them"), plain.trust];
const VERIFIERS = [
  trustedVerifier({ signer: verifier.trust, verifierId: "https://v.example.com", resourceUri: "tool", levels: [] }),
];

/** Built from one of two repositories, at one of some refs, with or without an input. */
const predicate = fc
  .record({
    repository: fc.constantFrom("widgets", "widgets", "gadgets"),
    ref: fc.constantFrom("tags/v1.0.0", "tags/pad@1.0.0", "tags/v2.0.0", "heads/main"),
    inputs: fc.constantFrom({}, { inputs: { debug: "true" } }),
  })
  .map(({ repository, ref, inputs }) => ({
    ...PREDICATE,
    buildDefinition: {
      ...PREDICATE.buildDefinition,
      externalParameters: inputs,
      resolvedDependencies: [
        { uri: `git+https://github.com/octo/${repository}@refs/${ref}`, digest: { gitCommit: "ab".repeat(20) } },
      ],
    },
  }));

const summary = fc.record({ level: fc.constantFrom(1, 3), passed: fc.boolean() }).map(({ level, passed }) => ({
  verifier: { id: "https://v.example.com" },
  resourceUri: "tool",
  policy: { uri: "https://v.example.com/p" },
  verificationResult: passed ? "PASSED" : "FAILED",
  verifiedLevels: passed ? [`SLSA_BUILD_LEVEL_${level}`] : ["FAILED"],
}));

const kinds: fc.Arbitrary<TestStatement> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(statement(PROVENANCE), predicate).map(([one, said]) => ({ ...one, predicate: said })),
  },
  statement("https://spdx.dev/Document").map((one) => ({ ...one, predicate: {} })),
  fc
    .tuple(statement("https://in-toto.io/attestation/test-result/v0.1"), fc.constantFrom("PASSED", "FAILED"))
    .map(([one, result]) => ({ ...one, predicate: { result } })),
  fc.tuple(statement(VSA_V1), summary).map(([one, said]) => ({ ...one, predicate: said })),
);

interface Signing {
  readonly by: TestKey;
  readonly what: TestStatement;
}
const trusted = fc.record({ by: fc.constantFrom(ours, ours, theirs, plain, verifier), what: kinds });
const untrusted = fc.record({ by: fc.constant(stranger), what: kinds });

/** Keys of one rule; each may be absent. */
const rule = fc
  .record(
    {
      source: fc.constantFrom("github.com/octo/widgets", "github.com/octo/gadgets"),
      tag: fc.constantFrom("v{semver}", "v{semver} <2", "{pkg}@{semver}"),
      level: fc.constantFrom(1, 2, 3),
      builders: fc.constantFrom(2),
      require: fc.constantFrom(["provenance", "sbom"], ["provenance", "test-result"], ["provenance", "vsa"]),
      "any-name": fc.constant(true),
      parameters: fc.constantFrom({ "reject-unknown": true }, { values: { "inputs.debug": "true" } }),
      when: fc.constantFrom(
        'artifact.names.all(n, !n.startsWith("pkg:npm/app"))',
        "!has(statement.predicate.buildDefinition.externalParameters.inputs)",
        'has(subject.name) && subject.name != "other"',
      ),
    },
    { requiredKeys: [] },
  )
  .map((keys) => (keys.source === undefined ? { ...keys, "any-source": true } : keys));

const MATCHES = ["tool", "x/**", "pkg:npm/pad@*", "*.tgz", "ghcr.io/octo/*", "demo", "**"];
const policyFile = fc
  .record({
    matches: fc.subarray(MATCHES, { minLength: 1 }),
    rules: fc.array(rule, { minLength: MATCHES.length, maxLength: MATCHES.length }),
    excepted: fc.constantFrom(null, null, "**", "pkg:npm/**"),
    denied: fc.constantFrom(null, null, null, "a", "b"),
    anyName: fc.boolean(),
  })
  .map(({ matches, rules, excepted, denied, anyName }) => ({
    anyName,
    denials:
      denied === null
        ? NOTHING_DENIED
        : denialsOf([
            denyList(
              {
                version: 1,
                deny: [{ reason: "bad", digest: `sha256:${sha256(denied)}`, key: `sha256:${ours.trust.digest}` }],
              },
              { label: "deny.yaml", digest: "ab".repeat(32) },
            ),
          ]),
    file: {
      version: 1,
      artifacts: matches.map((match, index) => ({ match, ...rules[index] })),
      ...(excepted === null
        ? {}
        : {
            exceptions: [
              { match: excepted, digest: `sha256:${sha256("c")}`, until: "2027-01-01", reason: "old", by: "somebody" },
            ],
          }),
    },
  }));

type Way = typeof policyFile extends fc.Arbitrary<infer T> ? T : never;

function evidenceOf(signings: readonly Signing[], prefix: string, { denials }: Way): readonly Evidence[] {
  return signings.map(({ by, what }, index) =>
    examine(`${prefix}${index}`, pieceOf(signed(by, what)), {
      trust: TRUST,
      verifiers: VERIFIERS,
      denials,
      wholeStatements: true,
    }),
  );
}

async function verdicts(these: readonly Artifact[], by: readonly Evidence[], { file, denials, anyName }: Way) {
  const policy = await compilePolicy(policyDocument(file, { label: "p", digest: "00".repeat(32) }), { now: NOW });
  return (await judge(these, by, { anyName, denials, expectations: policyExpectations(policy) })).verdicts;
}

async function passes(...of: Parameters<typeof verdicts>): Promise<boolean[]> {
  return (await verdicts(...of)).map(({ status }) => status === "verified" || status === "exception");
}

const artifacts = fc.array(artifact, { minLength: 1, maxLength: 3 });
const RUNS = { numRuns: 300 };

describe("a policy, for any artifacts and evidence", { timeout: 300_000 }, () => {
  it("never lets pass what it refused, when evidence is taken away", async () => {
    let seen = 0;
    const cases = fc.tuple(fc.array(fc.tuple(trusted, fc.boolean()), { maxLength: 6 }), artifacts, policyFile);
    await fc.assert(
      fc.asyncProperty(cases, async ([signings, these, way]) => {
        const all = evidenceOf(
          signings.map(([one]) => one),
          "e",
          way,
        );
        const before = await passes(these, all, way);
        const after = await passes(
          these,
          all.filter((_one, index) => signings[index]?.[1]),
          way,
        );
        for (const [index, pass] of after.entries()) {
          if (pass) expect(before[index]).toBe(true);
          if (pass) seen += 1;
        }
      }),
      RUNS,
    );
    expect(seen).toBeGreaterThan(3); // about 24: that the law was not held by nothing
  });

  it("gives the same whatever a stranger adds, and in any order", async () => {
    const cases = fc.tuple(
      fc.array(trusted, { maxLength: 5 }),
      fc.array(untrusted, { minLength: 1, maxLength: 3 }),
      artifacts,
      policyFile,
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([own, added, these, way]) => {
        const mine = evidenceOf(own, "m", way);
        const more = [...evidenceOf(added, "a", way), ...evidenceOf(added, "z", way)];
        const before = await passes(these, mine, way);
        expect(await passes(these, [...more, ...mine], way)).toEqual(before);
        const all = [...mine, ...more];
        const straight = await verdicts(these, all, way);
        const mixed = await verdicts([...these].reverse(), [...all].reverse(), way);
        expect([...mixed].reverse()).toEqual(straight);
      }),
      RUNS,
    );
  });

  it("knows what a package is called whether or not a statement says so", async () => {
    const way: Way = {
      anyName: false,
      denials: NOTHING_DENIED,
      file: {
        version: 1,
        artifacts: [{ match: "**", "any-source": true, when: 'artifact.names.all(n, !n.startsWith("pkg:npm/app"))' }],
      },
    };
    const subjects = (...names: string[]) => names.map((name) => ({ name, digest: { sha256: sha256("a") } }));
    const these = [tarball("pad-1.0.0.tgz", "a", "pkg:npm/app@1.0.0")];
    const both = evidenceOf(
      [subjects("pad-1.0.0.tgz"), subjects("pkg:npm/app@1.0.0")].map((subject) => ({ by: ours, what: { subject } })),
      "e",
      way,
    );
    expect(await passes(these, both, way)).toEqual([false]);
    expect(await passes(these, both.slice(0, 1), way)).toEqual([false]);
  });
});
