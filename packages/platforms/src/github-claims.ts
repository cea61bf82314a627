import type { VerifiedToken } from "@touchmark/plugin";
import * as z from "zod";
import { Commit, contradiction, Environment, Id, Ref, readClaims, Trigger } from "./read-claims.ts";

const Repository = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,99}\/[A-Za-z0-9._-]{1,100}$/);
/** `octo/widgets/.github/workflows/release.yml@refs/tags/v1`, for a reusable workflow also `…@<commit>` or `…@<tag>`. */
const WorkflowRef = z.string().regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+\/[A-Za-z0-9._~!$&'()*+,;=:@/-]{1,2048}$/);

/** https://docs.github.com/en/actions/reference/security/oidc#oidc-token-claims: those that a statement is made from. */
const Claims = z.object({
  repository: Repository,
  repository_id: Id,
  repository_owner_id: Id,
  ref: Ref,
  sha: Commit,
  workflow_ref: WorkflowRef,
  job_workflow_ref: WorkflowRef,
  event_name: Trigger,
  run_id: Id,
  run_attempt: Id,
  runner_environment: z.enum(["github-hosted", "self-hosted"]),
  environment: Environment.optional(),
});

export type GitHubClaims = z.output<typeof Claims> & {
  /** Of the workflow's file in the repository: `.github/workflows/release.yml`. */
  readonly path: string;
};

/** @throws TouchmarkError `IDENTITY_TOKEN_INVALID` for a token that GitHub does not make, or that cannot be stated. */
export function gitHubClaims(token: VerifiedToken): GitHubClaims {
  const claims = readClaims(Claims, token, "GitHub Actions");
  const { repository, ref, workflow_ref: workflow } = claims;
  // https://actions.github.io/buildtypes/workflow/v1: path and ref may hold "@" themselves, so both ends are cut off whole.
  const [start, end] = [`${repository}/`, `@${ref}`];
  if (!workflow.startsWith(start) || !workflow.endsWith(end) || workflow.length <= start.length + end.length) {
    throw contradiction("workflow_ref is not of its repository and ref", `${start}…${end}`, workflow.slice(0, 200));
  }
  return { ...claims, path: workflow.slice(start.length, -end.length) };
}
