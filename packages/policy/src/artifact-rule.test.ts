import { PROVENANCE_V1, PROVENANCE_V02 } from "@touchmark/core";
import { leastCpuMs } from "@touchmark/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  artifact,
  BY_KEY,
  COMMIT,
  codes,
  compiled,
  DAY,
  facts,
  findings,
  NOW,
  other,
  RULE,
  SPDX,
  TEST_RESULT,
  VSA,
} from "../test/facts.ts";

type Facts = Parameters<typeof facts>[0];

const vsa = (changes: Facts = {}) =>
  other(
    VSA,
    {},
    {
      summary: {
        verifierId: "https://v.example.com",
        resourceUri: "r",
        levels: ["SLSA_BUILD_LEVEL_3"],
        timeVerified: null,
      },
      signer: BY_KEY,
      ...changes,
    },
  );

describe("a rule expects of a statement", () => {
  // Each: keys of the rule that the statement satisfies; the same with one change that they refuse; the code.
  it.each<[string, object, object, Facts, string]>([
    [
      "source",
      {},
      { source: "github.com/octo/widget" },
      { source: { repository: "https://github.com/evil/widgets" } },
      "SOURCE_MISMATCH",
    ],
    [
      "source, said",
      {},
      { source: "https://github.com/octo/gadgets" },
      { source: { repository: null } },
      "SOURCE_MISMATCH",
    ],
    [
      "source-id",
      { "source-id": "1234" },
      { "source-id": "1235" },
      { signer: { sourceRepositoryId: "1" } },
      "SOURCE_MISMATCH",
    ],
    ["source-id, certified", { "source-id": "1234" }, { "source-id": "12" }, { signer: BY_KEY }, "SOURCE_MISMATCH"],
    ["owner-id", { "owner-id": "99" }, { "owner-id": "98" }, { signer: { sourceOwnerId: null } }, "SOURCE_MISMATCH"],
    ["ref", { ref: "refs/tags/v1.2.3" }, { ref: "refs/heads/main" }, { source: { ref: null } }, "SOURCE_MISMATCH"],
    [
      "tag",
      { tag: "v{semver} >=1.2" },
      { tag: "v{semver} >=2" },
      { source: { ref: "refs/heads/v1.2.3" } },
      "TAG_MISMATCH",
    ],
    ["tag, of a branch", { tag: "v1.2.3" }, { tag: "v1" }, { source: { ref: "refs/heads/v1.2.3" } }, "TAG_MISMATCH"],
    ["tag, said", { tag: "v1.2.3" }, { tag: "v1" }, { source: { ref: null } }, "TAG_MISMATCH"],
    ["tag, of another kind", { tag: "v1.2.3" }, { tag: "v1" }, { source: { ref: "refs/pull/v1.2.3" } }, "TAG_MISMATCH"],
    ["tag, exact", { tag: "v1.2.3" }, { tag: "v1.2" }, { source: { ref: "refs/tags/v1.2.4" } }, "TAG_MISMATCH"],
    [
      "versioned-tag",
      { "versioned-tag": "v1.2" },
      { "versioned-tag": "v1.3" },
      { source: { ref: "refs/tags/v2.2.0" } },
      "TAG_MISMATCH",
    ],
    [
      "versioned-tag, said",
      { "versioned-tag": "v1" },
      { "versioned-tag": "v2" },
      { source: { ref: null } },
      "TAG_MISMATCH",
    ],
    [
      "versioned-tag, of a branch",
      { "versioned-tag": "v1" },
      { "versioned-tag": "v2" },
      { source: { ref: "refs/heads/v1.2.3" } },
      "TAG_MISMATCH",
    ],
    ["commit", { commit: COMMIT }, { commit: "ab".repeat(20) }, { source: { commit: null } }, "SOURCE_MISMATCH"],
    [
      "build-type",
      { "build-type": "https://build.example.com/v1" },
      { "build-type": "https://build.example.com" },
      { provenance: { buildType: "https://x" } },
      "BUILD_TYPE_MISMATCH",
    ],
    [
      "builder",
      { builder: ["https://x", "https://builder.example.com/v1"] },
      { builder: ["https://x"] },
      { provenance: { builderId: "https://builder.example.com/v12" } },
      "BUILDER_MISMATCH",
    ],
    [
      "only",
      { parameters: { only: ["workflow", "inputs"] } },
      { parameters: { only: ["workflow"] } },
      { provenance: { externalParameters: { workflow: {}, extra: 1 } } },
      "PARAMETER_UNEXPECTED",
    ],
    [
      "values",
      { parameters: { values: { "inputs.dry": false } } },
      { parameters: { values: { "inputs.dry": "false" } } },
      { provenance: { externalParameters: {} } },
      "PARAMETER_UNEXPECTED",
    ],
    [
      "reject-unknown",
      {
        parameters: {
          "reject-unknown": true,
          values: {
            "workflow.ref": "refs/tags/v1.2.3",
            "workflow.path": ".github/workflows/release.yml",
            "inputs.dry": false,
            "inputs.release_tag": "v1.2.3",
          },
        },
      },
      { parameters: { "reject-unknown": true } },
      { provenance: { externalParameters: { ...facts().provenance?.externalParameters, x: 1 } } },
      "PARAMETER_UNEXPECTED",
    ],
    [
      "workflow-inputs",
      { "workflow-inputs": { dry: "false", release_tag: "v1.2.3" } },
      { "workflow-inputs": { dry: true } },
      { provenance: { externalParameters: { inputs: { dry: true, release_tag: "v1.2.3" } } } },
      "PARAMETER_UNEXPECTED",
    ],
    ["level", { level: 3 }, {}, { standing: { level: 2 } }, "LEVEL_TOO_LOW"],
    [
      "trigger",
      { trigger: ["release", "push"] },
      { trigger: "release" },
      { signer: { trigger: null } },
      "CERTIFICATE_MISMATCH",
    ],
    [
      "runner",
      { runner: "github-hosted" },
      { runner: "gitlab-hosted" },
      { signer: { runner: "self-hosted" } },
      "CERTIFICATE_MISMATCH",
    ],
    ["max-age", { "max-age": "10d" }, { "max-age": "9d" }, { times: [NOW - 10 * DAY - 1] }, "TOO_OLD"],
    ["max-age, proven", { "max-age": "180d" }, { "max-age": "1h" }, { times: null }, "TOO_OLD"],
    [
      "max-age, by the first time",
      { "max-age": "10d" },
      { "max-age": "9d" },
      { times: [NOW, NOW - 11 * DAY] },
      "TOO_OLD",
    ],
    [
      "when",
      { when: "statement.predicate.n == 3" },
      { when: "statement.predicate.n == 4" },
      { statement: null },
      "CONDITION_FAILED",
    ],
  ])("%s", async (_, rule, otherRule, changes, code) => {
    expect(await codes(rule)).toEqual([]);
    if (Object.keys(otherRule).length > 0) expect(await codes(otherRule)).toEqual([code]);
    expect(await codes(rule, { statements: [facts(changes)] })).toEqual([code]);
    // And nothing else refuses it.
    const without = Object.fromEntries(Object.keys(rule).map((key) => [key, undefined]));
    if (Object.keys(rule).length > 0) expect(await codes(without, { statements: [facts(changes)] })).toEqual([]);
  });

  it("branch", async () => {
    const onMain = facts({ source: { ref: "refs/heads/main" } });
    expect(await codes({ branch: ["main", "next"] }, { statements: [onMain] })).toEqual([]);
    expect(await codes({ branch: "mai" }, { statements: [onMain] })).toEqual(["SOURCE_MISMATCH"]);
    for (const ref of ["refs/tags/main", "refs/merge/main", null]) {
      expect(await codes({ branch: "main" }, { statements: [facts({ source: { ref } })] })).toEqual([
        "SOURCE_MISMATCH",
      ]);
    }
  });

  it("a repository under another name, where the id is the same", async () => {
    const renamed = (repository: string) => [facts({ source: { repository } })];
    expect(await codes({ "source-id": "1234" }, { statements: renamed("https://github.com/octo/renamed") })).toEqual(
      [],
    );
    expect(await codes({}, { statements: renamed("https://github.com/octo/renamed") })).toEqual(["SOURCE_MISMATCH"]);
    expect(await codes({ "source-id": "1234" }, { statements: [facts({ source: { repository: null } })] })).toEqual([
      "SOURCE_MISMATCH",
    ]);
    // Another host counts its own ids.
    expect(await codes({ "source-id": "1234" }, { statements: renamed("https://gitlab.com/octo/widgets") })).toEqual([
      "SOURCE_MISMATCH",
    ]);
    expect(await codes({ "owner-id": "99" }, { statements: renamed("https://github.com/octo/renamed") })).toEqual([
      "SOURCE_MISMATCH",
    ]);
  });

  it("a tag of the package that it is", async () => {
    const sdk = artifact({ names: ["pkg:npm/%40octo/sdk@1.2.3", "tool"] });
    const tagged = (tag: string) => [facts({ source: { ref: `refs/tags/${tag}` } })];
    expect(await codes({ tag: "{pkg}@{semver}" }, { artifact: sdk, statements: tagged("sdk@1.2.3") })).toEqual([]);
    expect(await codes({ tag: "{pkg}@{semver}" }, { artifact: sdk, statements: tagged("cli@1.2.3") })).toEqual([
      "TAG_MISMATCH",
    ]);
  });

  it("the release's version", async () => {
    const release = (version: string) => ({ policy: { release: { version } } });
    expect(await codes({}, release("1.2.3"))).toEqual([]);
    expect(await codes({}, release(">=1 <2"))).toEqual([]);
    expect(await codes({}, release("monotonic"))).toEqual([]);
    expect(await codes({}, release("1.2.4"))).toEqual(["RELEASE_MISMATCH"]);
    expect(
      await codes({}, { ...release(">=1 <2"), statements: [facts({ source: { ref: "refs/heads/main" } })] }),
    ).toEqual(["RELEASE_MISMATCH"]);
    expect(await codes({}, { ...release(">=1 <2"), statements: [facts({ source: { ref: null } })] })).toEqual([
      "RELEASE_MISMATCH",
    ]);
  });

  it.each([`${"1.2.3-".repeat(330)}!`, "-".repeat(2_000), `v1.0.0-${"0".repeat(1_900)}!`, `${"v1".repeat(900)}.`])(
    "nothing that takes long for a tag of any kind: %#",
    async (tag) => {
      const rule = (await compiled([{ ...RULE, tag: "v{semver} >=1" }], { release: { version: "1.x" } })).ruleFor(
        artifact(),
      );
      const one = facts({ source: { ref: `refs/tags/${tag}` } });
      expect(await leastCpuMs(100, () => rule.statement(one))).toBeLessThan(100);
    },
  );

  it("a parameter by where it stands, also with dots in its name", async () => {
    const dotted = { statements: [facts({ provenance: { externalParameters: { "workflow.ref": "x" } } })] };
    expect(await codes({ parameters: { only: ["workflow"] } }, dotted)).toEqual(["PARAMETER_UNEXPECTED"]);
    expect(await codes({ parameters: { only: ["workflow.ref"] } }, dotted)).toEqual(["PARAMETER_UNEXPECTED"]);
    expect(await codes({ parameters: { only: ['"workflow.ref"'] } }, dotted)).toEqual([]);
    expect(await codes({ parameters: { values: { '"workflow.ref"': "x" } } }, dotted)).toEqual([]);
  });

  it.each<[unknown, boolean]>([
    [{}, true],
    [{ tag: "v1" }, true],
    [{ tag: { a: 1 } }, true],
    [{ tag: "v1", other: 1 }, false],
    [{ other: null }, false],
    ["text", false],
    [[], false],
    [null, false],
  ])("only some of a section: %j", async (inputs, fits) => {
    const statements = [facts({ provenance: { externalParameters: { inputs } } })];
    expect(await codes({ parameters: { only: ["inputs.tag"] } }, { statements })).toEqual(
      fits ? [] : ["PARAMETER_UNEXPECTED"],
    );
  });

  it("the inputs of a workflow where older provenance has them, and in one place", async () => {
    const inputs = (externalParameters: Record<string, unknown>) => ({
      statements: [facts({ provenance: { externalParameters } })],
    });
    const rule = { "workflow-inputs": { debug: false } };
    expect(await codes(rule, inputs({ event_inputs: { debug: "false" } }))).toEqual([]);
    expect(await codes(rule, inputs({ event_inputs: { debug: "false" }, inputs: { debug: "true" } }))).toEqual([
      "PARAMETER_UNEXPECTED",
    ]);
    expect(await codes(rule, inputs({ event_inputs: { debug: "true" }, inputs: { debug: "false" } }))).toEqual([
      "PARAMETER_UNEXPECTED",
    ]);
    expect(await codes(rule, inputs({ undefined: { debug: "false" } }))).toEqual(["PARAMETER_UNEXPECTED"]);
    expect(await codes(rule, inputs({ inputs: { debug: null } }))).toEqual(["PARAMETER_UNEXPECTED"]);
    expect(await codes({ "workflow-inputs": { constructor: "x" } }, inputs({ inputs: {} }))).toEqual([
      "PARAMETER_UNEXPECTED",
    ]);
  });

  it("no parameter beside the inputs that it names, where it rejects others", async () => {
    const of = (externalParameters: Record<string, unknown>) => ({
      statements: [facts({ provenance: { externalParameters } })],
    });
    const rule = { "workflow-inputs": { debug: false }, parameters: { "reject-unknown": true } };
    expect(await codes(rule, of({ inputs: { debug: "false" } }))).toEqual([]);
    expect(await codes(rule, of({ event_inputs: { debug: "false" } }))).toEqual([]);
    for (const more of [{ inputs: { debug: "false", more: "" } }, { inputs: { debug: "false" }, debug: "false" }]) {
      expect(await codes(rule, of(more))).toEqual(["PARAMETER_UNEXPECTED"]);
    }
  });

  it("nothing but a match and a source, of a rule with no more", async () => {
    const statements = [facts({ signer: BY_KEY, times: null, standing: { level: 0, operator: null } })];
    expect(await codes({}, { statements })).toEqual([]);
    expect(
      await codes({ source: undefined, "any-source": true }, { statements: [facts({ source: { repository: null } })] }),
    ).toEqual([]);
  });
});

