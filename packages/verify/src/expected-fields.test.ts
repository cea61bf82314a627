import { describe, expect, it } from "vitest";
import type { CertificateClaims } from "./certificate/claims.ts";
import { MAX_CERTIFICATE_TEXT } from "./certificate/limits.ts";
import { checkFields, type ExpectedFields, expectedFields } from "./expected-fields.ts";

describe("a field that is expected", () => {
  it.each<[string, string]>([
    ["sourceRef", "refs/tags/v1"],
    ["sourceCommit", "ab".repeat(32)],
    ["runnerEnvironment", "gitlab-hosted"],
    ["trigger", "x".repeat(MAX_CERTIFICATE_TEXT)],
    ["buildConfig", "http://ci.example/build.yml"],
    ["environment", "Prod (EU) – blue"],
  ])("%s may be %s", (name, value) => {
    expect(expectedFields({ [name]: value })).toEqual({ [name]: value });
  });

  it.each<[string, string]>([
    ["sourceRef", "xrefs/tags/v1"],
    ["sourceRef", "refs/"],
    ["sourceRef", "refs/tags/v 1"],
    ["sourceCommit", "a".repeat(41)],
    ["sourceCommit", `x${"a".repeat(40)}`],
    ["sourceCommit", "g".repeat(64)],
    ["sourceOwnerId", "1 2"],
    ["sourceOwnerId", " 1"],
    ["runnerEnvironment", "GitHub-hosted"],
    ["runnerEnvironment", "self-hosted "],
    ["trigger", "püsh"],
    ["buildConfig", "xhttps://github.com/a"],
    ["buildConfig", "https://github.com/a b"],
    ["environment", ""],
    ["environment", "\u0000prod"],
  ])("%s is never %j", (name, value) => {
    expect(() => expectedFields({ [name]: value })).toThrow(
      expect.objectContaining({ code: "USAGE", actual: JSON.stringify(value) }),
    );
  });

  it("is shown by its beginning where it is too long", () => {
    expect(() => expectedFields({ trigger: "x".repeat(MAX_CERTIFICATE_TEXT + 1) })).toThrow(
      expect.objectContaining({ code: "USAGE", actual: `"${"x".repeat(120)}"` }),
    );
  });

  it.each(["sourceReff", "issuer", "constructor"])("is not %s, which is refused with the names of all", (name) => {
    const expected = expect.stringMatching(/^sourceRef, sourceCommit, .*, environment$/);
    expect(() => expectedFields({ [name]: "x" })).toThrow(
      expect.objectContaining({ code: "USAGE", expected, actual: `"${name}"` }),
    );
  });
});

describe("the fields of a certificate", () => {
  const claims = { issuer: "https://issuer.example", trigger: "push", sourceRef: null } as CertificateClaims;

  it("are the expected ones", () => {
    expect(() => checkFields(claims, { trigger: "push" })).not.toThrow();
    expect(() => checkFields(claims, {})).not.toThrow();
  });

  it("are others, or none", () => {
    const refusal = (code: string, expected: string, actual: string) =>
      expect.objectContaining({ code, expected, actual });
    expect(() => checkFields(claims, { trigger: "release" })).toThrow(
      refusal("CERTIFICATE_MISMATCH", "release", "push"),
    );
    expect(() => checkFields(claims, { trigger: "push", sourceRef: "refs/tags/v1" })).toThrow(
      refusal("SOURCE_MISMATCH", "refs/tags/v1", "nothing: the certificate does not say"),
    );
  });

  it("are never believed to hold what nobody can ask for", () => {
    const unknown: object = { issuer: "https://issuer.example" };
    expect(() => checkFields(claims, unknown as ExpectedFields)).toThrow(TypeError);
  });
});
