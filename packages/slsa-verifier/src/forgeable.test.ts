import { describe, expect, it } from "vitest";
import { SHA512 } from "../test/github-cases.ts";
import { npmStatementV1, npmStatementV02, OWN_RUN, packageVerdict } from "../test/npm-cases.ts";

// The job may write anything into the provenance: each field stands in the certificate, or is not claimed.

type V02 = ReturnType<typeof npmStatementV02>;
type V1 = ReturnType<typeof npmStatementV1>;

function v02(edit: (statement: V02) => void, claims = OWN_RUN): string {
  const provenance = npmStatementV02();
  edit(provenance);
  return packageVerdict({ provenance, claims });
}

function v1(edit: (statement: V1) => void, claims = OWN_RUN): string {
  const provenance = npmStatementV1();
  edit(provenance);
  return packageVerdict({ provenance, claims });
}

describe("v0.2: the environment", () => {
  it.each(Object.keys(npmStatementV02().predicate.invocation.environment))("%s", (name) => {
    expect(v02((one) => (one.predicate.invocation.environment[name] = "other"))).toBe("ErrorMismatchCertificate");
    expect(v02((one) => (one.predicate.invocation.environment[name] = 1))).toBe("ErrorInvalidDssePayload");
    expect(v02((one) => delete one.predicate.invocation.environment[name])).toBe("passed");
  });

  it("nothing that the certificate has no place for", () => {
    expect(v02((one) => (one.predicate.invocation.environment["GITHUB_ACTOR"] = "octocat"))).toBe(
      "ErrorMismatchCertificate",
    );
  });

  it("must be there", () => {
    expect(v02((one) => Object.assign(one.predicate.invocation, { environment: undefined }))).toBe(
      "ErrorInvalidDssePayload",
    );
  });
});

describe("v0.2: the rest", () => {
  it.each([
    [
      "parameters",
      (one) => Object.assign(one.predicate.invocation, { parameters: { a: 1 } }),
      "ErrorNonVerifiableClaim",
    ],
    [
      "a build's configuration",
      (one) => Object.assign(one.predicate, { buildConfig: { a: 1 } }),
      "ErrorNonVerifiableClaim",
    ],
    [
      "a build's start",
      (one) => (one.predicate.metadata["buildStartedOn"] = "2026-01-15T12:00:00Z"),
      "ErrorNonVerifiableClaim",
    ],
    [
      "a build's end",
      (one) => (one.predicate.metadata["buildFinishedOn"] = "2026-01-15T12:00:00Z"),
      "ErrorNonVerifiableClaim",
    ],
    ["reproducible", (one) => (one.predicate.metadata["reproducible"] = true), "ErrorNonVerifiableClaim"],
    ["complete", (one) => (one.predicate.metadata["completeness"] = { materials: true }), "ErrorNonVerifiableClaim"],
    ["another run", (one) => (one.predicate.metadata["buildInvocationId"] = "43-1"), "ErrorMismatchCertificate"],
    ["another attempt", (one) => (one.predicate.metadata["buildInvocationId"] = "42-2"), "ErrorMismatchCertificate"],
    ["no run", (one) => (one.predicate.metadata["buildInvocationId"] = "42"), "ErrorInvalidFormat"],
    [
      "another workflow",
      (one) => (one.predicate.invocation.configSource.entryPoint = ".github/workflows/x.yml"),
      "ErrorMismatchCertificate",
    ],
    ["two subjects", (one) => one.subject.push({ name: "x", digest: { sha512: SHA512 } }), "ErrorNonVerifiableClaim"],
    [
      "two materials",
      (one) => one.predicate.materials.push({ uri: "git+https://github.com/octo/x", digest: { sha1: "x" } }),
      "ErrorNonVerifiableClaim",
    ],
  ] satisfies [string, (statement: V02) => unknown, string][])("%s", (_what, edit, name) => {
    expect(v02(edit)).toBe(name);
  });

  it("an invocation that is not claimed need not be the run", () => {
    expect(v02((one) => delete one.predicate.metadata["buildInvocationId"])).toBe("passed");
  });
});

describe("v1", () => {
  it.each(Object.keys(npmStatementV1().predicate.buildDefinition.internalParameters.github))("%s", (name) => {
    const github = (one: V1) => one.predicate.buildDefinition.internalParameters.github;
    expect(v1((one) => (github(one)[name] = "other"))).toBe("ErrorMismatchCertificate");
    expect(v1((one) => (github(one)[name] = 1))).toBe("ErrorInvalidDssePayload");
  });

  it.each([
    [
      "nothing else of GitHub",
      (one) => (one.predicate.buildDefinition.internalParameters.github["actor"] = "x"),
      "ErrorMismatchCertificate",
    ],
    [
      "no parameters of GitHub",
      (one) => Object.assign(one.predicate.buildDefinition, { internalParameters: {} }),
      "ErrorInvalidFormat",
    ],
    [
      "another workflow",
      (one) => (one.predicate.buildDefinition.externalParameters.workflow.path = "x.yml"),
      "ErrorMismatchCertificate",
    ],
    [
      "no workflow",
      (one) => Object.assign(one.predicate.buildDefinition.externalParameters.workflow, { path: 1 }),
      "ErrorInvalidDssePayload",
    ],
    [
      "another run",
      (one) =>
        (one.predicate.runDetails.metadata["invocationId"] =
          "https://github.com/octo/widgets/actions/runs/43/attempts/1"),
      "ErrorMismatchCertificate",
    ],
    [
      "another form of run",
      (one) => (one.predicate.runDetails.metadata["invocationId"] = "42-1"),
      "ErrorInvalidFormat",
    ],
    [
      "a build's start",
      (one) => (one.predicate.runDetails.metadata["startedOn"] = "2026-01-15T12:00:00Z"),
      "ErrorNonVerifiableClaim",
    ],
    [
      "a build's end",
      (one) => (one.predicate.runDetails.metadata["finishedOn"] = "2026-01-15T12:00:00Z"),
      "ErrorNonVerifiableClaim",
    ],
    [
      "two dependencies",
      (one) => one.predicate.buildDefinition.resolvedDependencies.push({ uri: "x", digest: { gitCommit: "x" } }),
      "ErrorNonVerifiableClaim",
    ],
  ] satisfies [string, (statement: V1) => unknown, string][])("%s", (_what, edit, name) => {
    expect(v1(edit)).toBe(name);
  });

  it("what the certificate does not have cannot be claimed", () => {
    const { runInvocationUri: _run, ...claims } = OWN_RUN;
    expect(v1(() => undefined, claims)).toBe("ErrorMismatchCertificate");
    const { sourceRepositoryId: _id, ...others } = OWN_RUN;
    expect(v1(() => undefined, others)).toBe("ErrorMismatchCertificate");
  });
});