describe("a verification summary", () => {
  it("does not stand for what only provenance says", async () => {
    expect(await codes({}, { statements: [vsa()] })).toEqual(["PREDICATE_MISSING"]);
    expect(await codes({ source: undefined, require: ["vsa"] }, { statements: [vsa()] })).toEqual([]);
    expect(await codes({ require: ["provenance", "vsa"] }, { statements: [vsa()] })).toEqual(["PREDICATE_MISSING"]);
    expect(await codes({ require: ["provenance", "vsa"] }, { statements: [vsa(), facts()] })).toEqual([]);
  });

  it("is not what covers, where the rule asks for no summary", async () => {
    const of = async (rule: object) => (await compiled([{ ...RULE, ...rule }])).ruleFor(artifact());
    const asked = { source: undefined, require: ["vsa"] };
    for (const [rule, one, expected, actual] of [
      [{}, vsa(), "provenance", "a verification summary"],
      [{}, other(SPDX), "provenance", "another kind of statement"],
      [asked, other(SPDX), "vsa", "another kind of statement"],
      [{ require: ["provenance", "vsa"] }, other(SPDX), "provenance, vsa", "another kind of statement"],
    ] as const) {
      expect((await of(rule)).statement(one)).toMatchObject([{ code: "PREDICATE_MISSING", expected, actual }]);
    }
    for (const one of [facts(), vsa()]) expect((await of(asked)).statement(one)).toEqual([]);
  });

  it("is not asked what only provenance says", async () => {
    const rule = { require: ["provenance", "vsa"], tag: "v{semver}", builder: "https://builder.example.com/v1" };
    const policy = { release: { version: "1.x" } };
    const { statement } = (await compiled([{ ...RULE, ...rule }], policy)).ruleFor(artifact());
    expect(statement(vsa())).toEqual([]);
  });

  it("must be one that its verifier may give", async () => {
    expect(await codes({ require: ["provenance", "vsa"] }, { others: [vsa()] })).toEqual([]);
    expect(await codes({ require: ["provenance", "vsa"] }, { others: [vsa({ summary: null })] })).toEqual([
      "PREDICATE_MISSING",
    ]);
    expect(await codes({ source: undefined, require: ["vsa"] }, { statements: [vsa({ summary: null })] })).toEqual([
      "PREDICATE_MISSING",
    ]);
  });

  it("gives no more than its verifier's level", async () => {
    const rule = { source: undefined, require: ["vsa"], level: 3 };
    expect(await codes(rule, { statements: [vsa({ standing: { level: 2 } })] })).toEqual(["LEVEL_TOO_LOW"]);
  });
});

