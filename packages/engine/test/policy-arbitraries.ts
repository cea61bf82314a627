import { VSA_V1 } from "@touchmark/core";
import {
  denials as denialsOf,
  denyList,
  NOTHING_DENIED,
  standing,
  trustedKey,
  trustedVerifier,
} from "@touchmark/verify";
import fc from "fast-check";
import { statement } from "../../verify/test/judge-arbitraries.ts";
import { PREDICATE, sha256, type TestKey, type TestStatement, testKey } from "../../verify/test/signed-bundles.ts";

/** When policies are read. */
export const NOW = Date.parse("2026-06-15T12:00:00Z");
const PROVENANCE = "https://slsa.dev/provenance/v1";
export const [ours, theirs, plain, verifier, stranger] = [testKey(), testKey(), testKey(), testKey(), testKey()];

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

export const TRUST = [entry(ours, "ours", 3, "us"), entry(theirs, "theirs", 2, "them"), plain.trust];
export const VERIFIERS = [
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

/** Statements of every kind that a policy may ask for. */
export const anyKind = (of: typeof statement): fc.Arbitrary<TestStatement> =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.tuple(of(PROVENANCE), predicate).map(([one, said]) => ({ ...one, predicate: said })),
    },
    of("https://spdx.dev/Document").map((one) => ({ ...one, predicate: {} })),
    fc
      .tuple(of("https://in-toto.io/attestation/test-result/v0.1"), fc.constantFrom("PASSED", "FAILED"))
      .map(([one, result]) => ({ ...one, predicate: { result } })),
    fc.tuple(of(VSA_V1), summary).map(([one, said]) => ({ ...one, predicate: said })),
  );

export interface Signing {
  readonly by: TestKey;
  readonly what: TestStatement;
}
const kinds = anyKind(statement);
export const trusted = fc.record({ by: fc.constantFrom(ours, ours, theirs, plain, verifier), what: kinds });
export const untrusted = fc.record({ by: fc.constant(stranger), what: kinds });

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
export const policyFile = fc
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

export type Way = typeof policyFile extends fc.Arbitrary<infer T> ? T : never;
