import type { Provenance, StatedStatement } from "@touchmark/core";
import { workflowPath } from "./certified-path.ts";
import type { CertificateClaims } from "./claims.ts";
import type { Comparison } from "./comparison.ts";
import { isDelegator } from "./delegator.ts";
import { githubRunOf, runNumbers } from "./github-run.ts";
import type { Leaf } from "./leaf.ts";
import { refused } from "./refused.ts";
import { statedAt } from "./stated-value.ts";

/**
 * Compares what provenance says of its run with what the certificate authority saw. What stands on both sides must be
 * equal: the job that signs may write any predicate, and the certificate is the platform's word.
 *
 * docs/verification.md has the table by build type. An unknown build type is compared in what every one has.
 *
 * @throws TouchmarkError `PREDICATE_MISMATCH`.
 */
export function checkAgreement(statement: StatedStatement, provenance: Provenance, leaf: Leaf): void {
  for (const { what, stated, certified } of comparisons(statement, provenance, leaf)) {
    if (stated === null || certified === null || stated === certified) continue;
    throw refused("PREDICATE_MISMATCH", `the provenance names another ${what} than the signer's certificate`, {
      expected: certified,
      actual: stated,
    });
  }
}

/**
 * What provenance and certificate both may say, by the build type.
 *
 * @throws TouchmarkError `PREDICATE_MISMATCH` for a value that no certificate could say.
 */
export function comparisons(statement: StatedStatement, provenance: Provenance, leaf: Leaf): readonly Comparison[] {
  const { predicate } = statement;
  const { claims } = leaf;
  const source = sourceOf(provenance, claims);
  switch (provenance.buildType) {
    // https://actions.github.io/buildtypes/workflow/v1 and what npm's command line writes, of the same shape
    case "https://actions.github.io/buildtypes/workflow/v1":
    case "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1":
      return [...source, builderOf(provenance, leaf), runOf(provenance, claims), ...workflowOf(predicate, claims)];
    // docs/buildtypes/github-actions-v1.md
    case "https://touchmark.dev/buildtypes/github-actions/v1":
      return [
        ...source,
        builderOf(provenance, leaf),
        runOf(provenance, claims),
        ...workflowOf(predicate, claims),
        ...startOf(predicate, claims),
      ];
    // docs/buildtypes/gitlab-ci-v1.md
    case "https://touchmark.dev/buildtypes/gitlab-ci/v1":
      return [
        ...source,
        { what: "builder", stated: provenance.builderId, certified: claims.buildSigner ?? leaf.identity },
        { what: "job", stated: provenance.invocationId, certified: claims.runInvocation },
        ...pipelineOf(predicate, claims),
        ...startOf(predicate, claims),
      ];
    // docs/buildtypes/kubernetes-v1.md, docs/buildtypes/tekton-v1.md
    case "https://touchmark.dev/buildtypes/kubernetes/v1":
    case "https://touchmark.dev/buildtypes/tekton/v1":
      return [...source, ...workloadOf(predicate, provenance, leaf)];
    case "https://github.com/npm/cli/gha@v1":
    case "https://github.com/npm/cli/gha/v2":
    case `${GENERATOR}/generic@v1`:
    case `${GENERATOR}/container@v1`:
    case `${GENERATOR}/go@v1`:
    // What the Go and the generic builder wrote before they told each other apart.
    case `${GENERATOR}@v1`:
    case `${GENERATOR}-go@v1`:
    case "https://slsa.dev/container-based-build/v0.1?draft":
      return [...source, builderOf(provenance, leaf), runOf(provenance, claims), ...githubRunOf(predicate, claims)];
    case `${GENERATOR}/delegator-generic@v0`:
      return [
        ...source,
        // The builder is the workflow that called the delegator, of which the delegator's certificate says nothing. The
        // type is the signer's choice: by anybody else it says no more than another. The user names it: builder-id.ts.
        isDelegator(leaf.identity) ? NOT_COMPARED : builderOf(provenance, leaf),
        runOf(provenance, claims),
        ...githubRunOf(predicate, claims),
      ];
    default:
      return [...source, workflowBuilderOf(provenance, leaf)];
  }
}

const GENERATOR = "https://github.com/slsa-framework/slsa-github-generator";

const NOT_COMPARED: Comparison = { what: "builder", stated: null, certified: null };

function sourceOf({ source }: Provenance, claims: CertificateClaims): readonly Comparison[] {
  return [
    { what: "source repository", stated: source?.repository ?? null, certified: claims.sourceRepository },
    { what: "source ref", stated: source?.ref ?? null, certified: claims.sourceRef },
    { what: "source commit", stated: source?.commit ?? null, certified: claims.sourceCommit },
  ];
}

