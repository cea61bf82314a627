import { describe, expect, it } from "vitest";
import {
  DELEGATED_RUN,
  delegatedStatement,
  delegatedStatementV02,
  JRELEASER,
  LOW_PERMISSION_RUN,
  MAVEN,
  runBy,
} from "../test/delegated-cases.ts";
import { EXPECTED, GENERIC, roots, signed, WORKFLOWS } from "../test/github-cases.ts";
import { verdictOf } from "../test/reason.ts";
import type { Expectations } from "./github-provenance.ts";
import { verifyArtifact } from "./verify.ts";

type Statement = ReturnType<typeof delegatedStatement>;

function verdict(
  expected: Partial<Expectations> = {},
  edit: (statement: Statement) => void = () => undefined,
  claims = DELEGATED_RUN,
): string {
  const statement = delegatedStatement();
  edit(statement);
  return verdictOf(verifyArtifact(signed(statement, claims), { ...EXPECTED, ...expected }, roots));
}

const builtBy = (id: string) => (one: Statement) => {
  one.predicate.runDetails.builder.id = id;
};

it("passes, and names the builder that the delegator vouches for", () => {
  expect(verifyArtifact(signed(delegatedStatement(), DELEGATED_RUN), EXPECTED, roots)).toMatchObject({
    passed: true,
    builderId: `${MAVEN}@refs/tags/v2.1.0`,
  });
  expect(verdict({}, undefined, LOW_PERMISSION_RUN)).toBe("passed");
});

describe("the builder", () => {
  it.each([
    [MAVEN, "passed"],
    [`${MAVEN}@v2.1.0`, "passed"],
    [`${MAVEN}@refs/tags/v2.1.0`, "passed"],
    [`${MAVEN}@v2.0.0`, "ErrorMismatchBuilderID"],
    [GENERIC, "ErrorMismatchBuilderID"],
    [`https://github.com/${WORKFLOWS}/delegator_generic_slsa3.yml`, "ErrorMismatchBuilderID"],
  ])("expected %s: %s", (builderId, expected) => {
    expect(verdict({ builderId })).toBe(expected);
  });

  it("of another repository must be named", () => {
    const id = "https://github.com/octo/builder/.github/workflows/build.yml";
    expect(verdict({}, builtBy(`${id}@refs/tags/v1.0.0`))).toBe("ErrorInvalidBuilderID");
    expect(verdict({ builderId: id }, builtBy(`${id}@refs/tags/v1.0.0`))).toBe("passed");
  });

  it("beside the generator's folder is of another repository", () => {
    const id = "https://github.com/slsa-framework/slsa-github-generator/.github/workflowsX/a.yml@refs/tags/v1.0.0";
    expect(verdict({}, builtBy(id))).toBe("ErrorInvalidBuilderID");
  });

  it.each([
    [MAVEN, "ErrorInvalidBuilderID"],
    [`${MAVEN}@refs/tags/v2.1.0@x`, "ErrorInvalidBuilderID"],
    [`${MAVEN}@v2.1.0`, "ErrorInvalidRef"],
    [`${MAVEN}@refs/heads/main`, "ErrorInvalidRef"],
    [`${MAVEN}@refs/tags/v2`, "ErrorInvalidRef"],
    [`${MAVEN}@refs/tags/v2.1.0-rc.1`, "ErrorInvalidRef"],
    [`${MAVEN}@refs/tags/v2.1.0-java`, "ErrorInvalidRef"],
  ])("stated as %s: %s", (id, expected) => {
    expect(verdict({ builderId: MAVEN }, builtBy(id))).toBe(expected);
  });

  it("JReleaser's is pinned by its own tags", () => {
    expect(verdict({ builderId: JRELEASER }, builtBy(`${JRELEASER}@refs/tags/v1.0.0-java`))).toBe("passed");
    expect(verdict({ builderId: JRELEASER }, builtBy(`${JRELEASER}@refs/tags/v1.0.0`))).toBe("ErrorInvalidRef");
    expect(verdict({}, builtBy(`${JRELEASER}@refs/tags/v1.0.0-java`))).toBe("ErrorInvalidBuilderID");
  });

  it("the delegator itself is pinned by a version", () => {
    const main = runBy(`https://github.com/${WORKFLOWS}/delegator_generic_slsa3.yml`, "refs/heads/main");
    expect(verdict({}, undefined, main)).toBe("ErrorInvalidRef");
  });
});