describe("a rule requires, of all statements together", () => {
  it.each<[string, ReturnType<typeof other>, ReturnType<typeof other>]>([
    ["sbom", other(SPDX), other("https://example.com/sbom")],
    ["sbom", other("https://cyclonedx.org/bom"), other("https://cyclonedx.org/bombs")],
    ["sbom", other("https://spdx.dev/Document"), other("https://spdx.dev/Documents/v2.3")],
    ["test-result", other(TEST_RESULT, { result: "PASSED" }), other(TEST_RESULT, { result: "FAILED" })],
    ["test-result", other(TEST_RESULT, { result: "PASSED" }), other(TEST_RESULT, { result: "WARNED" })],
    [TEST_RESULT, other(TEST_RESULT, { result: "PASSED" }), other(TEST_RESULT, {})],
    ["vulns", other("https://in-toto.io/attestation/vulns/v0.2"), other("https://in-toto.io/attestation/vulns/v0.9")],
    ["https://example.com/x", other("https://example.com/x"), other("https://example.com/x/v2")],
  ])("%s", async (kind, good, bad) => {
    const rule = { require: ["provenance", kind] };
    expect(await codes(rule)).toEqual(["PREDICATE_MISSING"]);
    expect(await codes(rule, { others: [bad] })).toEqual(["PREDICATE_MISSING"]);
    expect(await codes(rule, { others: [bad, good] })).toEqual([]);
    expect(await codes({}, { others: [bad] })).toEqual([]);
  });

  it("provenance of one version, which covers", async () => {
    expect(await codes({ require: [PROVENANCE_V1] })).toEqual([]);
    expect(
      await codes(
        { require: [PROVENANCE_V1] },
        { statements: [facts({ predicateType: PROVENANCE_V02 })], others: [facts()] },
      ),
    ).toEqual(["PREDICATE_MISSING"]);
  });

  it("nothing of whoever calls a shared workflow from elsewhere", async () => {
    const rule = { require: ["provenance", "sbom"] };
    const elsewhere = { sourceRepository: "https://github.com/evil/widgets" };
    expect(await codes(rule, { others: [other(SPDX, {}, { signer: elsewhere })] })).toEqual(["PREDICATE_MISSING"]);
    expect(
      await codes(
        { ...rule, "source-id": "1234" },
        { others: [other(SPDX, {}, { signer: { sourceRepositoryId: "6" } })] },
      ),
    ).toEqual(["PREDICATE_MISSING"]);
    const ownWorkflow = {
      ...elsewhere,
      identity: "https://github.com/evil/widgets/.github/workflows/scan.yml@refs/heads/main",
    };
    expect(await codes(rule, { others: [other(SPDX, {}, { signer: ownWorkflow })] })).toEqual([]);
    const neighbour = {
      ...elsewhere,
      identity: "https://github.com/evil/widgets-2/.github/workflows/scan.yml@refs/heads/main",
    };
    expect(await codes(rule, { others: [other(SPDX, {}, { signer: neighbour })] })).toEqual(["PREDICATE_MISSING"]);
    expect(await codes(rule, { others: [other(SPDX, {}, { signer: { ...elsewhere, identity: null } })] })).toEqual([
      "PREDICATE_MISSING",
    ]);
    expect(await codes(rule, { others: [other(SPDX, {}, { signer: BY_KEY })] })).toEqual([]);
  });

  const by = (operator: string | null, signer = `key:sha256:${operator}`) =>
    facts({ standing: { operator }, signer: { ...BY_KEY, shown: signer } });

  it.each<[number, readonly (string | null)[], boolean]>([
    [2, ["github", "gitlab"], true],
    [2, ["github", "github"], false],
    [2, ["github", null], true],
    [2, [null, null], false],
    [3, ["github", null, null, "gitlab"], true],
    [3, ["github", null, null], false],
  ])("%d builders, of %j: %s", async (builders, operators, enough) => {
    const statements = operators.map((operator) => by(operator));
    expect(await codes({ builders }, { statements })).toEqual(enough ? [] : ["BUILDERS_TOO_FEW"]);
  });

  it.each<[number, string, readonly (readonly [string, string])[], boolean]>([
    [
      2,
      "one signer that is trusted for both",
      [
        ["x", "a"],
        ["y", "a"],
      ],
      false,
    ],
    [
      2,
      "one signer for both, and another one for one of them",
      [
        ["x", "a"],
        ["y", "a"],
        ["x", "b"],
      ],
      true,
    ],
    [
      3,
      "two of which have but one signer",
      [
        ["x", "a"],
        ["y", "a"],
        ["z", "b"],
        ["z", "c"],
      ],
      false,
    ],
    [
      3,
      "each of which can have one of its own",
      [
        ["x", "a"],
        ["x", "b"],
        ["y", "a"],
        ["y", "c"],
        ["z", "a"],
      ],
      true,
    ],
  ])("%d builders, %s: %s", async (builders, _what, made, enough) => {
    const statements = made.map(([operator, signer]) => by(operator, signer));
    for (const some of [statements, [...statements].reverse()])
      expect(await codes({ builders, "any-source": true, source: undefined }, { statements: some })).toEqual(
        enough ? [] : ["BUILDERS_TOO_FEW"],
      );
  });

  it("builders, each of which is what the rule expects", async () => {
    const low = facts({ standing: { operator: "gitlab", level: 1 }, signer: { shown: "key:sha256:22" } });
    expect(await codes({ builders: 2, level: 2 }, { statements: [facts(), low] })).toEqual(["BUILDERS_TOO_FEW"]);
    expect(await codes({ builders: 2 }, { statements: [facts()], others: [low] })).toEqual(["BUILDERS_TOO_FEW"]);
    expect(
      await codes(
        { builders: 2, require: ["provenance", "vsa"] },
        { statements: [facts(), vsa({ standing: { operator: "x" }, signer: { shown: "key:sha256:22" } })] },
      ),
    ).toEqual(["BUILDERS_TOO_FEW"]);
  });
});

