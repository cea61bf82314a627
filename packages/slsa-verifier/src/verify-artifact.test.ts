import { githubRun } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import {
  COMMIT,
  EXPECTED,
  GENERIC,
  genericStatement,
  RUN,
  roots,
  SHA512,
  signed,
  WORKFLOWS,
} from "../test/github-cases.ts";
import type { Expectations } from "./github-provenance.ts";
import { verifyArtifact, verifyGithubAttestation } from "./verify.ts";

type Statement = ReturnType<typeof genericStatement>;

/** `passed`, or slsa-verifier's name for what is wrong. */
function verdict(
  expected: Partial<Expectations> = {},
  edit: (statement: Statement) => void = () => undefined,
  claims = RUN,
): string {
  const statement = genericStatement();
  edit(statement);
  const outcome = verifyArtifact(signed(statement, claims), { ...EXPECTED, ...expected }, roots);
  return outcome.passed ? "passed" : outcome.reason;
}

it("passes, and says who built what", () => {
  expect(verifyArtifact(signed(genericStatement()), EXPECTED, roots)).toMatchObject({
    passed: true,
    builderId: `${GENERIC}@refs/tags/v2.1.0`,
    commit: COMMIT,
  });
});

describe("the source", () => {
  it.each([
    ["github.com/octo/widgets", "passed"],
    ["git+https://github.com/octo/widgets", "passed"],
    ["octo/widgets", "ErrorMalformedURI"], // the certificate agrees, and what is written is no URI
    ["github.com/octo/widgetsA", "ErrorMismatchSource"],
    ["github.com/Aocto/widgets", "ErrorMismatchSource"],
    ["Agithub.com/octo/widgets", "ErrorMismatchSource"],
    ["https://github.com/octo/widgets", "ErrorMismatchSource"],
  ])("%s: %s", (source, expected) => {
    expect(verdict({ source })).toBe(expected);
  });

  it("is the trigger's and the material's", () => {
    const evil = "git+https://github.com/octo/evil@refs/tags/v13.0.30";
    expect(verdict({}, (one) => (one.predicate.invocation.configSource.uri = evil))).toBe("ErrorMismatchSource");
    expect(verdict({}, (one) => Object.assign(one.predicate, { materials: [{ uri: evil }] }))).toBe(
      "ErrorMismatchSource",
    );
    expect(verdict({}, (one) => Object.assign(one.predicate, { materials: [] }))).toBe("ErrorInvalidDssePayload");
  });

  it("has one ref in both", () => {
    const other = [{ uri: "git+https://github.com/octo/widgets@refs/heads/main" }];
    const none = [{ uri: "git+https://github.com/octo/widgets" }];
    expect(verdict({}, (one) => Object.assign(one.predicate, { materials: other }))).toBe("ErrorInvalidDssePayload");
    expect(verdict({}, (one) => Object.assign(one.predicate, { materials: none }))).toBe("ErrorMalformedURI");
  });
});

describe("the builder", () => {
  const other = githubRun({
    repository: "octo/widgets",
    ref: "refs/tags/v1",
    workflow: "octo/x/.github/workflows/b.yml@refs/tags/v2.1.0",
  });

  it.each([
    [GENERIC, "passed"],
    [`${GENERIC}@v2.1.0`, "passed"],
    [`${GENERIC}@refs/tags/v2.1.0`, "passed"],
    [`${GENERIC}@v2.0.0`, "ErrorUntrustedReusableWorkflow"],
    [`${GENERIC}@`, "ErrorUntrustedReusableWorkflow"],
    [`https://github.com/${WORKFLOWS}/not-trusted.yml`, "ErrorUntrustedReusableWorkflow"],
    ["https://example.com/builder", "ErrorVerifierNotSupported"],
    ["https://cloudbuild.googleapis.com/GoogleHostedWorker", "ErrorNotSupported"],
    ["", "passed"],
  ])("%s: %s", (builderId, expected) => {
    expect(verdict({ builderId })).toBe(expected);
  });

  it("is one that is known, unless it is named", () => {
    expect(verdict({}, undefined, other)).toBe("ErrorUntrustedReusableWorkflow");
    // named, it is trusted; but nobody knows how to read what it writes
    expect(verdict({ builderId: "https://github.com/octo/x/.github/workflows/b.yml" }, undefined, other)).toBe(
      "ErrorInvalidBuilderID",
    );
  });

  it.each(["refs/heads/main", "refs/tags/v2", "refs/tags/v2.1.0-rc.1", "refs/tags/v2.1.0+build", COMMIT])(
    "is pinned by a version, not by %s",
    (ref) => {
      const claims = githubRun({
        repository: "octo/widgets",
        ref: "refs/tags/v13.0.30",
        workflow: `${WORKFLOWS}/generator_generic_slsa3.yml@${ref}`,
      });
      expect(verdict({}, undefined, claims)).toBe("ErrorInvalidRef");
    },
  );

  it("is the one that the provenance names", () => {
    expect(verdict({}, (one) => (one.predicate.builder.id = `${GENERIC}@refs/tags/v2.0.0`))).toBe(
      "ErrorMismatchBuilderID",
    );
    expect(verdict({}, (one) => (one.predicate.builder.id = "x"))).toBe("ErrorMismatchBuilderID");
  });

  it("is identified by GitHub", () => {
    expect(verdict({}, undefined, { ...RUN, issuer: "https://gitlab.com" })).toBe("ErrorInvalidOIDCIssuer");
  });

  it("writes its own build types", () => {
    const edit = (one: Statement) =>
      (one.predicate.buildType = "https://github.com/slsa-framework/slsa-github-generator/go@v1");
    expect(verdict({}, edit)).toBe("ErrorInvalidBuildType");
  });

  it("must be named for an attestation of GitHub's", () => {
    const bundle = signed(genericStatement());
    expect(verifyGithubAttestation(bundle, EXPECTED, roots)).toMatchObject({
      reason: "ErrorUntrustedReusableWorkflow",
    });
  });
});

