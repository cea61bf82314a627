import { type DigestSet, readSource } from "@touchmark/core";
import { pathOf, workflowPath } from "./certified-path.ts";
import type { CertificateClaims } from "./claims.ts";
import type { Comparison } from "./comparison.ts";
import { eventOf } from "./github-event.ts";
import { first, member, statedAt } from "./stated-value.ts";

/**
 * What slsa-github-generator's builders and npm state of a run, in v0.2 and in v1: each place is compared wherever it stands,
 * whatever the build type says that stands there.
 */
export function githubRunOf(predicate: unknown, claims: CertificateClaims): readonly Comparison[] {
  return [
    workflowPath(statedAt(predicate, "invocation", "configSource", "entryPoint"), claims),
    ...sourceAgain("first material", first(predicate, "materials"), claims),
    ...sourceAgain(
      "source among the parameters",
      member(predicate, "buildDefinition", "externalParameters", "source"),
      claims,
    ),
    ...variablesOf(member(predicate, "invocation", "environment"), claims),
    ...variablesOf(member(predicate, "buildDefinition", "internalParameters"), claims),
  ];
}

/** A git repository that is named once more beside the source; whatever else stands there says nothing of it. */
function sourceAgain(what: string, descriptor: unknown, claims: CertificateClaims): readonly Comparison[] {
  const digest = member(descriptor, "digest");
  const commit = statedAt(digest, "gitCommit") ?? statedAt(digest, "sha1");
  const source = readSource({
    uri: statedAt(descriptor, "uri"),
    digest: (commit === null ? {} : { sha1: commit }) satisfies DigestSet,
  });
  return [
    { what: `${what} (repository)`, stated: source?.repository ?? null, certified: claims.sourceRepository },
    { what: `${what} (ref)`, stated: source?.ref ?? null, certified: claims.sourceRef },
    { what: `${what} (commit)`, stated: source?.commit ?? null, certified: claims.sourceCommit },
  ];
}

/**
 * Variables of GitHub Actions, in capitals or not, and the event in them.
 * Source: https://docs.github.com/actions/reference/workflows-and-actions/variables
 */
function variablesOf(environment: unknown, claims: CertificateClaims): readonly Comparison[] {
  const { run, attempt } = runNumbers(claims.runInvocation);
  const repository = pathOf(claims.sourceRepository);
  const both = (what: string, name: string, certified: string | null): readonly Comparison[] =>
    [name.toUpperCase(), name].map((spelled) => ({ what, stated: statedAt(environment, spelled), certified }));
  return [
    ...both("event", "github_event_name", claims.trigger),
    ...both("source ref", "github_ref", claims.sourceRef),
    ...both("kind of ref", "github_ref_type", kindOfRef(claims.sourceRef)),
    ...both("source commit", "github_sha", claims.sourceCommit),
    ...both("source commit", "github_sha1", claims.sourceCommit),
    ...both("source repository", "github_repository", repository),
    ...both("owner", "github_repository_owner", repository?.split("/")[0] ?? null),
    ...both("repository id", "github_repository_id", claims.sourceRepositoryId),
    ...both("owner id", "github_repository_owner_id", claims.sourceOwnerId),
    ...both("workflow", "github_workflow_ref", pathOf(claims.buildConfig)),
    ...both("workflow's commit", "github_workflow_sha", claims.buildConfigCommit),
    ...both("run", "github_run_id", run),
    ...both("attempt", "github_run_attempt", attempt),
    ...["GITHUB_EVENT_PAYLOAD", "github_event_payload"].flatMap((name) => eventOf(member(environment, name), claims)),
  ];
}

function kindOfRef(ref: string | null): string | null {
  if (ref?.startsWith("refs/tags/") === true) return "tag";
  return ref?.startsWith("refs/heads/") === true ? "branch" : null;
}

export function runNumbers(runInvocation: string | null): {
  readonly run: string | null;
  readonly attempt: string | null;
} {
  const [, run = null, attempt = null] = /\/runs\/(\d+)\/attempts\/(\d+)$/.exec(runInvocation ?? "") ?? [];
  return { run, attempt };
}