describe("the order of evidence", () => {
  const pool = [
    facts(),
    facts({ standing: { operator: "gitlab" }, signer: { shown: "key:sha256:22" } }),
    facts({ standing: { operator: null }, signer: { shown: "key:sha256:33" } }),
    vsa(),
    other(SPDX),
    other(SPDX, {}, { signer: { sourceRepository: "https://github.com/evil/x" } }),
    other(TEST_RESULT, { result: "FAILED" }),
    other(TEST_RESULT, { result: "PASSED" }),
    other(TEST_RESULT, {}),
  ];
  const some = fc.subarray(pool);
  const rules = [
    { builders: 2 },
    { require: ["provenance", "sbom", "test-result"] },
    { require: ["provenance", "vsa"], builders: 3 },
  ];

  it("decides nothing, and less of it helps nobody", async () => {
    const all = await Promise.all(
      rules.map(async (rule) => (await compiled([{ ...RULE, ...rule }])).ruleFor(artifact())),
    );
    fc.assert(
      fc.property(fc.constantFrom(...all), some, some, fc.func(fc.integer()), (rule, satisfying, others, order) => {
        const shuffled = <T>(items: readonly T[]) => [...items].sort((left, right) => order(left) - order(right));
        const findings = rule.whole(satisfying, others);
        expect(rule.whole(shuffled(satisfying), shuffled(others))).toEqual(findings);
        const fewer = rule.whole(satisfying.slice(1), others.slice(1));
        if (findings.length > 0) expect(fewer).not.toEqual([]);
      }),
    );
  });
});