describe("the source", () => {
  it("is the dependency's and the workflow's", () => {
    const evil = "git+https://github.com/octo/evil@refs/tags/v13.0.30";
    expect(verdict({}, (one) => (one.predicate.buildDefinition.resolvedDependencies = [{ uri: evil } as never]))).toBe(
      "ErrorMismatchSource",
    );
    expect(
      verdict({}, (one) => {
        one.predicate.buildDefinition.internalParameters.GITHUB_WORKFLOW_REF =
          "octo/evil/.github/workflows/release.yml@refs/tags/v13.0.30";
      }),
    ).toBe("ErrorMismatchSource");
  });

  it.each([
    [undefined, "ErrorNotPresent"],
    [1, "ErrorInvalidDssePayload"],
    ["octo", "ErrorInvalidFormat"],
    ["octo/widgets/x.yml", "ErrorInvalidFormat"],
    ["octo/widgets/x.yml@", "ErrorMalformedURI"],
    ["octo/widgets/x.yml@refs/heads/main", "ErrorInvalidDssePayload"], // another ref than was built
  ])("the workflow's ref is %j: %s", (ref, expected) => {
    expect(
      verdict({}, (one) =>
        Object.assign(one.predicate.buildDefinition.internalParameters, { GITHUB_WORKFLOW_REF: ref }),
      ),
    ).toBe(expected);
  });

  it("may have no ref, but then there is no branch and no tag", () => {
    const edit = (one: Statement) => {
      one.predicate.buildDefinition.resolvedDependencies = [
        { uri: "git+https://github.com/octo/widgets", digest: { gitCommit: "x" } },
      ];
    };
    expect(verdict({}, edit)).toBe("passed");
    expect(verdict({ tag: "v13.0.30" }, edit)).toBe("ErrorInvalidDssePayload");
    expect(verdict({ branch: "main" }, edit)).toBe("ErrorInvalidDssePayload");
  });

  it("must be there", () => {
    expect(verdict({}, (one) => (one.predicate.buildDefinition.resolvedDependencies = []))).toBe(
      "ErrorInvalidDssePayload",
    );
  });
});

describe("branch and tag are the source's", () => {
  const at = (ref: string) => (one: Statement) => {
    const { buildDefinition } = one.predicate;
    buildDefinition.resolvedDependencies = [
      { uri: `git+https://github.com/octo/widgets@${ref}`, digest: { gitCommit: "x" } },
    ];
    buildDefinition.internalParameters.GITHUB_WORKFLOW_REF = `octo/widgets/.github/workflows/release.yml@${ref}`;
  };

  it.each([
    ["refs/tags/v13.0.30", { tag: "v13.0.30" }, "passed"],
    ["refs/tags/v13.0.30", { tag: "v13.0.31" }, "ErrorMismatchTag"],
    ["refs/tags/v13.0.30", { versionedTag: "v13" }, "passed"],
    ["refs/tags/v13.0.30", { branch: "main" }, "passed"],
    ["refs/heads/dev", { branch: "dev" }, "passed"],
    ["refs/heads/dev", { branch: "main" }, "ErrorMismatchBranch"],
    ["refs/heads/dev", { tag: "v13.0.30" }, "ErrorInvalidRef"],
    ["refs/pull/1/merge", { branch: "main" }, "ErrorInvalidDssePayload"],
  ] as const)("%s, expected %j: %s", (ref, expected, name) => {
    expect(verdict(expected, at(ref))).toBe(name);
  });
});

describe("as provenance v0.2", () => {
  const verdictV02 = (edit: (statement: ReturnType<typeof delegatedStatementV02>) => void = () => undefined) => {
    const statement = delegatedStatementV02();
    edit(statement);
    return verdictOf(verifyArtifact(signed(statement, DELEGATED_RUN), { ...EXPECTED, tag: "v13.0.30" }, roots));
  };

  it("it passes by the same rules", () => {
    expect(verdictV02()).toBe("passed");
  });

  it("the trigger must be there", () => {
    expect(verdictV02((one) => (one.predicate.invocation.configSource.uri = ""))).toBe("ErrorMalformedURI");
  });

  it("the builder is pinned", () => {
    expect(verdictV02((one) => (one.predicate.builder.id = MAVEN))).toBe("ErrorInvalidBuilderID");
  });

  it("a build type of another builder is not read", () => {
    expect(verdictV02((one) => (one.predicate.buildType = "https://github.com/npm/cli/gha/v2"))).toBe(
      "ErrorInvalidBuildType",
    );
  });
});
