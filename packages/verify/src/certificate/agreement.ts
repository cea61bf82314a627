import type { Provenance, StatedStatement } from "@touchmark/core";
import type { CertificateClaims } from "./claims.ts";
import type { Leaf } from "./leaf.ts";
import { refused } from "./refused.ts";
import { member, statedAt } from "./stated-value.ts";

/** One thing that the predicate and the certificate both may say. Null: not said there. */
interface Comparison {
  readonly what: string;
  readonly stated: string | null;
  readonly certified: string | null;
}

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

function comparisons(statement: StatedStatement, provenance: Provenance, leaf: Leaf): readonly Comparison[] {
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
    case "https://github.com/npm/cli/gha/v2":
    case "https://github.com/slsa-framework/slsa-github-generator/generic@v1":
    case "https://github.com/slsa-framework/slsa-github-generator/container@v1":
    case "https://github.com/slsa-framework/slsa-github-generator/go@v1":
      return [
        ...source,
        builderOf(provenance, leaf),
        runOf(provenance, claims),
        workflowPath(statedAt(predicate, "invocation", "configSource", "entryPoint"), claims),
        ...environmentOf(member(predicate, "invocation", "environment"), claims),
      ];
    case "https://slsa.dev/container-based-build/v0.1?draft":
      return [
        ...source,
        builderOf(provenance, leaf),
        runOf(provenance, claims),
        ...environmentOf(member(predicate, "buildDefinition", "internalParameters"), claims),
      ];
    case "https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0":
      return [
        ...source,
        // The builder is the workflow that called the delegator, of which the delegator's certificate says nothing. The
        // type is the signer's choice: by anybody else it says no more than another.
        leaf.identity.startsWith(DELEGATORS) ? NOT_COMPARED : builderOf(provenance, leaf),
        runOf(provenance, claims),
        ...environmentOf(member(predicate, "buildDefinition", "internalParameters"), claims),
        // The Node.js builder still writes v0.2.
        workflowPath(statedAt(predicate, "invocation", "configSource", "entryPoint"), claims),
        ...environmentOf(member(predicate, "invocation", "environment"), claims),
      ];
    default:
      return [...source, workflowBuilderOf(provenance, leaf)];
  }
}

/** delegator_generic_slsa3.yml and delegator_lowperms-generic_slsa3.yml. */
const DELEGATORS = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/delegator_";

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

/** The certificate names the workflow that was started with its repository and ref: `REPOSITORY/PATH@REF`. */
function workflowPath(stated: string | null, { buildConfig, sourceRepository }: CertificateClaims): Comparison {
  const before = `${sourceRepository}/`;
  const isHere = buildConfig !== null && sourceRepository !== null && buildConfig.startsWith(before);
  if (!isHere) return { what: "workflow path", stated, certified: buildConfig };
  const rest = buildConfig.slice(before.length);
  const end = rest.lastIndexOf("@refs/");
  return { what: "workflow path", stated, certified: end === -1 ? rest : rest.slice(0, end) };
}

/** Variables of GitHub Actions, in capitals (https://docs.github.com/actions/reference/workflows-and-actions/variables) or not. */
function environmentOf(environment: unknown, claims: CertificateClaims): readonly Comparison[] {
  const { run, attempt } = runNumbers(claims.runInvocation);
  const path = (url: string | null) => (url === null ? null : url.replace(/^https:\/\/[^/]+\//, ""));
  const both = (what: string, name: string, certified: string | null): readonly Comparison[] =>
    [name.toUpperCase(), name].map((spelled) => ({ what, stated: statedAt(environment, spelled), certified }));
  return [
    ...both("event", "github_event_name", claims.trigger),
    ...both("source ref", "github_ref", claims.sourceRef),
    ...both("source commit", "github_sha", claims.sourceCommit),
    ...both("source commit", "github_sha1", claims.sourceCommit),
    ...both("source repository", "github_repository", path(claims.sourceRepository)),
    ...both("repository id", "github_repository_id", claims.sourceRepositoryId),
    ...both("owner id", "github_repository_owner_id", claims.sourceOwnerId),
    ...both("workflow", "github_workflow_ref", path(claims.buildConfig)),
    ...both("run", "github_run_id", run),
    ...both("attempt", "github_run_attempt", attempt),
  ];
}

function runNumbers(runInvocation: string | null): { readonly run: string | null; readonly attempt: string | null } {
  const numbers = /\/runs\/(\d+)\/attempts\/(\d+)$/.exec(runInvocation ?? "");
  return { run: numbers?.[1] ?? null, attempt: numbers?.[2] ?? null };
}
