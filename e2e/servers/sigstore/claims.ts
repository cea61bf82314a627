import type { Claims } from "./id-token.ts";

/** The issuers that the local Sigstore knows: first those of the public instance, then two of our own. */
export const ISSUERS = {
  github: "https://token.actions.githubusercontent.com",
  /** An enterprise of GitHub Enterprise Cloud with an issuer of its own, and an Enterprise Server. */
  enterprise: "https://token.actions.githubusercontent.com/octo-corp",
  enterpriseServer: "https://github.touchmark.test/_services/token",
  gitlab: "https://gitlab.com",
  /** A cluster at Google; what others have differs in the address alone. */
  kubernetes: "https://container.googleapis.com/v1/projects/octo/locations/here/clusters/build",
  /** A person by e-mail address, whoever the test says that it is. */
  email: "https://login.touchmark.test",
  /** The same, once they have really logged in: a server of its own. */
  login: "https://accounts.touchmark.test",
  /** Workloads of the trust domain `touchmark.test`. */
  spiffe: "https://spire.touchmark.test",
} as const;

type Overrides = Readonly<Record<string, unknown>>;

const SHA = "0123456789abcdef0123456789abcdef01234567";

/**
 * The claims of a GitHub workflow run: the push of a tag in a public repository on a hosted runner.
 * https://docs.github.com/en/actions/reference/security/oidc
 */
export function githubClaims(claims: Overrides = {}): Claims {
  const { repository, ref, sha } = { repository: "octo/widgets", ref: "refs/tags/v1.2.3", sha: SHA, ...claims };
  const workflow = `${repository}/.github/workflows/release.yml@${ref}`;
  return {
    iss: ISSUERS.github,
    sub: `repo:${repository}:ref:${ref}`,
    repository,
    repository_id: "1001",
    repository_owner: String(repository).split("/")[0],
    repository_owner_id: "2002",
    repository_visibility: "public",
    ref,
    ref_type: String(ref).startsWith("refs/tags/") ? "tag" : "branch",
    ref_protected: "false",
    sha,
    workflow: "release",
    workflow_ref: workflow,
    workflow_sha: sha,
    job_workflow_ref: workflow,
    job_workflow_sha: sha,
    event_name: "push",
    actor: "octocat",
    actor_id: "3003",
    run_id: "42",
    run_number: "7",
    run_attempt: "1",
    runner_environment: "github-hosted",
    head_ref: "",
    base_ref: "",
    ...claims,
  };
}

/** The claims of a GitLab job: https://docs.gitlab.com/ci/secrets/id_token_authentication/ */
export function gitlabClaims(claims: Overrides = {}): Claims {
  const { project_path, ref, sha } = { project_path: "octo/widgets", ref: "v1.2.3", sha: SHA, ...claims };
  return {
    iss: ISSUERS.gitlab,
    sub: `project_path:${project_path}:ref_type:tag:ref:${ref}`,
    namespace_id: "2002",
    namespace_path: String(project_path).split("/")[0],
    project_id: "1001",
    project_path,
    project_visibility: "public",
    user_id: "3003",
    user_login: "octocat",
    user_email: "octocat@touchmark.test",
    pipeline_id: "42",
    pipeline_source: "push",
    job_id: "43",
    ref,
    ref_type: "tag",
    ref_path: `refs/tags/${ref}`,
    ref_protected: "true",
    runner_id: 1,
    runner_environment: "gitlab-hosted",
    sha,
    ci_config_ref_uri: `gitlab.com/${project_path}//.gitlab-ci.yml@refs/tags/${ref}`,
    ci_config_sha: sha,
    ...claims,
  };
}

/** The claims of a pod's service account: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/ */
export function kubernetesClaims(claims: Overrides = {}): Claims {
  return {
    iss: ISSUERS.kubernetes,
    aud: ["sigstore"],
    sub: "system:serviceaccount:ci:builder",
    "kubernetes.io": {
      namespace: "ci",
      pod: { name: "build-1", uid: "6f5ad7d5-0f1c-4f4c-9a57-3cbd2f1f0001" },
      serviceaccount: { name: "builder", uid: "6f5ad7d5-0f1c-4f4c-9a57-3cbd2f1f0002" },
    },
    ...claims,
  };
}

/** The claims of a person who logged in. */
export function emailClaims(claims: Overrides = {}): Claims {
  return { iss: ISSUERS.email, sub: "4004", email: "dev@touchmark.test", email_verified: true, ...claims };
}

/** The claims of a workload's SVID: https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md */
export function spiffeClaims(claims: Overrides = {}): Claims {
  return { iss: ISSUERS.spiffe, aud: ["sigstore"], sub: "spiffe://touchmark.test/ns/ci/sa/builder", ...claims };
}
