import { LOCAL_BUILDER } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { trustDocument, trustList } from "./trust-document.ts";

const ISSUER = "https://token.actions.githubusercontent.com";
const RELEASE = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";
const SHARED = "github.com/octo/builder/.github/workflows/build.yml";
const source = {
  label: "trust.yaml",
  digest: "ab".repeat(32),
  placeOf: (keys: readonly PropertyKey[]) => `:${keys.join(".")}`,
};

const KEY = { name: "our key", signer: { key: "keys/a.pub" }, builder: "https://ci.example.com/v1", "max-level": 2 };
const EXACT = {
  name: "release",
  signer: { issuer: ISSUER, identity: RELEASE },
  builder: "same-as-signer",
  "max-level": 2,
};
const WORKFLOW = {
  name: "builder",
  signer: { issuer: ISSUER, workflow: SHARED, at: { tags: ">=1.4 <2" } },
  builder: "same-as-signer",
  "max-level": 3,
};
const CLOUD = { name: "gcb", signer: { "cloud-build": true }, "max-level": 3 };
const VERIFIER = {
  name: "zone",
  signer: { key: "v.pub" },
  verifier: { id: "https://v.example", levels: ["SLSA_BUILD_LEVEL_2"], resources: ["pkg:npm/*"] },
};

const read = (...trust: readonly unknown[]) => trustDocument({ version: 1, trust }, source);

/** The code and the words of the refusal; `read` where there is none. */
function refusal(...trust: readonly unknown[]): string {
  try {
    read(...trust);
    return "read";
  } catch (error) {
    const { code, message, expected, actual } = error as Record<string, string>;
    return `${code} ${message} | ${expected} | ${actual}`;
  }
}

