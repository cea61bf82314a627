import { describe, expect, it } from "vitest";
import { IDENTITY, ISSUER, roots } from "../test/certificate-cases.ts";
import { shownMatch } from "./match.ts";
import { type IdentityOptions, trustedIdentity } from "./trust-identity.ts";

const identity = (options: Partial<IdentityOptions> = {}) =>
  trustedIdentity({
    issuer: ISSUER,
    identity: IDENTITY,
    identityPattern: null,
    source: null,
    withoutLog: false,
    roots,
    ...options,
  });

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const pattern = (identityPattern: string) => identity({ identity: null, identityPattern });

describe("trustedIdentity", () => {
  it("keeps what was written", () => {
    expect(identity({ source: "octo/widgets@refs/tags/v1.0.0" })).toMatchObject({
      kind: "identity",
      issuer: ISSUER,
      identity: { exact: IDENTITY },
      source: { repository: "https://github.com/octo/widgets", ref: "refs/tags/v1.0.0" },
    });
    const enterprise = { issuer: "https://github.example.com/_services/token", source: "octo/widgets" };
    expect(identity(enterprise).source?.repository).toBe("https://github.example.com/octo/widgets");
    const cloud = { issuer: "https://token.actions.githubusercontent.com/octo-corp", source: "octo/widgets" };
    expect(identity(cloud).source?.repository).toBe("https://github.com/octo/widgets");
    expect(identity({ issuer: "https://gitlab.example", source: "https://gitlab.example/a/b/c" }).source).toEqual({
      repository: "https://gitlab.example/a/b/c",
      ref: null,
    });
    expect(shownMatch(pattern("https://github\\.com/octo/.*").identity)).toBe("pattern https://github\\.com/octo/.*");
  });

  it.each([
    ["an issuer that is no URL", { issuer: "token.actions.githubusercontent.com" }],
    ["an issuer with something before it", { issuer: "xhttps://issuer.example" }],
    ["an empty issuer", { issuer: "" }],
    ["an issuer without a host", { issuer: "https:///token" }],
    ["an issuer with a space", { issuer: "https://issuer.example/a b" }],
    ["an empty identity", { identity: "" }],
    ["an identity with a space", { identity: `${IDENTITY} ` }],
    ["an identity outside ASCII", { identity: IDENTITY.replace("o", "о") }],
    ["neither identity nor pattern", { identity: null }],
    ["both", { identityPattern: "https://github\\.com/octo/.*" }],
    ["a source without a host and another issuer", { issuer: "https://gitlab.com", source: "octo/widgets" }],
    ["a short ref", { source: "octo/widgets@v1.0.0" }],
    ["an empty ref", { source: "octo/widgets@" }],
    ["a clone URL", { source: "https://github.com/octo/widgets.git" }],
    ["plain http", { source: "http://github.com/octo/widgets" }],
    ["a login", { source: "https://user@github.com/octo/widgets" }],
    ["an owner alone", { source: "octo" }],
    ["a slash at the end", { source: "https://github.com/octo/widgets/" }],
    ["a field that no certificate has", { fields: { sourceReff: "refs/tags/v1" } }],
    ["a field of every object", { fields: { constructor: "x" } }],
    ["a short source ref", { fields: { sourceRef: "v1" } }],
    ["a short commit", { fields: { sourceCommit: "abcdef1" } }],
    ["a commit in capitals", { fields: { buildSignerCommit: "AB".repeat(20) } }],
    ["an id without end", { fields: { sourceRepositoryId: "1".repeat(2_049) } }],
    ["an empty id", { fields: { sourceRepositoryId: "" } }],
    ["a started workflow without a host", { fields: { buildConfig: ".github/workflows/release.yml" } }],
    ["a control character", { fields: { environment: "prod\n" } }],
    ["a ref said twice", { source: "octo/widgets@refs/tags/v1", fields: { sourceRef: "refs/tags/v1" } }],
    ["a short commit of the builder", { builderCommits: ["abcdef1"] }],
    ["a tag as the builder's commit", { builderCommits: [COMMIT, "v1.0.0"] }],
    ["a builder that is no URI", { builderIds: ["octo/builders"] }],
    ["more commits of the builder than anybody released", { builderCommits: Array(1_001).fill(COMMIT) }],
  ])("refuses %s", (_, options) => {
    expect(() => identity(options)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  it("says how many identities there were instead of one", () => {
    expect(() => identity({ identity: null })).toThrow(expect.objectContaining({ code: "USAGE", actual: "none" }));
    expect(() => identity({ identityPattern: "octo.*" })).toThrow(
      expect.objectContaining({ code: "USAGE", actual: "both" }),
    );
  });

  it.each([".*", ".+", "", "https://.*", "(", "a)|(b", "https://github\\.com/.*", `${"a".repeat(513)}`, "[^x]*|octo"])(
    "refuses the pattern %j",
    (text) => {
      expect(() => pattern(text)).toThrow(expect.objectContaining({ code: "USAGE" }));
    },
  );

  it("takes an issuer by http, and a source whose ref is said by itself", () => {
    expect(identity({ issuer: "http://127.0.0.1:8080" }).issuer).toBe("http://127.0.0.1:8080");
    const { source, fields } = identity({ source: "octo/widgets", fields: { sourceRef: "refs/tags/v1" } });
    expect([source?.ref, fields.sourceRef]).toEqual([null, "refs/tags/v1"]);
  });

  it("takes a workflow without its ref only where commits say which one is meant", () => {
    const workflow = IDENTITY.slice(0, IDENTITY.indexOf("@"));
    expect(identity({ identity: workflow }).identity).toEqual({ exact: workflow });
    const pinned = identity({ identity: workflow, builderCommits: [COMMIT] });
    expect(pinned).toMatchObject({ identity: { workflow }, builderCommits: [COMMIT] });
    expect(shownMatch(pinned.identity)).toBe(`${workflow}@…`);
    expect(identity({ builderCommits: [COMMIT] }).identity).toEqual({ exact: IDENTITY });
    expect(identity({ identity: "octo", builderCommits: [COMMIT] }).identity).toEqual({ exact: "octo" });
    expect(identity({ identity: "octo@example.com", builderCommits: [COMMIT] }).identity).toEqual({
      exact: "octo@example.com",
    });
  });

  const GENERATOR =
    "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml";

  it.each<[string, Partial<IdentityOptions>]>([
    ["named exactly", { identity: `${GENERATOR}@refs/tags/v2.1.0` }],
    ["named by its commits", { identity: GENERATOR, builderCommits: [COMMIT] }],
    ["of Docker", { identity: "https://github.com/docker/github-builder/.github/workflows/bake.yml@refs/tags/v1.0.0" }],
    ["of GitHub", { identity: `https://github.com/github/artifact-attestations-workflows/x.yml@${COMMIT}` }],
    ["in a pattern", { identity: null, identityPattern: String.raw`https://github\.com/slsa-framework/.*` }],
    [
      "spelled in a pattern",
      {
        identity: null,
        identityPattern: String.raw`https://github\.com/docker/github-builder/\.github/workflows/bake\.yml@refs/tags/v9\..*`,
      },
    ],
    [
      "spelled in a pattern for http and https",
      {
        identity: null,
        identityPattern: String.raw`https?://github\.com/docker/github-builder/\.github/workflows/bake\.yml@refs/tags/v9`,
      },
    ],
    [
      "at any owner in a pattern",
      { identity: null, identityPattern: String.raw`.*generator_generic_slsa3\.yml@refs/.*` },
    ],
    [
      "in a pattern for commits",
      { identity: null, identityPattern: String.raw`https://github.com/[bd]\w+-?\w+/.*@[0-9a-f]+` },
    ],
  ])("wants a source for a builder that is made for everybody, %s", (_, options) => {
    const actual = options.identity ?? options.identityPattern;
    expect(() => identity(options)).toThrow(
      expect.objectContaining({
        code: "SOURCE_UNSET",
        expected: "the repository that you expect, with --source OWNER/REPO",
        actual,
      }),
    );
    expect(identity({ ...options, source: "octo/widgets" }).source?.repository).toBe("https://github.com/octo/widgets");
  });

  it("wants none for a repository whose name only begins alike", () => {
    const identities = [GENERATOR.replace("-generator/", "-generators/"), GENERATOR.replace("slsa-framework", "octo")];
    for (const one of identities) expect(identity({ identity: `${one}@refs/tags/v1` }).source).toBeNull();
  });
});
