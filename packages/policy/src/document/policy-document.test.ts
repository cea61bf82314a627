import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DIGEST, RULE, SOURCE } from "../../test/facts.ts";
import { keysIn, misspelt, renamed } from "../../test/misspelt.ts";
import { documentProblems, policyDocument } from "../index.ts";
import { endOfDay } from "./day.ts";
import { shownProblem } from "./problem.ts";

const EXCEPTION = { match: "old.tgz", digest: DIGEST, until: "2026-12-31", reason: "no provenance", by: "platform" };

/** Every key that there is, as far as they go together. */
const FULL = {
  version: 1,
  expires: "2027-06-01",
  trust: [{ preset: "npm" }],
  artifacts: [
    {
      match: ["tool-*", "tool"],
      source: "github.com/octo/widgets",
      "source-id": "1234",
      "owner-id": "99",
      tag: "v{semver} >=1.2",
      commit: "ab".repeat(20),
      "build-type": "https://build.example.com/v1",
      builder: ["https://builder.example.com/v1"],
      parameters: { only: ["workflow"], values: { "inputs.a": true }, "reject-unknown": true },
      "workflow-inputs": { debug: "false" },
      level: 3,
      trigger: "push",
      runner: ["github-hosted"],
      require: ["provenance", "sbom", "vsa", "test-result", "vulns", "https://example.com/x"],
      platforms: ["linux/amd64", "linux/arm/v7"],
      "max-age": "180d",
      builders: 2,
      when: "true",
      "any-name": true,
    },
    { match: "a", "any-source": true, ref: "refs/tags/v1" },
    { match: "b", "any-source": true, branch: "main" },
    { match: "c", "any-source": true, "versioned-tag": "v13" },
    { match: "d", require: ["vsa"] },
  ],
  exceptions: [EXCEPTION],
  deny: [{ reason: "bad", digest: DIGEST }],
  release: { version: ">=3.2 <4", list: "required", name: "argo-cd" },
};

/** What is wrong with a document, for people. */
const shown = (data: unknown) => documentProblems(data, SOURCE).map(shownProblem);
const withRule = (rule: object) => shown({ version: 1, artifacts: [{ ...RULE, ...rule }] });