describe("what is expected of an artifact", () => {
  it("is by the first rule that any of its names matches", async () => {
    const policy = await compiled([
      { ...RULE, match: "other", level: 3 },
      { ...RULE, match: ["x", "dist/*"], level: 2 },
      { ...RULE, match: "tool", level: 1 },
    ]);
    const low = facts({ standing: { level: 1 } });
    for (const names of [
      ["dist/tool", "tool"],
      ["tool", "dist/tool"],
    ]) {
      expect(policy.ruleFor(artifact({ names })).statement(low)).toMatchObject([
        { code: "LEVEL_TOO_LOW", expected: "Build L2" },
      ]);
    }
    expect(policy.ruleFor(artifact({ names: ["tool"] })).statement(low)).toEqual([]);
  });

  it("is nothing that could be satisfied, where no rule matches", async () => {
    const rule = (await compiled([RULE])).ruleFor(artifact({ names: ["tool2"] }));
    expect(rule).toMatchObject({ place: null, exception: null, notes: [] });
    expect(rule).toMatchObject({ required: [], platforms: [], anyName: false, comparesSource: false });
    expect(rule.statement(facts())).toMatchObject([{ code: "POLICY_UNMATCHED", actual: "tool2" }]);
    expect(rule.whole([facts()], [])).toMatchObject([{ code: "POLICY_UNMATCHED" }]);
  });

  it("is said with three names at most, or with what it is called", async () => {
    const actual = async (names: readonly string[]) =>
      (await compiled([{ ...RULE, match: "x" }])).ruleFor(artifact({ names })).statement(facts())[0]?.actual;
    expect(await actual(["a", "b", "c", "d"])).toBe("a, b, c");
    expect(await actual([])).toBe("tool");
  });

  it("has what others decide", async () => {
    const platforms = ["linux/amd64", "linux/arm64"];
    const rule = (await compiled([{ ...RULE, platforms, "any-name": true, require: ["provenance", "sbom"] }])).ruleFor(
      artifact(),
    );
    expect(rule).toMatchObject({ platforms, anyName: true, required: ["provenance", "sbom"] });
    expect((await compiled([RULE])).ruleFor(artifact())).toMatchObject({
      platforms: [],
      anyName: false,
      required: ["provenance"],
    });
  });
});

