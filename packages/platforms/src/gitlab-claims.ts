import type { VerifiedToken } from "@touchmark/plugin";
import * as z from "zod";
import { Commit, contradiction, Environment, Id, Ref, readClaims, Trigger } from "./read-claims.ts";

/** `group/project`, with any number of groups. */
const ProjectPath = z.string().regex(/^[A-Za-z0-9_.][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_.][A-Za-z0-9_.-]*){1,20}$/);
/** `gitlab.com/group/project//.gitlab-ci.yml@refs/heads/main` */
const ConfigUri = z.string().regex(/^[A-Za-z0-9.-]+(?::\d{1,5})?\/[A-Za-z0-9._~!$&'()*+,;=:@/-]{1,2048}$/);

/** https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload: those that a statement is made from. */
const Claims = z.object({
  project_path: ProjectPath,
  project_id: Id,
  namespace_id: Id,
  ref_path: Ref,
  ref_protected: z.enum(["true", "false"]),
  sha: Commit,
  ci_config_ref_uri: ConfigUri,
  ci_config_sha: Commit,
  pipeline_source: Trigger,
  pipeline_id: Id,
  job_id: Id,
  runner_environment: z.enum(["gitlab-hosted", "self-hosted"]),
  environment: Environment.optional(),
});

export type GitLabClaims = z.output<typeof Claims>;

/**
 * @param server - the instance, which is also the token's issuer: `https://gitlab.com`.
 * @throws TouchmarkError `IDENTITY_TOKEN_INVALID` for a token that GitLab does not make, or that cannot be stated.
 */
export function gitLabClaims(token: VerifiedToken, server: string): GitLabClaims {
  const claims = readClaims(Claims, token, "GitLab");
  // The file may come from another project, but never from another instance: GitLab leaves the claim out then.
  if (!claims.ci_config_ref_uri.startsWith(`${new URL(server).host}/`)) {
    throw contradiction("ci_config_ref_uri is not of its instance", server, claims.ci_config_ref_uri.slice(0, 200));
  }
  return claims;
}