describe("a policy", () => {
  it("is read whole", () => {
    expect(shown(FULL)).toEqual([]);
    expect(policyDocument(FULL, SOURCE)).toMatchObject({
      label: "policy.yaml",
      trust: FULL.trust,
      deny: FULL.deny,
      file: { artifacts: FULL.artifacts },
    });
    expect(policyDocument({ version: 1, artifacts: [RULE], trust: "./trust.yaml" }, SOURCE)).toMatchObject({
      trust: "./trust.yaml",
      deny: null,
    });
  });

  const keysOf = (policy: object) => keysIn(policy, ["values", "workflow-inputs", "deny", "trust"]);

  it("has no key that can be misspelt unseen", () => {
    const known = new Set(keysOf(FULL).map((path) => path.at(-1)));
    fc.assert(
      fc.property(
        fc.constantFrom(...keysOf(FULL)).chain((path) => fc.tuple(fc.constant(path), misspelt(String(path.at(-1))))),
        ([path, name]) => {
          fc.pre(!known.has(name));
          const problems = documentProblems(renamed(FULL, path, name), SOURCE);
          expect(problems.map((one) => one.path)).toContainEqual([...path.slice(0, -1), name]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each<[string, object, string]>([
    ["a key", { max_age: "1d" }, "`max_age` is not a key here; did you mean `max-age`?"],
    [
      "a key of a section",
      { parameters: { onl: ["a"], only: ["a"] } },
      "`onl` is not a key here; did you mean `only`?",
    ],
    ["a key like none", { colour: 1 }, "`colour` is not a key here"],
    ["no match", { match: [] }, "`match`: an empty list says nothing"],
    ["an empty pattern", { match: "" }, "`match`: an empty pattern matches nothing"],
    [
      "a pattern of another language",
      { match: "a[bc]" },
      "`match`: only * and ** stand for other characters; [ ] { } and \\ are not read",
    ],
    [
      "a purl's pattern without a slash",
      { match: "pkg:*" },
      "`match`: no purl matches this, since * ends at a slash: did you mean pkg:**",
    ],
    ["a pattern twice", { match: ["a", "a"] }, "`match`: the same value stands here twice"],
    [
      "a source without host",
      { source: "octo/widgets" },
      "`source`: must be HOST/PATH or https://HOST/PATH, without .git: github.com/OWNER/REPO",
    ],
    [
      "a source for cloning",
      { source: "github.com/octo/widgets.git" },
      "`source`: must be HOST/PATH or https://HOST/PATH, without .git: github.com/OWNER/REPO",
    ],
    [
      "no source",
      { source: undefined },
      "this rule expects no source, so that anybody who may use the builder can make what it accepts: give `source`, or `any-source: true` if that is meant",
    ],
    ["any and one source", { "any-source": true }, "`source` beside `any-source`"],
    ["a number as id", { "source-id": 1234 }, "`source-id` must be text (numbers and true need quotes)"],
    ["two refs", { tag: "v1", ref: "refs/tags/v1" }, "`tag` beside `ref`: say the ref once"],
    ["three refs", { branch: "a", "versioned-tag": "v1" }, "`branch` beside `versioned-tag`: say the ref once"],
    ["a short ref", { ref: "main" }, "`ref`: must be written in full: refs/heads/main"],
    ["a pattern as tag", { tag: "v*" }, "`tag`: a tag's name, or one with {semver} and {pkg} in it"],
    ["a range that is none", { tag: "v{semver} >=new" }, '`tag`: ">=new" is no range of versions: >=1.2 <2, ^1.4, 3.x'],
    ["a range without versions", { tag: "v{semver} >4 <3" }, '`tag`: no version is in ">4 <3"'],
    ["a tag's beginning that is none", { "versioned-tag": "13" }, "`versioned-tag`: must be v1, v1.2 or v1.2.3"],
    ["a short commit", { commit: "abcdef1" }, "`commit`: must be 40 or 64 hex digits in lower case"],
    ["an empty section", { parameters: {} }, "`parameters` expects nothing: give `only`, `values` or `reject-unknown`"],
    [
      "a false that says nothing",
      { parameters: { "reject-unknown": false } },
      "`reject-unknown`: can only be true; leave the key out for the opposite",
    ],
    [
      "a parameter's path",
      { parameters: { only: ["a..b"] } },
      '`only`: must be names with dots between them: inputs.tag, inputs."a.b"',
    ],
    ["level 4", { level: 4 }, "`level`: must be 1, 2 or 3: SLSA has no higher Build level"],
    ["level 0", { level: 0 }, "`level`: must be 1, 2 or 3: everything is at level 0"],
    ["a level as text", { level: "3" }, "`level` must be a number"],
    [
      "an unknown predicate",
      { require: ["provenance", "sboms"] },
      "`require`: must be one of provenance, sbom, vsa, test-result, vulns, or the URI of a predicate type",
    ],
    [
      "only an SBOM",
      { source: undefined, require: ["sbom"] },
      "`require` needs provenance or vsa: nothing else says that an artifact is what it seems",
    ],
    [
      "a tag of a summary",
      { source: undefined, require: ["vsa"], tag: "v1" },
      "`tag` is about provenance, which `require` does not have",
    ],
    [
      "a parameter that would be left out",
      { parameters: { values: JSON.parse('{"a": 1, "__proto__": 2}') } },
      "`parameters`: __proto__ is no name here",
    ],
    [
      "an input that would be left out",
      { "workflow-inputs": JSON.parse('{"a": 1, "__proto__": 2}') },
      "`workflow-inputs`: __proto__ is no name here",
    ],
    ["a platform", { platforms: ["linux"] }, "`platforms`: must be OS/ARCHITECTURE, such as linux/arm64"],
    [
      "an age without unit",
      { "max-age": "180" },
      "`max-age`: must be a whole number with a unit, at most ten years: 12h, 180d, 8w",
    ],
    [
      "an age of nothing",
      { "max-age": "0d" },
      "`max-age`: must be a whole number with a unit, at most ten years: 12h, 180d, 8w",
    ],
    ["one builder", { builders: 1 }, "`builders`: must be 2 or more: one builder is what every rule expects"],
    ["no expression", { when: "" }, "`when`: Too small: expected string to have >=1 characters"],
    ["a list as level", { level: [3] }, "`level` must be a number"],
  ])("with %s is refused", (_, rule, problem) => {
    expect(withRule(rule)).toEqual([problem]);
  });

  it.each<[string, object, string]>([
    ["another version", { version: 2 }, "`version`: Invalid input: expected 1"],
    ["no rules", { artifacts: [] }, "`artifacts`: a policy without rules lets nothing through"],
    ["rules that are missing", { artifacts: undefined }, "`artifacts` is missing"],
    ["a day that is none", { expires: "2027-02-29" }, "`expires`: must be a day of the calendar, such as 2027-06-01"],
    ["a time", { expires: "2027-02-28T00:00:00Z" }, "`expires`: must be a day of the calendar, such as 2027-06-01"],
    ["an exception without an end", { exceptions: [{ ...EXCEPTION, until: undefined }] }, "`until` is missing"],
    ["an exception without a digest", { exceptions: [{ ...EXCEPTION, digest: undefined }] }, "`digest` is missing"],
    ["an exception without a reason", { exceptions: [{ ...EXCEPTION, reason: undefined }] }, "`reason` is missing"],
    ["an exception that nobody decided", { exceptions: [{ ...EXCEPTION, by: undefined }] }, "`by` is missing"],
    ["an exception for no name", { exceptions: [{ ...EXCEPTION, match: undefined }] }, "`match` is missing"],
    [
      "an exception by a weak digest",
      { exceptions: [{ ...EXCEPTION, digest: `sha1:${"ab".repeat(20)}` }] },
      "`digest`: must be sha256:HEX, sha384:HEX, sha512:HEX or narSha256:HEX, in lower case",
    ],
    ["a reason of two lines", { exceptions: [{ ...EXCEPTION, reason: "a\nb" }] }, "`reason`: must be one line of text"],
    ["a release that says nothing", { release: {} }, "`release` says nothing: give `version`, `list`, `name`"],
    [
      "a list that is not required",
      { release: { version: "1.x", list: "optional" } },
      "`list`: can only be required; leave the key out for the opposite",
    ],
    [
      "a release's version",
      { release: { version: "newest" } },
      '`version`: must be a version, a range such as ">=3.2 <4", or monotonic',
    ],
    ["trust of another kind", { trust: 3 }, "`trust` must be text (numbers and true need quotes) or a list"],
  ])("with %s is refused", (_, changes, problem) => {
    expect(shown({ version: 1, artifacts: [RULE], ...changes })).toEqual([problem]);
  });

  it.each([
    ["release", { release: { list: "required", nam: "x" } }, "`nam` is not a key here; did you mean `name`?"],
    [
      "exceptions",
      { exceptions: [{ ...EXCEPTION, untill: "x" }] },
      "`untill` is not a key here; did you mean `until`?",
    ],
  ])("is told the key of %s that was meant", (_, changes, problem) => {
    expect(shown({ version: 1, artifacts: [RULE], ...changes })).toEqual([problem]);
  });

  it.each(["source-id", "owner-id"])("has no %s without the host that counts it", (key) => {
    const [source, ...more] = withRule({ source: undefined, [key]: "1" });
    expect(source).toMatch(/^this rule expects no source/);
    expect(more).toEqual([`\`${key}\` needs \`source\`: each host counts its ids from one`]);
    expect(withRule({ [key]: "1" })).toEqual([]);
    expect(withRule({ source: undefined, "any-source": true, [key]: "1" })).toEqual([
      `\`${key}\` beside \`any-source\``,
    ]);
  });

  it("says how many problems more there are, and of one alone nothing", () => {
    const actualOf = (rule: object) => {
      try {
        policyDocument({ version: 1, artifacts: [{ ...RULE, ...rule }] }, SOURCE);
      } catch (error) {
        return (error as { actual: unknown }).actual;
      }
      return "no error";
    };
    expect(actualOf({})).toBe("no error");
    expect(actualOf({ levle: 1 })).toBeNull();
    expect(actualOf({ levle: 1, comit: "a" })).toBe("1 further problem; touchmark policy check lists all");
  });

  it.each([null, "text", [], 3])("that is %j is refused", (data) => {
    expect(shown(data)).toEqual(["the policy must be a section with keys"]);
  });

  it("has all its problems found at once, in the order of their places", () => {
    const places: Record<string, string> = {
      "artifacts.1.levle": ":9:3",
      "artifacts.0": ":3:3",
      "artifacts.0.tag": ":5:3",
      relase: ":2:1",
    };
    const data = {
      version: 1,
      relase: {},
      artifacts: [
        { match: "a", ref: "refs/x", tag: "v*" },
        { ...RULE, levle: 3 },
      ],
    };
    const problems = documentProblems(data, { ...SOURCE, placeOf: (keys) => places[keys.join(".")] ?? "" });
    expect(problems.map(({ place }) => place)).toEqual([":2:1", ":3:3", ":5:3", ":5:3", ":9:3"]);
    expect(() => policyDocument(data, { ...SOURCE, placeOf: (keys) => places[keys.join(".")] ?? "" })).toThrow(
      expect.objectContaining({
        code: "POLICY_INVALID",
        message: "policy.yaml:2:1 `relase` is not a key here; did you mean `release`?",
        actual: "4 further problems; touchmark policy check lists all",
      }),
    );
  });
});

describe("places in the file", () => {
  const data = {
    version: 1,
    artifacts: [
      { ...RULE, match: "tool-*", levle: 3, comit: "a" },
      { ...RULE, match: "tool-linux" },
    ],
  };
  const placesOf = (data: object, places: Readonly<Record<string, string>>) =>
    documentProblems(data, { ...SOURCE, placeOf: (keys) => places[keys.join(".")] ?? "" });

  it("decide the order of problems: the line, then the column", () => {
    const of = (levle: string, comit: string) =>
      placesOf(data, { "artifacts.0.levle": levle, "artifacts.0.comit": comit }).map(({ place }) => place);
    expect(of(":4:30", ":4:9")).toEqual([":4:9", ":4:30"]);
    expect(of(":10:1", ":9:80")).toEqual([":9:80", ":10:1"]);
    expect(of(":3:7", ":12:5")).toEqual([":3:7", ":12:5"]);
  });

  it("tell which rule decides instead, by its line or else by its keys", () => {
    const rules = data.artifacts.map(({ match }) => ({ ...RULE, match }));
    const told = (places: Readonly<Record<string, string>>) =>
      placesOf({ version: 1, artifacts: rules }, places).map(shownProblem);
    const matchesFirst = (rule: string) => [
      `\`tool-linux\` never decides: the rule at ${rule} matches all of it first`,
    ];
    expect(told({ "artifacts.0": ":12:5" })).toEqual(matchesFirst("line 12"));
    expect(told({})).toEqual(matchesFirst("artifacts.0"));
  });
});

describe("a rule that never decides", () => {
  const rules = (...matches: readonly (string | readonly string[])[]) =>
    documentProblems({ version: 1, artifacts: matches.map((match) => ({ ...RULE, match })) }, SOURCE).map(
      ({ path }) => path,
    );

  it.each<[readonly (string | readonly string[])[], readonly (string | number)[] | null]>([
    [
      ["**", "tool"],
      ["artifacts", 1, "match"],
    ],
    [
      ["tool-*", "tool-linux"],
      ["artifacts", 1, "match"],
    ],
    [
      ["tool-*", ["x", "tool-linux"]],
      ["artifacts", 1, "match", 1],
    ],
    [
      ["tool-*", "tool-*"],
      ["artifacts", 1, "match"],
    ],
    [
      ["pkg:**", "pkg:npm/*"],
      ["artifacts", 1, "match"],
    ],
    [["tool-linux", "tool-*"], null],
    [["tool-*", "tool-**"], null],
    [["tool-*", "tool-x/y"], null],
    [["*", "a/*"], null],
    [[["a", "a*"]], null],
  ])("%j", (matches, path) => {
    expect(rules(...matches)).toEqual(path === null ? [] : [path]);
  });
});

describe("a day", () => {
  it("ends when it has ended everywhere that counts by UTC", () => {
    expect(endOfDay("2026-12-31")).toBe(Date.parse("2027-01-01T00:00:00Z"));
    expect(endOfDay("2028-02-29")).toBe(Date.parse("2028-03-01T00:00:00Z"));
  });

  it.each(["2026-02-30", "2026-13-01", "2026-00-10", "2026-1-1", "20260101", "2026-01-01 ", "soon"])(
    "%j is none",
    (text) => {
      expect(endOfDay(text)).toBeNull();
    },
  );
});
