import { TouchmarkError } from "@touchmark/core";
import {
  askService,
  type Env,
  type HandedToken,
  type Host,
  type Platform,
  type PlatformRun,
  readUrl,
  serviceAnswer,
  serviceRefusal,
} from "@touchmark/plugin";
import * as z from "zod";
import { GITHUB_SERVER, gitHubBuild } from "./github-build.ts";
import { gitHubClaims } from "./github-claims.ts";
import { handedBy } from "./handed-token.ts";
import { keptToken } from "./kept-token.ts";
import { checkSameRun, type NamedRun } from "./named-run.ts";
import { contradiction } from "./read-claims.ts";
import { SIGSTORE_AUDIENCE } from "./sigstore-audience.ts";
import { MAX_ISSUER_ANSWER_BYTES } from "./token-limits.ts";
import { type Clock, verifyToken } from "./verify-token.ts";

/** https://docs.github.com/en/actions/reference/security/oidc */
const GITHUB_ISSUER = "https://token.actions.githubusercontent.com";

/** What stands in the environment of a job with `permissions: id-token: write`. */
interface TokenEndpoint {
  readonly url: URL;
  readonly bearer: string;
}

/** What an `ACTIONS_ID_TOKEN_REQUEST_URL` answers. */
const TokenAnswer = z.object({ value: z.string().min(1) });

export interface GitHubActionsOptions {
  readonly clock: Clock;
  /** {@link GITHUB_ISSUER} when absent; tests have another. */
  readonly issuer?: string;
}

/** GitHub Actions on github.com. A job on GitHub Enterprise Server does not show itself here: nobody has tried its tokens. */
export function githubActions({ clock, issuer = GITHUB_ISSUER }: GitHubActionsOptions): Platform {
  return {
    name: "github-actions",
    detect: (env, handed = null) => {
      const named = namedRun(env);
      return named === null ? null : gitHubRun(env, named, { clock, issuer }, handed);
    },
  };
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
function namedRun(env: Env): NamedRun | null {
  const { GITHUB_ACTIONS, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_RUN_ID } = env;
  if (GITHUB_ACTIONS !== "true" || GITHUB_SERVER_URL !== GITHUB_SERVER) return null;
  if (!GITHUB_REPOSITORY || !GITHUB_SHA || !GITHUB_RUN_ID) return null;
  // Without the attempt: jobs that are run again fold with those that went well before.
  return { repository: `${GITHUB_SERVER}/${GITHUB_REPOSITORY}`, commit: GITHUB_SHA, runId: GITHUB_RUN_ID };
}

function gitHubRun(
  env: Env,
  named: NamedRun,
  { clock, issuer }: Required<GitHubActionsOptions>,
  handed: HandedToken | null,
): PlatformRun {
  const endpoint = tokenEndpoint(env);
  const hosted = env["RUNNER_ENVIRONMENT"] === "github-hosted";
  const token = keptToken(async (audience, host) => {
    if (handed !== null) return handedBy(handed, issuer, host);
    return verifyToken(await requestToken(endpoint, audience, host), { issuer, audience }, clock, host);
  }, clock);
  return {
    platform: "github-actions",
    level: hosted
      ? {
          build: 2,
          reason: "GitHub names workflow and commit in a token; nothing shows that the jobs which built were isolated",
        }
      : { build: 1, reason: "a self-hosted runner: its owner controls the machine" },
    issuer,
    contacts: contacts(endpoint, issuer, handed),
    async claim(host) {
      const claims = gitHubClaims(await token(SIGSTORE_AUDIENCE, host));
      checkSameRun(named, {
        repository: `${GITHUB_SERVER}/${claims.repository}`,
        commit: claims.sha,
        runId: claims.run_id,
      });
      if (hosted !== (claims.runner_environment === "github-hosted")) {
        throw contradiction("who hosts the runner", claims.runner_environment, "another in RUNNER_ENVIRONMENT");
      }
      return gitHubBuild(claims);
    },
    origin: async () => named,
    identityToken: async (audience, host) => (await token(audience, host)).text,
  };
}

function contacts(endpoint: TokenEndpoint | null, issuer: string, handed: HandedToken | null): readonly string[] {
  if (handed !== null) return [new URL(issuer).host];
  return endpoint === null ? [] : [endpoint.url.host, new URL(issuer).host];
}

/** @returns null where the job has no right to a token. */
function tokenEndpoint(env: Env): TokenEndpoint | null {
  const url = readUrl(env["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "");
  const bearer = env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "";
  return url === null || !/^[\x21-\x7e]+$/.test(bearer) ? null : { url, bearer };
}

async function requestToken(endpoint: TokenEndpoint | null, audience: string, host: Host): Promise<string> {
  if (endpoint === null) {
    throw new TouchmarkError("IDENTITY_TOKEN_MISSING", "GitHub gives this job no identity token", {
      expected: "permissions: id-token: write in the job, or --platform local to state nothing about the run",
      actual: "no ACTIONS_ID_TOKEN_REQUEST_URL",
    });
  }
  const url = new URL(endpoint.url);
  url.searchParams.set("audience", audience);
  const call = {
    service: "GitHub's token service",
    request: {
      method: "GET",
      url: url.href,
      headers: { authorization: `Bearer ${endpoint.bearer}`, accept: "application/json" },
      maxBody: MAX_ISSUER_ANSWER_BYTES,
      referredBy: null,
    },
    secrets: [endpoint.bearer],
  } as const;
  const response = await askService(host, call);
  if (response.status !== 200) throw serviceRefusal(call, response, "200 and a token");
  return serviceAnswer(TokenAnswer, call, response, "a JSON object with a token").value;
}
