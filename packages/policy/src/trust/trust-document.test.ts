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
});
