import { describe, expect, it } from "vitest";
import { BCR, CONTAINER_BASED, containerBasedStatement, runBy, workflowStatement } from "../test/delegated-cases.ts";
import { EXPECTED, roots, signed } from "../test/github-cases.ts";
import { verdictOf } from "../test/reason.ts";
import type { Expectations } from "./github-provenance.ts";
import { verifyArtifact, verifyGithubAttestation } from "./verify.ts";

describe("the container-based builder", () => {
  type Statement = ReturnType<typeof containerBasedStatement>;
  const verdict = (expected: Partial<Expectations> = {}, edit: (one: Statement) => void = () => undefined) => {
    const statement = containerBasedStatement();
    edit(statement);
    const bundle = signed(statement, runBy(CONTAINER_BASED));
    return verdictOf(verifyArtifact(bundle, { ...EXPECTED, ...expected }, roots));
  };

  it.each([
    [{}, "passed"],
    [{ builderId: `${CONTAINER_BASED}@v2.1.0` }, "passed"],
    [{ builderId: `${CONTAINER_BASED}@v2.0.0` }, "ErrorUntrustedReusableWorkflow"],
    [{ tag: "v13.0.30" }, "passed"],
    [{ tag: "v13" }, "ErrorMismatchTag"],
    [{ branch: "main" }, "passed"],
    [{ source: "github.com/octo/evil" }, "ErrorMismatchSource"],
  ] as const)("expected %j: %s", (expected, name) => {
    expect(verdict(expected)).toBe(name);
  });

  it("is the one that the provenance names, with its version", () => {
    expect(verdict({}, (one) => (one.predicate.runDetails.builder.id = CONTAINER_BASED))).toBe(
      "ErrorMismatchBuilderID",
    );
  });

  it("must name the source's ref", () => {
    const edit = (one: Statement) => {
      one.predicate.buildDefinition.resolvedDependencies = [
        { uri: "git+https://github.com/octo/widgets", digest: { gitCommit: "x" } },
      ];
    };
    expect(verdict({}, edit)).toBe("ErrorMalformedURI");
  });

  it("a release says from which branch it is", () => {
    const release = (target: unknown) => (one: Statement) => {
      Object.assign(one.predicate.buildDefinition.internalParameters, {
        GITHUB_EVENT_NAME: "release",
        GITHUB_EVENT_PAYLOAD: { release: { target_commitish: target } },
      });
    };
    expect(verdict({ branch: "main" }, release("main"))).toBe("passed");
    expect(verdict({ branch: "main" }, release("dev"))).toBe("ErrorMismatchBranch");
    expect(verdict({ branch: "main" }, release(undefined))).toBe("ErrorInvalidDssePayload");
  });

  it("other events of a tag have no branch, unless they have a base", () => {
    const event = (base: string) => (one: Statement) => {
      Object.assign(one.predicate.buildDefinition.internalParameters, {
        GITHUB_EVENT_NAME: "create",
        GITHUB_BASE_REF: base,
      });
    };
    expect(verdict({ branch: "main" }, event(""))).toBe("ErrorInvalidRef");
    expect(verdict({ branch: "main" }, event("refs/heads/main"))).toBe("passed");
  });
});

describe("an attestation of GitHub's", () => {
  type Statement = ReturnType<typeof workflowStatement>;
  const verdict = (expected: Partial<Expectations> = {}, edit: (one: Statement) => void = () => undefined) => {
    const statement = workflowStatement();
    edit(statement);
    const bundle = signed(statement, runBy(BCR, "refs/tags/v1.0.0"));
    return verdictOf(verifyGithubAttestation(bundle, { ...EXPECTED, builderId: BCR, ...expected }, roots));
  };

  it.each([
    [{}, "passed"],
    [{ builderId: `${BCR}@v1.0.0` }, "passed"],
    [{ builderId: `${BCR}@v1.0.1` }, "ErrorUntrustedReusableWorkflow"],
    [{ builderId: "" }, "ErrorUntrustedReusableWorkflow"],
    [{ builderId: null }, "ErrorUntrustedReusableWorkflow"],
    [{ source: "github.com/octo/evil" }, "ErrorMismatchSource"],
    [{ digest: "c3".repeat(32) }, "ErrorMismatchHash"],
  ] as const)("expected %j: %s", (expected, name) => {
    expect(verdict(expected)).toBe(name);
  });

  it.each([
    [{ workflow: { ref: "refs/tags/v13.0.30", repository: "https://github.com/octo/evil" } }, "ErrorMismatchSource"],
    [
      { workflow: { ref: "refs/heads/main", repository: "https://github.com/octo/widgets" } },
      "ErrorInvalidDssePayload",
    ],
    [{ workflow: { ref: "", repository: "https://github.com/octo/widgets" } }, "ErrorMalformedURI"],
    [{ workflow: { repository: "https://github.com/octo/widgets" } }, "ErrorInvalidFormat"],
    [{ workflow: 1 }, "ErrorInvalidFormat"],
    [{}, "ErrorInvalidFormat"],
  ])("the workflow %j: %s", (externalParameters, name) => {
    expect(verdict({}, (one) => Object.assign(one.predicate.buildDefinition, { externalParameters }))).toBe(name);
  });

  it("of a builder that is named, and that nobody can read, is refused", () => {
    const other = "https://github.com/octo/x/.github/workflows/build.yml";
    const bundle = signed(workflowStatement(), runBy(other, "refs/tags/v1.0.0"));
    expect(verdictOf(verifyGithubAttestation(bundle, { ...EXPECTED, builderId: other }, roots))).toBe(
      "ErrorInvalidBuilderID",
    );
  });

  it("of another kind is not provenance", () => {
    expect(verdict({}, (one) => (one.predicateType = "https://spdx.dev/Document/v2.3"))).toBe(
      "ErrorInvalidDssePayload",
    );
    const bundle = signed(workflowStatement(), runBy(BCR, "refs/tags/v1.0.0"), { payloadType: "text/plain" });
    expect(verdictOf(verifyGithubAttestation(bundle, { ...EXPECTED, builderId: BCR }, roots))).toBe(
      "ErrorInvalidDssePayload",
    );
  });
});