describe("a trust file", () => {
  it("says who signs, for which builder, and what that is worth", () => {
    const full = {
      ...WORKFLOW,
      operator: "Octo",
      runners: "github-hosted",
      source: "octo/widgets",
      from: "2026-09-01",
      until: "2026-09-30",
      "without-log": true,
      roots: "roots.json",
    };
    expect(read(full, KEY, CLOUD, VERIFIER)).toMatchObject({
      label: "trust.yaml",
      digest: source.digest,
      presets: [],
      entries: [
        {
          kind: "builder",
          name: "builder",
          place: "trust.yaml:trust.0",
          signer: { kind: "workflow", issuer: ISSUER, workflow: `https://${SHARED}`, commits: [] },
          builders: "same-as-signer",
          maxLevel: 3,
          operator: "Octo",
          runners: "github-hosted",
          source: "octo/widgets",
          from: new Date("2026-09-01T00:00:00Z"),
          until: new Date("2026-09-30T23:59:59.999Z"),
          withoutLog: true,
          roots: "roots.json",
        },
        { signer: { kind: "key", path: "keys/a.pub" }, builders: ["https://ci.example.com/v1"], operator: null },
        { signer: { kind: "cloud-build" }, builders: null },
        { kind: "verifier", verifierId: "https://v.example", resources: ["pkg:npm/*"] },
      ],
    });
  });

  it("takes presets in by name and date", () => {
    const { entries, presets } = read({ preset: "npm@2026-11" }, { preset: "slsa-github-generator@2026-11" });
    expect(presets).toEqual(["npm@2026-11", "slsa-github-generator@2026-11"]);
    expect(entries.map(({ place }) => place)).toContain("preset:npm@2026-11");
    expect(entries).toHaveLength(7);
  });

  it("may believe one's own machine up to level 1", () => {
    expect(read({ ...KEY, builder: LOCAL_BUILDER, "max-level": 1 }).entries).toMatchObject([{ maxLevel: 1 }]);
  });

  it("may stand inline in a policy", () => {
    expect(trustList([KEY], source, ["trust"]).entries).toHaveLength(1);
  });

  it.each([
    [
      "an unknown key",
      { ...KEY, max_level: 2 },
      "TRUST_INVALID trust.yaml:trust.0.max_level: `max_level` is not a key here; did you mean `max-level`?",
    ],
    [
      "an unknown key of a signer",
      { ...EXACT, signer: { issuer: ISSUER, identity: RELEASE, isuer: 1 } },
      "did you mean `issuer`",
    ],
    [
      "an unknown key inside a signer",
      { ...WORKFLOW, signer: { ...WORKFLOW.signer, at: { tag: "1" } } },
      "did you mean `tags`",
    ],
    ["two kinds of signer", { ...EXACT, signer: { ...EXACT.signer, key: "a.pub" } }, "`issuer` is not a key here"],
    [
      "an exact name and a pattern",
      { ...EXACT, signer: { ...EXACT.signer, "identity-pattern": "a" } },
      "`identity-pattern` is not a key",
    ],
    ["no signer", { ...KEY, signer: undefined }, "nobody is named as the signer"],
    ["no level", { ...KEY, "max-level": undefined }, "max-level is not understood"],
    ["a level that is none", { ...KEY, "max-level": 4 }, "max-level is not understood"],
    ["no builder", { ...KEY, builder: undefined }, "no builder is named"],
    ["an empty list of builders", { ...KEY, builder: [] }, "builder is not understood"],
    ["a builder that is no URI", { ...KEY, builder: "local" }, "builder is not understood"],
    ["a level of one's own machine", { ...KEY, builder: LOCAL_BUILDER, "max-level": 2 }, "is no build service"],
    [
      "the same among builders",
      { ...EXACT, builder: ["https://ci.example.com/v1", LOCAL_BUILDER], "max-level": 3 },
      "is no build service | level 1 at most | 3",
    ],
    ["a key that is its own builder", { ...KEY, builder: "same-as-signer" }, "a key is no builder's name"],
    ["runners of a key", { ...KEY, runners: "github-hosted" }, "no certificate says where a key was used"],
    ["a log for a key", { ...KEY, "without-log": true }, "a key needs no log anyway"],
    ["a window of Google Cloud Build", { ...CLOUD, from: "2026-01-01" }, "proves no time"],
    ["a builder of Google Cloud Build", { ...CLOUD, builder: "https://x.example" }, "names its builders itself"],
    [
      "a window that ends before it begins",
      { ...KEY, from: "2026-02-01", until: "2026-01-31" },
      "ends before it begins",
    ],
    ["a day that is none", { ...KEY, from: "2026-02-30" }, "from is not understood"],
    ["a time without its offset", { ...KEY, from: "2026-02-03T00:00:00" }, "from is not understood"],
    ["a path that leads up", { ...KEY, signer: { key: "../a.pub" } }, "signer.key is not understood"],
    ["a path that leads up inside", { ...KEY, signer: { key: "a/../../b.pub" } }, "signer.key is not understood"],
    ["an absolute path", { ...KEY, signer: { key: "/etc/a.pub" } }, "signer.key is not understood"],
    ["a path of Windows", { ...KEY, signer: { key: "..\\a.pub" } }, "signer.key is not understood"],
    [
      "a workflow at any ref",
      { ...WORKFLOW, signer: { issuer: ISSUER, workflow: SHARED } },
      "signer.at is not understood",
    ],
    ["a workflow at nothing", { ...WORKFLOW, signer: { ...WORKFLOW.signer, at: {} } }, "signer.at is not understood"],
    [
      "a workflow with its ref",
      { ...WORKFLOW, signer: { ...WORKFLOW.signer, workflow: `${SHARED}@v1` } },
      "signer.workflow is not understood",
    ],
    [
      "tags that are no range",
      { ...WORKFLOW, signer: { ...WORKFLOW.signer, at: { tags: "main" } } },
      "a range of semantic versions",
    ],
    [
      "tags that are nothing",
      { ...WORKFLOW, signer: { ...WORKFLOW.signer, at: { tags: "" } } },
      "a range of semantic versions",
    ],
    ["a commit that is short", { ...WORKFLOW, signer: { ...WORKFLOW.signer, at: { commits: ["ab"] } } }, "commits"],
    [
      "released commits of which none is known",
      { ...WORKFLOW, signer: { ...WORKFLOW.signer, at: { commits: "released" } } },
      "no released commit of this workflow is known here",
    ],
    [
      "a pattern that is none",
      { ...EXACT, signer: { issuer: ISSUER, "identity-pattern": "(" } },
      "not a regular expression",
    ],
    ["a preset that is unknown", { preset: "npm@2025-01" }, "this version has no preset npm@2025-01 | npm@2026-11"],
    ["a preset that is misspelt", { preset: "npn@2026-11" }, "| npm@2026-11 |"],
    ["a preset without a date", { preset: "npm" }, "NAME@YYYY-MM"],
    ["a preset and more", { preset: "npm@2026-11", name: "x" }, "`name` is not a key here"],
    [
      "a verifier that signs as a build service",
      { ...VERIFIER, signer: { "cloud-build": true } },
      "no verifier's summaries",
    ],
    [
      "a verifier that may say everything",
      { ...VERIFIER, verifier: { ...VERIFIER.verifier, resources: ["*"] } },
      "a resource is a URI",
    ],
    [
      "a verifier with a pattern in the middle",
      { ...VERIFIER, verifier: { ...VERIFIER.verifier, resources: ["pkg:*/x"] } },
      "a resource is a URI",
    ],
    ["a verifier with a level of its own", { ...VERIFIER, "max-level": 2 }, "`max-level` is not a key here"],
    ["text", "npm", "trust.0 is not understood"],
    ["a builder that is no URI", { ...KEY, builder: "us" }, 'trust.0.builder is not understood | a URI | "us"'],
  ])("is refused for %s", (_what, entry, words) => {
    expect(refusal(entry)).toMatch(/^TRUST_INVALID trust\.yaml:/);
    expect(refusal(entry)).toContain(words);
  });

  it.each<[string, unknown]>([
    ["another version", { version: 2, trust: [KEY] }],
    ["an unknown key", { version: 1, trust: [KEY], trusts: [] }],
    ["no list", { version: 1, trust: KEY }],
    ["an empty list", { version: 1, trust: [] }],
    ["nothing", null],
    ["a long list", { version: 1, trust: Array(501).fill(KEY) }],
  ])("is refused as a whole for %s", (_what, data) => {
    expect(() => trustDocument(data, source)).toThrow(expect.objectContaining({ code: "TRUST_INVALID" }));
  });

  it("takes tags where no released commit is known", () => {
    const at = { tags: ">=1", commits: "released" };
    expect(read({ ...WORKFLOW, signer: { ...WORKFLOW.signer, at } }).entries[0]?.signer).toMatchObject({ commits: [] });
  });

  it("has one entry of a name", () => {
    expect(refusal(KEY, { ...EXACT, name: "our key" })).toContain('TRUST_INVALID two entries are called "our key"');
  });

  it.each<[string, unknown, unknown]>([
    ["a key", { key: "keys/a.pub" }, { kind: "key", path: "keys/a.pub" }],
    ["an identity", EXACT.signer, { kind: "identity", issuer: ISSUER, identity: RELEASE }],
    [
      "a pattern",
      { issuer: ISSUER, "identity-pattern": "https://a/.+" },
      { kind: "pattern", issuer: ISSUER, pattern: "https://a/.+" },
    ],
    [
      "any workflow of a source",
      { issuer: ISSUER, workflow: "any-of-source" },
      { kind: "own-workflow", issuer: ISSUER },
    ],
    [
      "a workflow at a commit",
      { issuer: ISSUER, workflow: `https://${SHARED}`, at: { commits: ["ab".repeat(20), "cd".repeat(32)] } },
      {
        kind: "workflow",
        issuer: ISSUER,
        workflow: `https://${SHARED}`,
        tags: null,
        commits: ["ab".repeat(20), "cd".repeat(32)],
      },
    ],
    [
      "a workflow elsewhere",
      {
        issuer: "http://localhost:1",
        workflow: "ghe.example:8443/o.o/r-r/.github/workflows/f_f.yaml",
        at: WORKFLOW.signer.at,
      },
      { workflow: "https://ghe.example:8443/o.o/r-r/.github/workflows/f_f.yaml", tags: { text: ">=1.4 <2" } },
    ],
  ])("names %s as the signer", (_what, signer, expected) => {
    const builder = "https://ci.example.com/v1";
    expect(read({ ...EXACT, builder, signer }).entries).toMatchObject([{ signer: expected, builders: [builder] }]);
  });

  it("has a verifier with its rights", () => {
    const verifier = { ...VERIFIER.verifier, resources: ["pkg:npm/*", "a:b"], "max-age": "8w" };
    const full = { from: "2026-09-01", until: "2026-09-01", "without-log": true, roots: "r/roots.json" };
    expect(
      read({ ...VERIFIER, ...full, signer: EXACT.signer, verifier }, { ...VERIFIER, name: "other" }).entries,
    ).toEqual([
      {
        kind: "verifier",
        name: "zone",
        place: "trust.yaml:trust.0",
        signer: { kind: "identity", issuer: ISSUER, identity: RELEASE },
        verifierId: "https://v.example",
        levels: ["SLSA_BUILD_LEVEL_2"],
        resources: ["pkg:npm/*", "a:b"],
        maxAge: 56 * 86_400_000,
        from: new Date("2026-09-01T00:00:00Z"),
        until: new Date("2026-09-01T23:59:59.999Z"),
        withoutLog: true,
        roots: "r/roots.json",
      },
      {
        kind: "verifier",
        name: "other",
        place: "trust.yaml:trust.1",
        signer: { kind: "key", path: "v.pub" },
        verifierId: "https://v.example",
        levels: ["SLSA_BUILD_LEVEL_2"],
        resources: ["pkg:npm/*"],
        maxAge: null,
        from: null,
        until: null,
        withoutLog: false,
        roots: null,
      },
    ]);
  });

  it("has nothing that is not written", () => {
    expect(read(CLOUD).entries).toEqual([
      {
        kind: "builder",
        name: "gcb",
        place: "trust.yaml:trust.0",
        signer: { kind: "cloud-build" },
        builders: null,
        maxLevel: 3,
        operator: null,
        runners: null,
        source: null,
        from: null,
        until: null,
        withoutLog: false,
        roots: null,
      },
    ]);
  });

  const moment = "2026-09-01T12:00:00Z";
  const at = (workflow: object) => ({ ...WORKFLOW, signer: { ...WORKFLOW.signer, ...workflow } });
  const keyAt = (path: string) => ({ ...KEY, signer: { key: path } });
  const verifying = (changed: object) => ({ ...VERIFIER, verifier: { ...VERIFIER.verifier, ...changed } });
  const uris = (count: number) => Array.from({ length: count }, (_, index) => `a:${index}`);

  it.each<[string, object]>([
    ["a window of one moment", { ...KEY, from: moment, until: moment }],
    ["a window without an end", { ...KEY, from: moment }],
    ["a window without a beginning", { ...KEY, until: moment }],
    ["no level", { ...KEY, "max-level": 0 }],
    ["the longest name", { ...KEY, name: "x".repeat(200) }],
    ["the longest identity", { ...EXACT, signer: { issuer: ISSUER, identity: "x".repeat(2_048) } }],
    ["100 builders", { ...KEY, builder: uris(100) }],
    ["1,000 resources", verifying({ resources: uris(1_000), levels: uris(1_000) })],
    ["100 commits", at({ at: { commits: Array(100).fill("ab".repeat(20)) } })],
    ["two dots in a file's name", keyAt("a..b/.c/...")],
    ["one's own machine at no level", { ...EXACT, builder: [LOCAL_BUILDER, "a:b"], "max-level": 0 }],
    ["runners of a certificate", { ...EXACT, runners: "gitlab-hosted" }],
    ["runners of one's own", { ...EXACT, runners: "self-hosted" }],
  ])("may have %s", (_what, entry) => {
    expect(refusal(entry)).toBe("read");
  });

  it.each<[string, object, string]>([
    ["an empty name", { ...KEY, name: "" }, "name is not understood"],
    ["a name that is too long", { ...KEY, name: "x".repeat(201) }, "name is not understood"],
    ["a name of two lines", { ...KEY, name: "a\nb" }, "name is not understood | one line of text"],
    ["a name that hides something", { ...KEY, name: "a\u202eb" }, "one line of text"],
    ["an identity with a blank", { ...EXACT, signer: { issuer: ISSUER, identity: " a" } }, "ASCII without spaces"],
    ["an identity with a blank at its end", { ...EXACT, signer: { issuer: ISSUER, identity: "a " } }, "ASCII without"],
    ["an identity that is empty", { ...EXACT, signer: { issuer: ISSUER, identity: "" } }, "ASCII without"],
    ["an identity that is too long", { ...EXACT, signer: { issuer: ISSUER, identity: "x".repeat(2_049) } }, "identity"],
    ["an issuer that is no URL", { ...EXACT, signer: { issuer: "a.example", identity: RELEASE } }, "a URL"],
    ["an issuer behind something", { ...EXACT, signer: { issuer: `x${ISSUER}`, identity: RELEASE } }, "a URL"],
    ["an issuer without a host", { ...EXACT, signer: { issuer: "https:///a", identity: RELEASE } }, "a URL"],
    ["a builder behind something", { ...KEY, builder: "-a:b" }, "a URI"],
    ["a builder without more", { ...KEY, builder: "a:" }, "a URI"],
    ["101 builders", { ...KEY, builder: uris(101) }, "builder"],
    ["half a level", { ...KEY, "max-level": 1.5 }, "max-level"],
    ["a level below none", { ...KEY, "max-level": -1 }, "max-level"],
    ["a path with a zero byte", keyAt("a\0b"), "with forward slashes"],
    ["an empty path", keyAt(""), "with forward slashes"],
    ["a path that is too long", keyAt("x".repeat(2_049)), "signer.key"],
    ["a path that ends above", keyAt("a/.."), "below the folder"],
    ["roots that lie above", { ...EXACT, roots: "../r.json" }, "below the folder"],
    ["a commit of 41 digits", at({ at: { commits: ["a".repeat(41)] } }), "40 or 64 hex"],
    ["a commit of 63 digits", at({ at: { commits: ["a".repeat(63)] } }), "40 or 64 hex"],
    ["a commit of 65 digits", at({ at: { commits: ["a".repeat(65)] } }), "40 or 64 hex"],
    ["a commit in capitals", at({ at: { commits: ["AB".repeat(20)] } }), "40 or 64 hex"],
    ["no commit", at({ at: { commits: [] } }), "commits"],
    ["101 commits", at({ at: { commits: Array(101).fill("ab".repeat(20)) } }), "commits"],
    ["tags that are too long", at({ at: { tags: `>=1${" ".repeat(200)}` } }), "signer.at.tags"],
    ["a workflow over http", at({ workflow: `http://${SHARED}` }), "FILE.yml"],
    ["a workflow behind something", at({ workflow: `x/${SHARED}` }), "FILE.yml"],
    ["a workflow that is no YAML", at({ workflow: `${SHARED}.bak` }), "FILE.yml"],
    ["a workflow in another folder", at({ workflow: "github.com/octo/a/workflows/b.yml" }), "FILE.yml"],
    ["a time in no offset", { ...KEY, until: "2026-09-01T12:00:00" }, "with its offset"],
    ["a window that ends a moment early", { ...KEY, from: "2026-09-01T12:00:00.001Z", until: moment }, "or later"],
    ["roots of Google Cloud Build", { ...CLOUD, roots: "r.json" }, "proves no time | no such key | roots"],
    ["a log of Google Cloud Build", { ...CLOUD, "without-log": true }, "| without-log"],
    ["runners of Google Cloud Build", { ...CLOUD, runners: "github-hosted" }, "| runners"],
    ["an end of Google Cloud Build", { ...CLOUD, until: "2026-01-01" }, "| until"],
    ["a Google Cloud Build that is not", { ...CLOUD, signer: { "cloud-build": false } }, "signer.cloud-build"],
    ["without-log that is not", { ...EXACT, "without-log": false }, "without-log is not understood"],
    ["other runners", { ...EXACT, runners: "any" }, "runners is not understood"],
    [
      "a verifier by any workflow of a source",
      { ...VERIFIER, signer: { issuer: ISSUER, workflow: "any-of-source" } },
      "own-workflow",
    ],
    ["a verifier without levels", verifying({ levels: [] }), "verifier.levels"],
    ["a verifier without resources", verifying({ resources: [] }), "verifier.resources"],
    ["a verifier of 1,001 resources", verifying({ resources: uris(1_001) }), "verifier.resources"],
    [
      "a verifier with two stars",
      verifying({ resources: ["a:b", "a:b**"] }),
      "trust.0.verifier.resources.1: a resource",
    ],
    ["a verifier of no age", verifying({ "max-age": "0d" }), "a whole number with a unit"],
    ["a verifier that is no URI", verifying({ id: "us" }), "a URI"],
    ["a verifier with an unknown right", verifying({ level: 2 }), "did you mean `levels`?"],
    ["a preset with more before it", { preset: "x npm@2026-11" }, "NAME@YYYY-MM"],
    ["a preset with a day", { preset: "npm@2026-11-01" }, "NAME@YYYY-MM"],
    [
      "nobody",
      { ...KEY, signer: { by: "us", at: "x" } },
      "key, cloud-build, identity, identity-pattern, workflow | by, at",
    ],
    ["a signer that is none", { ...KEY, signer: "us" }, "| nothing"],
    ["a list in place of a name", { ...KEY, name: ["a"] }, "| a list"],
    ["a section in place of a name", { ...KEY, name: {} }, "| a section with keys"],
    ["nothing in place of a name", { ...KEY, name: null }, "| null"],
    ["no name", { ...KEY, name: undefined }, "trust.0.name is not understood"],
  ])("is refused also for %s", (_what, entry, words) => {
    expect(refusal(entry)).toMatch(/^TRUST_INVALID trust\.yaml:/);
    expect(refusal(entry)).toContain(words);
  });

  it.each<[string, object, string]>([
    ["a misspelt key, before what it was meant to be", { ...KEY, "max-level": undefined, max_level: 2 }, "max_level"],
    ["a builder that must not be there", { ...CLOUD, roots: "r.json" }, "roots"],
    ["a window", { ...KEY, from: "2026-02-01", until: "2026-01-31" }, "until"],
    ["a signer of a verifier", { ...VERIFIER, signer: { "cloud-build": true } }, "signer"],
    ["a key of a verifier", { ...VERIFIER, signer: { key: "../v.pub" } }, "signer.key"],
    ["a pattern", { ...EXACT, signer: { issuer: ISSUER, "identity-pattern": "(" } }, "signer.identity-pattern"],
    ["commits", at({ at: { commits: "released" } }), "signer.at.commits"],
    ["a preset", { preset: "npm@2025-01" }, "preset"],
  ])("says where it is wrong: %s", (_what, entry, keys) => {
    expect(refusal(entry).split(": ")[0]).toBe(`TRUST_INVALID trust.yaml:trust.0.${keys}`);
  });

  it("says which keys there are where one is unknown", () => {
    expect(refusal({ ...KEY, xyzzy: 1 })).toContain(
      "trust.0.xyzzy: `xyzzy` is not a key here | name, signer, builder, max-level, operator, runners, source, from, until, without-log, roots | xyzzy",
    );
    expect(refusal(at({ at: { tag: "1" } }))).toContain(
      "`tag` is not a key here; did you mean `tags`? | tags, commits | tag",
    );
    expect(refusal(verifying({ level: 2 }))).toContain("| id, levels, resources, max-age | level");
  });

  it("is shown shortly", () => {
    const shown = refusal({ ...KEY, builder: `\u00e4${"x".repeat(300)}` })
      .split(" | ")
      .at(-1);
    expect(shown).toBe(`"\u00e4${"x".repeat(118)}`);
  });

  it.each<[unknown, string]>([
    [KEY, "object"],
    [[], "0 entries"],
    [null, "nothing"],
    [undefined, "undefined"],
    [Array(501).fill(KEY), "501 entries"],
  ])("is a list of entries", (list, actual) => {
    expect(() => trustList(list, { label: "t.yaml", digest: "" }, ["trust"])).toThrow(
      expect.objectContaining({ message: "t.yaml: this is no list of whom to believe", actual }),
    );
  });

  it("has 500 entries at most, those of presets among them", () => {
    const entries = Array.from({ length: 500 }, (_, index) => ({ ...keyAt(`${index}.pub`), name: `key ${index}` }));
    expect(read(...entries).entries).toHaveLength(500);
    expect(refusal(...entries.slice(1), { preset: "slsa-github-generator@2026-11" })).toContain("too many");
  });
});
