import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { type Env, type HandedToken, type Platform, type PlatformRun, readUrl } from "@touchmark/plugin";
import { gitLabBuild } from "./gitlab-build.ts";
import { gitLabClaims } from "./gitlab-claims.ts";
import { handedBy } from "./handed-token.ts";
import { keptToken } from "./kept-token.ts";
import { checkSameRun, type NamedRun } from "./named-run.ts";
import { parseToken } from "./parse-token.ts";
import { SIGSTORE_AUDIENCE } from "./sigstore-audience.ts";
import { type Clock, verifyToken } from "./verify-token.ts";

/** What cosign reads too: https://docs.gitlab.com/ci/yaml/signing_examples/ */
const TOKEN_VARIABLE = "SIGSTORE_ID_TOKEN";

export interface GitLabOptions {
  readonly clock: Clock;
}

/** GitLab CI, on gitlab.com or an instance of one's own. */
export function gitlab({ clock }: GitLabOptions): Platform {
  return {
    name: "gitlab",
    detect: (env, handed = null) => {
      const named = namedRun(env);
      return named === null ? null : gitLabRun(env, named, clock, handed);
    },
  };
}

interface NamedPipeline extends NamedRun {
  /** The instance: `https://gitlab.com`. */
  readonly server: string;
}

/** https://docs.gitlab.com/ci/variables/predefined_variables/ */
function namedRun(env: Env): NamedPipeline | null {
  const { GITLAB_CI, CI_SERVER_URL, CI_PROJECT_PATH, CI_COMMIT_SHA, CI_PIPELINE_ID } = env;
  if (GITLAB_CI !== "true" || !CI_SERVER_URL || !CI_PROJECT_PATH || !CI_COMMIT_SHA || !CI_PIPELINE_ID) return null;
  const url = readUrl(CI_SERVER_URL);
  // As it stands in tokens: nothing but scheme, host and, for an instance below a path, that path.
  if (url === null || `${url.origin}${url.pathname.replace(/\/$/, "")}` !== CI_SERVER_URL) return null;
  return {
    server: CI_SERVER_URL,
    repository: `${CI_SERVER_URL}/${CI_PROJECT_PATH}`,
    commit: CI_COMMIT_SHA,
    runId: CI_PIPELINE_ID,
  };
}

function gitLabRun(
  env: Env,
  { server, ...named }: NamedPipeline,
  clock: Clock,
  handed: HandedToken | null,
): PlatformRun {
  const text = env[TOKEN_VARIABLE] ?? null;
  const hosted = handed === null ? text !== null && claimsHosted(text) : isHosted(handed.unverified);
  const token = keptToken(async (audience, host) => {
    if (handed !== null) return handedBy(handed, server, host);
    if (text === null) throw missing();
    return verifyToken(text, { issuer: server, audience }, clock, host);
  }, clock);
  return {
    platform: "gitlab",
    level: hosted
      ? {
          build: 2,
          reason: "GitLab names project and commit in a token; nothing shows that the jobs which built were isolated",
        }
      : {
          build: 1,
          reason: "a self-hosted runner, or no token: nobody but the runner's owner vouches for the machine",
        },
    issuer: server,
    contacts: [new URL(server).host],
    async claim(host) {
      const claims = gitLabClaims(await token(SIGSTORE_AUDIENCE, host), server);
      checkSameRun(named, {
        repository: `${server}/${claims.project_path}`,
        commit: claims.sha,
        runId: claims.pipeline_id,
      });
      return gitLabBuild(claims, server);
    },
    origin: async () => named,
    identityToken: async (audience, host) => (await token(audience, host)).text,
  };
}

/** What the token says before it is verified; `claim` verifies it, and nothing is stated before. */
function claimsHosted(text: string): boolean {
  try {
    return isHosted(parseToken(text).claims);
  } catch (error) {
    if (isTouchmarkError(error)) return false;
    throw error;
  }
}

function isHosted(claims: HandedToken["unverified"]): boolean {
  return claims["runner_environment"] === "gitlab-hosted";
}

function missing(): TouchmarkError {
  return new TouchmarkError("IDENTITY_TOKEN_MISSING", "GitLab gives this job no identity token", {
    expected: `id_tokens: ${TOKEN_VARIABLE}: aud: ${SIGSTORE_AUDIENCE} in the job, or --platform local to state nothing about the run`,
    actual: `no ${TOKEN_VARIABLE}`,
  });
}
