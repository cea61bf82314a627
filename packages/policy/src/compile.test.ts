import { describe, expect, it } from "vitest";
import { artifact, compiled, DAY, DIGEST, facts, NOW, RULE, SOURCE } from "../test/facts.ts";
import { compilePolicy, conditionProblems, policyDocument } from "./index.ts";

const EXCEPTION = { match: "dist/**", digest: DIGEST, until: "2026-06-15", reason: "OPS-4711", by: "platform" };
const ruleOf = async (exceptions: readonly object[], now = NOW, about = artifact()) =>
  (await compiled([RULE], { exceptions }, now)).ruleFor(about);

describe("a compiled policy", () => {
  it("is refused once it has expired", async () => {
    const until = { expires: "2026-06-15" };
    await expect(compiled([RULE], until, Date.parse("2026-06-15T23:59:59.999Z"))).resolves.toMatchObject({
      label: "policy.yaml",
    });
    await expect(compiled([RULE], until, Date.parse("2026-06-16T00:00:00Z"))).rejects.toMatchObject({
      code: "POLICY_EXPIRED",
      expected: "a policy for today; this one is until 2026-06-15",
    });
  });

  it("is refused for expressions that do not compile, each with its place", async () => {
    const data = {
      version: 1,
      artifacts: [
        { ...RULE, when: "1 +" },
        { ...RULE, match: "b", when: "true" },
        { ...RULE, match: "c", when: "x" },
      ],
    };
    const document = policyDocument(data, { ...SOURCE, placeOf: (keys) => `:${keys[1] === 0 ? 4 : 9}:5` });
    expect((await conditionProblems(document)).map(({ place, text }) => [place, text])).toEqual([
      [":4:5", "`when`: Unexpected token: EOF"],
      [":9:5", "`when`: Unknown variable: x"],
    ]);
    await expect(compilePolicy(document, { now: NOW })).rejects.toMatchObject({
      code: "POLICY_INVALID",
      message: "policy.yaml:4:5 `when`: Unexpected token: EOF",
    });
  });

  it("says what it needs", async () => {
    expect(await compiled([RULE])).toMatchObject({ wholeStatements: false, algorithms: [], release: null });
    expect(await compiled([{ ...RULE, when: "true" }])).toMatchObject({ wholeStatements: true });
    expect(await compiled([{ ...RULE, require: ["provenance", "test-result"] }])).toMatchObject({
      wholeStatements: true,
    });
    expect(await compiled([{ ...RULE, require: ["provenance", "sbom"] }])).toMatchObject({ wholeStatements: false });
    const digests = [DIGEST, `sha512:${"ab".repeat(64)}`, `narSha256:${"ab".repeat(32)}`];
    const exceptions = digests.map((digest) => ({ ...EXCEPTION, digest }));
    expect(await compiled([RULE], { exceptions })).toMatchObject({ algorithms: ["narSha256", "sha512"] });
    expect(await compiled([RULE], { release: { version: "monotonic" } })).toMatchObject({
      release: { version: null, monotonic: true, list: null },
    });
    expect(await compiled([RULE], { release: { version: "3.x" } })).toMatchObject({
      release: { version: "3.x", monotonic: false, list: null },
    });
    expect(await compiled([RULE], { release: { list: "required" } })).toMatchObject({
      release: { version: null, monotonic: false, list: { of: null } },
    });
  });

  it("says where a rule stands", async () => {
    const data = { version: 1, artifacts: [{ ...RULE, match: "x" }, RULE] };
    const placeOf = (keys: readonly PropertyKey[]) => (keys.join(".") === "artifacts.1" ? ":12:15" : ":1:1");
    const policy = await compilePolicy(policyDocument(data, { ...SOURCE, placeOf }), { now: NOW });
    expect(policy.ruleFor(artifact()).place).toBe("policy.yaml:12");
    expect((await compiled([RULE])).ruleFor(artifact()).place).toBe("policy.yaml");
  });
});

