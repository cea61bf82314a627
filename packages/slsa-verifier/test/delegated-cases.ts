import { type FulcioClaims, githubRun } from "@touchmark/testkit/sigstore";
import { COMMIT, SHA256, WORKFLOWS } from "./github-cases.ts";

export const MAVEN = `https://github.com/${WORKFLOWS}/builder_maven_slsa3.yml`;
export const JRELEASER = "https://github.com/jreleaser/release-action/.github/workflows/builder_slsa3.yml";
export const CONTAINER_BASED = `https://github.com/${WORKFLOWS}/builder_container-based_slsa3.yml`;
export const BCR = "https://github.com/bazel-contrib/publish-to-bcr/.github/workflows/publish.yaml";

const SOURCE = "git+https://github.com/octo/widgets@refs/tags/v13.0.30";

/** A run of octo/widgets in which this workflow signed. */
export function runBy(workflow: string, ref = "refs/tags/v2.1.0"): FulcioClaims {
  const path = workflow.replace("https://github.com/", "");
  return githubRun({ repository: "octo/widgets", ref: "refs/tags/v13.0.30", workflow: `${path}@${ref}` });
}

export const DELEGATED_RUN = runBy(`https://github.com/${WORKFLOWS}/delegator_generic_slsa3.yml`);
export const LOW_PERMISSION_RUN = runBy(`https://github.com/${WORKFLOWS}/delegator_lowperms-generic_slsa3.yml`);

/** What the delegator writes for another workflow: here, Maven's. */
export function delegatedStatement() {
  return statementV1({
    buildType: "https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0",
    externalParameters: { inputs: {}, vars: {} },
    internalParameters: {
      GITHUB_EVENT_NAME: "push",
      GITHUB_EVENT_PAYLOAD: { base_ref: "refs/heads/main" },
      GITHUB_BASE_REF: "",
      GITHUB_REF: "refs/tags/v13.0.30",
      GITHUB_REF_TYPE: "tag",
      GITHUB_WORKFLOW_REF: "octo/widgets/.github/workflows/release.yml@refs/tags/v13.0.30",
    },
    builder: `${MAVEN}@refs/tags/v2.1.0`,
  });
}

/** The same as provenance v0.2. */
export function delegatedStatementV02() {
  const { predicate, ...head } = delegatedStatement();
  return {
    ...head,
    predicateType: "https://slsa.dev/provenance/v0.2",
    predicate: {
      builder: predicate.runDetails.builder,
      buildType: predicate.buildDefinition.buildType,
      invocation: {
        configSource: { uri: SOURCE, digest: { sha1: COMMIT }, entryPoint: ".github/workflows/release.yml" },
        environment: predicate.buildDefinition.internalParameters,
      },
      materials: [{ uri: SOURCE, digest: { sha1: COMMIT } }],
    },
  };
}

export function containerBasedStatement() {
  return statementV1({
    buildType: "https://slsa.dev/container-based-build/v0.1?draft",
    externalParameters: { source: { uri: SOURCE } },
    internalParameters: delegatedStatement().predicate.buildDefinition.internalParameters,
    builder: `${CONTAINER_BASED}@refs/tags/v2.1.0`,
  });
}

/** What GitHub's own action writes, in a workflow that is shared. */
export function workflowStatement() {
  return statementV1({
    buildType: "https://actions.github.io/buildtypes/workflow/v1",
    externalParameters: {
      workflow: {
        ref: "refs/tags/v13.0.30",
        repository: "https://github.com/octo/widgets",
        path: ".github/workflows/release.yml",
      },
    },
    internalParameters: { github: { event_name: "push" } },
    builder: `${BCR}@refs/tags/v1.0.0`,
  });
}

function statementV1<External, Internal>(parts: {
  readonly buildType: string;
  readonly externalParameters: External;
  readonly internalParameters: Internal;
  readonly builder: string;
}) {
  const { buildType, externalParameters, internalParameters, builder } = parts;
  return {
    _type: "https://in-toto.io/Statement/v0.1",
    subject: [{ name: "tool", digest: { sha256: SHA256 } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters,
        internalParameters,
        resolvedDependencies: [{ uri: SOURCE, digest: { gitCommit: COMMIT } }],
      },
      runDetails: {
        builder: { id: builder },
        metadata: { invocationId: "https://github.com/octo/widgets/actions/runs/42/attempts/1" },
      },
    },
  };
}
