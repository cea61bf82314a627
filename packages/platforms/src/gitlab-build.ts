import { type BuildClaim, TouchmarkError } from "@touchmark/core";
import type { GitLabClaims } from "./gitlab-claims.ts";

/** Ours: GitLab's own page about its runner's metadata is for something else. Page: docs/buildtypes/gitlab-ci-v1.md */
const GITLAB_BUILD_TYPE = "https://touchmark.dev/buildtypes/gitlab-ci/v1";

/** https://docs.gitlab.com/ci/jobs/job_rules/#ci_pipeline_source-predefined-variable: those that need write access. */
const SOURCES = ["api", "parent_pipeline", "pipeline", "push", "schedule", "trigger", "web"];

/**
 * What a statement says about a job on GitLab; nothing of it comes from anywhere but the token.
 *
 * @param server - the instance: `https://gitlab.com`.
 * @throws TouchmarkError `EVENT_REFUSED` for a pipeline of a merge request, which runs what its author wrote, for one that
 * may be the child of such a pipeline, and for every source that is not listed.
 */
export function gitLabBuild(claims: GitLabClaims, server: string): BuildClaim {
  checkSource(claims);
  const repository = `${server}/${claims.project_path}`;
  const config = `https://${claims.ci_config_ref_uri}`;
  const { environment, ref_path: ref } = claims;
  return {
    buildType: GITLAB_BUILD_TYPE,
    externalParameters: {
      config,
      source: { repository, ref },
      trigger: claims.pipeline_source,
      ...(environment === undefined ? {} : { environment }),
    },
    internalParameters: {
      config_sha: claims.ci_config_sha,
      namespace_id: claims.namespace_id,
      pipeline_id: claims.pipeline_id,
      project_id: claims.project_id,
      runner_environment: claims.runner_environment,
    },
    source: { uri: `git+${repository}@${ref}`, digest: { gitCommit: claims.sha } },
    builder: { id: config, version: {} },
    invocationId: `${repository}/-/jobs/${claims.job_id}`,
    startedOn: null,
    finishedOn: null,
  };
}

function checkSource({ pipeline_source: source, ref_protected }: GitLabClaims): void {
  // A child says nothing of its parent's source. That of a merge request from a fork names the fork's branch as a ref of
  // this project; GitLab calls no such ref protected.
  const isAnybodys = source === "parent_pipeline" && ref_protected !== "true";
  if (SOURCES.includes(source) && !isAnybodys) return;
  throw new TouchmarkError("EVENT_REFUSED", `a pipeline that ${source} started makes no release`, {
    expected: isAnybodys
      ? "a protected branch or tag, where a merge request cannot have started it"
      : SOURCES.join(", "),
    actual: isAnybodys ? `${source}, on a ref that is not protected` : source,
  });
}
