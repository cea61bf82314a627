import { type BuildClaim, TouchmarkError } from "@touchmark/core";
import type { GitHubClaims } from "./github-claims.ts";

/** GitHub's own build type. It is for the events below and no others, and has no parameter beside `workflow`. */
const GITHUB_WORKFLOW_BUILD_TYPE = "https://actions.github.io/buildtypes/workflow/v1";
const WORKFLOW_EVENTS = ["create", "push", "release", "workflow_dispatch"];

/** Ours, for further events: it names the trigger and the environment. Page: docs/buildtypes/github-actions-v1.md */
const GITHUB_ACTIONS_BUILD_TYPE = "https://touchmark.dev/buildtypes/github-actions/v1";
const OTHER_EVENTS = ["repository_dispatch", "schedule"];

/**
 * What a statement says about a run on GitHub Actions; nothing of it comes from anywhere but the token.
 *
 * @param server - where its repositories lie: `https://github.com`.
 * @throws TouchmarkError `EVENT_REFUSED` for an event that somebody without write access can cause, or whose meaning for a
 * release nobody has written down: `pull_request`, `workflow_run`, `issue_comment` and whatever is not listed.
 */
export function gitHubBuild(claims: GitHubClaims, server: string): BuildClaim {
  checkEvent(claims.event_name);
  const repository = `${server}/${claims.repository}`;
  const workflow = { ref: claims.ref, repository, path: claims.path };
  const isGitHubs = WORKFLOW_EVENTS.includes(claims.event_name);
  const { repository_id, repository_owner_id, runner_environment, event_name, environment } = claims;
  const ids = { repository_id, repository_owner_id, runner_environment };
  return {
    buildType: isGitHubs ? GITHUB_WORKFLOW_BUILD_TYPE : GITHUB_ACTIONS_BUILD_TYPE,
    externalParameters: isGitHubs
      ? { workflow }
      : { workflow, trigger: event_name, ...(environment === undefined ? {} : { environment }) },
    internalParameters: { github: isGitHubs ? { event_name, ...ids } : ids },
    source: { uri: `git+${repository}@${claims.ref}`, digest: { gitCommit: claims.sha } },
    builder: { id: `${server}/${claims.job_workflow_ref}`, version: {} },
    invocationId: `${repository}/actions/runs/${claims.run_id}/attempts/${claims.run_attempt}`,
    startedOn: null,
    finishedOn: null,
  };
}

function checkEvent(event: string): void {
  const known = [...WORKFLOW_EVENTS, ...OTHER_EVENTS].sort();
  if (known.includes(event)) return;
  throw new TouchmarkError("EVENT_REFUSED", `a run that ${event} started makes no release`, {
    expected: known.join(", "),
    actual: event,
  });
}