describe("a finding says what was expected, and what there is", () => {
  const TAG = "refs/tags/v1.2.3";
  const long = "x".repeat(300);
  it.each<[string, object, Facts, string, string]>([
    [
      "source",
      {},
      { source: { repository: "https://github.com/evil/widgets" } },
      "github.com/octo/widgets",
      "https://github.com/evil/widgets",
    ],
    ["no source", {}, { source: { repository: null } }, "github.com/octo/widgets", "nothing: nobody says it"],
    ["id", { "source-id": "1" }, {}, "1", "1234"],
    ["no id", { "owner-id": "1" }, { signer: BY_KEY }, "1", "nothing: no certificate says it"],
    ["ref", { ref: "refs/heads/main" }, {}, "refs/heads/main", TAG],
    ["no ref", { ref: TAG }, { source: { ref: null } }, TAG, "nothing: nobody says it"],
    ["tag", { tag: "v1" }, {}, "v1", "v1.2.3"],
    ["no tag", { tag: "v1" }, { source: { ref: "refs/heads/main" } }, "v1", "refs/heads/main"],
    [
      "no tag at all",
      { tag: "v1" },
      { source: { ref: null } },
      "v1",
      "nothing: nobody says from which ref it was built",
    ],
    ["versions of a tag", { "versioned-tag": "v2" }, {}, "v2, or a version in it", "v1.2.3"],
    ["branch", { branch: ["main", "next"] }, {}, "main or next", TAG],
    ["another branch", { branch: "main" }, { source: { ref: "refs/heads/next" } }, "main", "next"],
    ["build type", { "build-type": ["a:b", "c:d"] }, {}, "a:b or c:d", "https://build.example.com/v1"],
    ["runner", { runner: "self-hosted" }, {}, "self-hosted", "github-hosted"],
    ["no runner", { runner: "self-hosted" }, { signer: BY_KEY }, "self-hosted", "nothing: nobody says it"],
    ["level", { level: 3 }, { standing: { level: 2 } }, "Build L3", 'Build L2, by the trust entry "octo release"'],
    ["level of a flag", { level: 3 }, { standing: { level: 1, entry: null } }, "Build L3", "Build L1, by flags"],
    [
      "age",
      { "max-age": "1d" },
      { times: [NOW - 2 * DAY] },
      "signed since 2026-06-14T12:00:00.000Z (1d)",
      "signed at 2026-06-13T12:00:00.000Z",
    ],
    ["no time", { "max-age": "1d" }, { times: null }, "signed since 2026-06-14T12:00:00.000Z (1d)", "no proven time"],
    ["parameter", { parameters: { values: { "inputs.dry": true } } }, {}, "true", "false"],
    ["no parameter", { parameters: { values: { x: "y" } } }, {}, '"y"', "nothing"],
    [
      "a long parameter",
      { parameters: { values: { a: 1 } } },
      { provenance: { externalParameters: { a: long } } },
      "1",
      `"${"x".repeat(199)}`,
    ],
    [
      "unknown parameters",
      { parameters: { only: ["inputs.dry", '"a.b"'] } },
      {},
      'only inputs.dry, "a.b"',
      "workflow, inputs.release_tag",
    ],
    ["any parameter", { parameters: { "reject-unknown": true } }, {}, "none", "workflow, inputs"],
    [
      "five parameters",
      { parameters: { "reject-unknown": true } },
      { provenance: { externalParameters: { a: 1, b: 1, c: 1, d: 1, e: 1 } } },
      "none",
      "a, b, c, d, e",
    ],
    [
      "more parameters",
      { parameters: { "reject-unknown": true } },
      { provenance: { externalParameters: { [long]: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1 } } },
      "none",
      `${"x".repeat(200)}, b, c, d, e and 2 more`,
    ],
  ])("%s", async (_, rule, changes, expected, actual) => {
    expect(await findings(rule, { statements: [facts(changes)] })).toMatchObject([{ expected, actual }]);
  });

  it.each<[string | null, string]>([
    ["refs/tags/v1.2.3", "1.2.3"],
    ["refs/heads/main", "no version, built from refs/heads/main"],
    [null, "no version, built from no ref"],
  ])("of a release: %s", async (ref, actual) => {
    const statements = [facts({ source: { ref } })];
    expect(await findings({}, { policy: { release: { version: "2.x" } }, statements })).toMatchObject([
      { expected: "2.x", actual },
    ]);
  });

  it("of a workflow's input, with its name", async () => {
    expect(await findings({ "workflow-inputs": { "a.b": "x" } })).toMatchObject([
      { message: expect.stringContaining('"a.b"'), expected: '"x"', actual: "nothing" },
    ]);
  });

  it("of a predicate that is required", async () => {
    const rule = { require: ["provenance", "test-result"] };
    const results = (...all: readonly unknown[]) => all.map((result) => other(TEST_RESULT, { result }));
    const actual = async (others: readonly ReturnType<typeof facts>[]) => (await findings(rule, { others }))[0]?.actual;
    expect(await findings(rule)).toMatchObject([
      {
        expected: "a trusted statement about the same artifact (test-result)",
        actual: "none by anybody who is trusted",
      },
    ]);
    expect(await actual(results("FAILED", 1, "FAILED"))).toBe(
      "one whose result is FAILED, one whose result is not said",
    );
    expect(await actual(results("D", "C", "B", "A"))).toBe(
      "one whose result is A, one whose result is B, one whose result is C",
    );
    expect(await actual(results(long))).toBe(`one whose result is ${"x".repeat(40)}`);
    const elsewhere = "https://github.com/evil/widgets";
    expect(await actual([other(TEST_RESULT, { result: "PASSED" }, { signer: { sourceRepository: elsewhere } })])).toBe(
      `one by ${elsewhere}`,
    );
  });

  it.each<[number, readonly (readonly [string | null, string])[], string]>([
    [2, [["github", "a"]], "1: github"],
    [2, [[null, "a"]], "1: one that is not named"],
    [
      3,
      [
        ["gitlab", "a"],
        ["github", "a"],
      ],
      "2: github, gitlab, of 1 signer",
    ],
    [
      3,
      [
        ["a", "x"],
        ["b", "x"],
        ["c", "x"],
        ["c", "y"],
      ],
      "3: a, b, c, of 2 signers",
    ],
  ])("of %d builders where there are %j", async (builders, made, actual) => {
    const statements = made.map(([operator, shown]) => facts({ standing: { operator }, signer: { ...BY_KEY, shown } }));
    expect(await findings({ builders }, { statements })).toMatchObject([
      { expected: `builders of ${builders} operators`, actual },
    ]);
  });

  it("of builders where none is one", async () => {
    const { whole } = (await compiled([{ ...RULE, builders: 2, require: ["provenance", "vsa"] }])).ruleFor(artifact());
    expect(whole([vsa()], [])).toMatchObject([{}, { code: "BUILDERS_TOO_FEW", actual: "none" }]);
  });
});