describe("the artifact", () => {
  it.each([
    ["another digest", "c3".repeat(32), "ErrorMismatchHash"],
    ["a digest of another length", SHA512, "ErrorMismatchHash"],
    ["SHA-1", "d4".repeat(20), "ErrorInvalidHash"],
  ])("%s", (_what, digest, expected) => {
    expect(verdict({ digest })).toBe(expected);
  });

  it("is under the algorithm that it is said to be", () => {
    expect(verdict({}, (one) => Object.assign(one.subject[0] ?? {}, { digest: { sha512: EXPECTED.digest } }))).toBe(
      "ErrorMismatchHash",
    );
  });
});

describe("branch, tag and inputs", () => {
  it.each([
    [{ tag: "v13.0.30" }, "passed"],
    [{ tag: "v13.0.29" }, "ErrorMismatchTag"],
    [{ tag: "v13" }, "ErrorMismatchTag"],
    [{ versionedTag: "v13" }, "passed"],
    [{ versionedTag: "v13.0" }, "passed"],
    [{ versionedTag: "v13.0.30" }, "passed"],
    [{ versionedTag: "v13.1" }, "ErrorMismatchVersionedTag"],
    [{ versionedTag: "v14" }, "ErrorMismatchVersionedTag"],
    [{ versionedTag: "13" }, "ErrorInvalidSemver"],
    [{ branch: "main" }, "passed"], // of a tag, from where it was pushed
    [{ branch: "other" }, "ErrorMismatchBranch"],
    [{ inputs: new Map([["release", "true"]]) }, "ErrorMismatchWorkflowInputs"], // no workflow_dispatch
  ] as const)("%j: %s", (expected, name) => {
    expect(verdict(expected)).toBe(name);
  });

  it("of a branch there is no tag", () => {
    const edit = ({ predicate }: Statement) => {
      Object.assign(predicate.invocation.environment, { github_ref: "refs/heads/main", github_ref_type: "branch" });
    };
    expect(verdict({ branch: "main" }, edit)).toBe("passed");
    expect(verdict({ tag: "v13.0.30" }, edit)).toBe("ErrorInvalidRef");
    expect(verdict({ versionedTag: "v13" }, edit)).toBe("ErrorInvalidRef");
  });

  it("inputs are those of the event", () => {
    const edit = ({ predicate }: Statement) => {
      Object.assign(predicate.invocation.environment, {
        github_event_name: "workflow_dispatch",
        github_event_payload: { inputs: { release: "true", number: 1 } },
      });
    };
    expect(verdict({ inputs: new Map([["release", "true"]]) }, edit)).toBe("passed");
    expect(verdict({ inputs: new Map([["release", "false"]]) }, edit)).toBe("ErrorMismatchWorkflowInputs");
    expect(verdict({ inputs: new Map([["missing", "x"]]) }, edit)).toBe("ErrorMismatchWorkflowInputs");
    expect(verdict({ inputs: new Map([["constructor", "x"]]) }, edit)).toBe("ErrorMismatchWorkflowInputs");
  });
});

describe("the certificate", () => {
  it("is for a build of the source", () => {
    const claims = githubRun({
      repository: "octo/evil",
      ref: "refs/tags/v13.0.30",
      workflow: `${WORKFLOWS}/generator_generic_slsa3.yml@refs/tags/v2.1.0`,
    });
    expect(verdict({}, undefined, claims)).toBe("ErrorMismatchSource");
  });

  it("names one commit", () => {
    expect(verdict({}, undefined, { ...RUN, buildConfigDigest: "f".repeat(40) })).toBe("ErrorInvalidFormat");
  });
});

describe("what Go would not read", () => {
  it.each([
    ["an unknown member", { extra: 1 }],
    ["a number for a text", { buildType: 1 }],
    ["a list for an object", { builder: [] }],
    ["a time that is none", { metadata: { buildStartedOn: "yesterday" } }],
    [
      "digests that are no texts",
      { materials: [{ uri: "git+https://github.com/octo/widgets@refs/tags/v1", digest: { sha1: 1 } }] },
    ],
  ])("%s", (_what, change) => {
    expect(verdict({}, (one) => Object.assign(one.predicate, change))).toBe("ErrorInvalidDssePayload");
  });

  it("names in any case, and null, are read", () => {
    const edit = ({ predicate }: Statement) => {
      Object.assign(predicate, { BuildConfig: null, metadata: { buildInvocationId: "42-1", buildStartedOn: null } });
    };
    expect(verdict({}, edit)).toBe("passed");
  });
});

it("a signature that does not hold is refused before anything is read", () => {
  const bundle = signed(genericStatement());
  const outcome = verifyArtifact({ ...bundle, payload: new TextEncoder().encode("{}") }, EXPECTED, roots);
  expect(outcome.passed).toBe(false);
});