/** The builder is the workflow that signed; npm's command line writes the kind of runner instead, or only that it is one. */
function builderOf({ builderId }: Provenance, { identity, claims }: Leaf): Comparison {
  if (builderId === RUNNER) return NOT_COMPARED;
  if (builderId.startsWith(`${RUNNER}/`)) {
    return { what: "kind of runner", stated: builderId.slice(RUNNER.length + 1), certified: claims.runnerEnvironment };
  }
  return { what: "builder", stated: builderId, certified: claims.buildSigner ?? identity };
}

const RUNNER = "https://github.com/actions/runner";

/** Where the build type is not known, a builder can be anything; one that is written as a workflow is the one that signed. */
function workflowBuilderOf(provenance: Provenance, leaf: Leaf): Comparison {
  const { builderId } = provenance;
  const isOfGithub = builderId.startsWith(`${RUNNER}/`) || builderId.includes("/.github/workflows/");
  return isOfGithub ? builderOf(provenance, leaf) : NOT_COMPARED;
}

/** A URL, or `RUN-ATTEMPT` as slsa-github-generator and npm write it in v0.2. */
function runOf({ invocationId }: Provenance, { runInvocation }: CertificateClaims): Comparison {
  const isShort = invocationId !== null && /^\d+-\d+$/.test(invocationId);
  const { run, attempt } = runNumbers(runInvocation);
  return {
    what: "run",
    stated: invocationId,
    certified: isShort && run !== null ? `${run}-${attempt}` : runInvocation,
  };
}

function workflowOf(predicate: unknown, claims: CertificateClaims): readonly Comparison[] {
  const workflow = (name: string) => statedAt(predicate, "buildDefinition", "externalParameters", "workflow", name);
  const github = (name: string) => statedAt(predicate, "buildDefinition", "internalParameters", "github", name);
  return [
    { what: "workflow repository", stated: workflow("repository"), certified: claims.sourceRepository },
    { what: "workflow ref", stated: workflow("ref"), certified: claims.sourceRef },
    workflowPath(workflow("path"), claims),
    { what: "event", stated: github("event_name"), certified: claims.trigger },
    { what: "repository id", stated: github("repository_id"), certified: claims.sourceRepositoryId },
    { what: "owner id", stated: github("repository_owner_id"), certified: claims.sourceOwnerId },
    { what: "kind of runner", stated: github("runner_environment"), certified: claims.runnerEnvironment },
  ];
}

/** What our own build types say of how the run began. */
function startOf(predicate: unknown, claims: CertificateClaims): readonly Comparison[] {
  const external = (name: string) => statedAt(predicate, "buildDefinition", "externalParameters", name);
  return [
    { what: "trigger", stated: external("trigger"), certified: claims.trigger },
    { what: "environment", stated: external("environment"), certified: claims.environment },
  ];
}

function pipelineOf(predicate: unknown, claims: CertificateClaims): readonly Comparison[] {
  const external = (...path: string[]) => statedAt(predicate, "buildDefinition", "externalParameters", ...path);
  const internal = (name: string) => statedAt(predicate, "buildDefinition", "internalParameters", name);
  return [
    { what: "pipeline definition", stated: external("config"), certified: claims.buildConfig },
    { what: "pipeline definition's commit", stated: internal("config_sha"), certified: claims.buildConfigCommit },
    { what: "project", stated: external("source", "repository"), certified: claims.sourceRepository },
    { what: "project ref", stated: external("source", "ref"), certified: claims.sourceRef },
    { what: "project id", stated: internal("project_id"), certified: claims.sourceRepositoryId },
    { what: "namespace id", stated: internal("namespace_id"), certified: claims.sourceOwnerId },
    { what: "kind of runner", stated: internal("runner_environment"), certified: claims.runnerEnvironment },
  ];
}

/** A workload of a cluster is its own builder; a service account is certified by the name that Fulcio makes of it. */
function workloadOf(predicate: unknown, { builderId }: Provenance, { identity, claims }: Leaf): readonly Comparison[] {
  const internal = (name: string) => statedAt(predicate, "buildDefinition", "internalParameters", name);
  const named = /^https:\/\/kubernetes\.io\/namespaces\/([^/]+)\/serviceaccounts\/([^/]+)$/.exec(identity);
  return [
    { what: "builder", stated: builderId, certified: identity },
    { what: "issuer", stated: internal("issuer"), certified: claims.issuer },
    { what: "namespace", stated: internal("namespace"), certified: named?.[1] ?? null },
    { what: "service account", stated: internal("service_account"), certified: named?.[2] ?? null },
  ];
}