it("an expression of one rule is not asked of another", async () => {
  const policy = await compiled([
    { ...RULE, match: "lib", when: "false" },
    RULE,
    { ...RULE, match: "c", when: "true" },
  ]);
  const codesOf = (...names: readonly string[]) =>
    policy
      .ruleFor(artifact({ names }))
      .statement(facts())
      .map(({ code }) => code);
  expect([codesOf("lib"), codesOf("tool"), codesOf("c")]).toEqual([["CONDITION_FAILED"], [], []]);
});

describe("a policy of 10,000 rules", () => {
  const artifacts = Array.from({ length: 10_000 }, (_, index) => ({
    match: [`tool-${index}-*`, `pkg:npm/%40octo/p${index}@*`, `bin/tool-${index}`][index % 3],
    source: `github.com/octo/widgets-${index}`,
    tag: "v{semver} >=1.2 <9",
    level: 3,
    require: ["provenance", "sbom"],
    "max-age": "180d",
    parameters: { only: ["workflow", "inputs.tag"] },
    when: 'statement.predicate.ref.startsWith("refs/tags/")',
  }));

  it("has the rule of each artifact", async () => {
    const placeOf = (keys: readonly PropertyKey[]) => `:${String(keys[1])}:1`;
    const document = policyDocument({ version: 1, artifacts }, { ...SOURCE, placeOf });
    const policy = await compilePolicy(document, { now: NOW });
    const found = Array.from({ length: 1_000 }, (_, index) => {
      const { place } = policy.ruleFor(artifact({ names: [`dist/tool-${index * 9}-x`, `tool-${index * 9}-x`] }));
      return place === `policy.yaml:${index * 9}`;
    });
    expect(found).not.toContain(false);
  });
});

describe("an exception", () => {
  it("lets through exactly its bytes under its name, until its day is over", async () => {
    expect(await ruleOf([EXCEPTION])).toMatchObject({
      exception: {
        code: "EXCEPTION_APPLIES",
        message: "let through, as platform decided: OPS-4711",
        expected: "until 2026-06-15",
        actual: DIGEST,
      },
      notes: [],
    });
    expect((await ruleOf([{ ...EXCEPTION, digest: `sha256:${"cd".repeat(32)}` }])).exception).toBeNull();
    expect((await ruleOf([{ ...EXCEPTION, match: "lib" }])).exception).toBeNull();
    expect((await ruleOf([EXCEPTION], Date.parse("2026-06-15T23:59:59Z"))).exception).not.toBeNull();
    const over = await ruleOf([EXCEPTION], NOW + DAY);
    expect(over).toMatchObject({ exception: null, notes: [{ code: "EXCEPTION_EXPIRED" }] });
    expect(over.statement(facts({ times: [NOW] }))).toEqual([]);
  });

  it("is found beside one that is over, and where no rule matches", async () => {
    const unmatched = artifact({ names: ["dist/legacy"] });
    expect(await ruleOf([{ ...EXCEPTION, until: "2026-01-01" }, EXCEPTION], NOW, unmatched)).toMatchObject({
      place: null,
      exception: { expected: "until 2026-06-15" },
      notes: [{ expected: "until 2026-01-01" }],
    });
  });

  it("is found by any of its patterns", async () => {
    for (const match of [
      ["lib", "dist/**"],
      ["dist/**", "lib"],
    ]) {
      expect((await ruleOf([{ ...EXCEPTION, match }])).exception).toMatchObject({ code: "EXCEPTION_APPLIES" });
    }
  });

  it("is found by any digest of the artifact", async () => {
    const digest = `sha512:${"ab".repeat(64)}`;
    const about = artifact({ digests: [DIGEST, digest] });
    expect((await ruleOf([{ ...EXCEPTION, digest }], NOW, about)).exception).toMatchObject({ actual: digest });
  });
});
