import { describe, expect, test } from "vitest";
import { compilePolicy } from "./compile.ts";
import { policyDocument } from "./document/policy-document.ts";

async function compiled(rule: object, more: object = {}) {
  return compiledRules([rule], more);
}

/** With a rule that needs nothing. */
async function beside(rule: object) {
  return compiledRules([{ match: "lib" }, rule], {});
}

async function compiledRules(rules: readonly object[], more: object) {
  const artifacts = rules.map((rule) => ({
    match: "tool",
    ...("source" in rule ? {} : { "any-source": true }),
    ...rule,
  }));
  const file = { version: 1, artifacts, ...more };
  return compilePolicy(policyDocument(file, { label: "policy.yaml", digest: "ab".repeat(32) }), { now: 0 });
}

describe("what whoever judges must keep or read", () => {
  test.each<[string, object, boolean]>([
    ["a match alone", {}, false],
    ["an expression", { when: "true" }, true],
    ["results of tests", { require: ["provenance", "test-result"] }, true],
    ["another predicate", { require: ["provenance", "sbom"] }, false],
    ["parameters", { parameters: { "reject-unknown": true } }, true],
    ["inputs of a workflow", { "workflow-inputs": { tag: "v1" } }, true],
  ])("whole statements for %s", async (_what, rule, expected) => {
    expect((await compiled(rule)).wholeStatements).toBe(expected);
    expect((await beside(rule)).wholeStatements).toBe(expected);
  });

  test.each<[string, boolean]>([
    ["tool", false],
    ["tool*", false],
    ["*", false],
    ["**", false],
    ["pkg:npm/**", true],
    ["pk**", true],
    ["**/pad@*", true],
    ["p*", true],
  ])("names of packages for %s", async (match, expected) => {
    expect((await compiled({ match })).namesPackages).toBe(expected);
    expect((await compiled({ match: ["lib", match] })).namesPackages).toBe(expected);
    expect((await beside({ match })).namesPackages).toBe(expected);
  });

  test.each<[string, object, boolean]>([
    ["an expression about names", { when: 'artifact.names.all(n, n != "a")' }, true],
    ["another expression", { when: "statement.artifacts == 1" }, false],
    ["the tag of a package", { tag: "{pkg}@{semver}" }, true],
    ["another tag", { tag: "v{semver}" }, false],
  ])("names of packages for %s", async (_what, rule, expected) => {
    expect((await compiled({ match: "**", ...rule })).namesPackages).toBe(expected);
    expect((await beside(rule)).namesPackages).toBe(expected);
  });

  test("names of packages for an exception", async () => {
    const exception = {
      match: "pkg:npm/pad@1.0.0",
      digest: `sha256:${"ab".repeat(32)}`,
      until: "2027-01-01",
      reason: "old",
      by: "us",
    };
    expect((await compiled({}, { exceptions: [exception] })).namesPackages).toBe(true);
  });
});

const artifact = { kind: "file", name: "tool", names: ["tool"], digests: [], platform: null } as const;

test.each<[string, object, boolean]>([
  ["no source", {}, false],
  ["a source", { source: "github.com/octo/widgets" }, true],
])("a rule with %s compares it: %s", async (_what, rule, expected) => {
  expect((await compiled(rule)).ruleFor(artifact).comparesSource).toBe(expected);
});

test.each<[string, object, boolean]>([
  ["a commit", { commit: "ab".repeat(20) }, false],
  ["a ref", { ref: "refs/tags/v1" }, true],
  ["a branch", { branch: "main" }, true],
  ["a tag", { tag: "v1.0.0" }, true],
  ["any version", { tag: "v{semver}" }, false],
  ["a range of versions", { tag: "v{semver} >=1" }, false],
  ["a part of a version", { "versioned-tag": "v1" }, false],
])("a rule with %s names the ref: %s", async (_what, rule, expected) => {
  const source = { source: "github.com/octo/widgets" };
  expect((await compiled({ ...source, ...rule })).ruleFor(artifact).namesRef).toBe(expected);
});
