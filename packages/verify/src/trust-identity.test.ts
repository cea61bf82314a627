import { describe, expect, it } from "vitest";
import { IDENTITY, ISSUER, roots } from "../test/certificate-cases.ts";
import { type IdentityOptions, shownMatch, trustedIdentity } from "./trust-identity.ts";

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
    ["an empty issuer", { issuer: "" }],
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
  ])("refuses %s", (_, options) => {
    expect(() => identity(options)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  it.each([".*", ".+", "", "https://.*", "(", "a)|(b", "https://github\\.com/.*", `${"a".repeat(513)}`, "[^x]*|octo"])(
    "refuses the pattern %j",
    (text) => {
      expect(() => pattern(text)).toThrow(expect.objectContaining({ code: "USAGE" }));
    },
  );

  it("wants a source for a builder that is made for everybody", () => {
    const builder =
      "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0";
    expect(() => identity({ identity: builder })).toThrow(expect.objectContaining({ code: "SOURCE_UNSET" }));
    expect(identity({ identity: builder, source: "octo/widgets" }).source?.repository).toBe(
      "https://github.com/octo/widgets",
    );
  });
});
