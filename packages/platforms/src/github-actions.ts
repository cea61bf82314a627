import { GITHUB_ISSUER, gitHubServer, TouchmarkError } from "@touchmark/core";
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
import { gitHubBuild } from "./github-build.ts";
import { gitHubClaims } from "./github-claims.ts";
import { handedBy } from "./handed-token.ts";
import { keptToken } from "./kept-token.ts";
import { checkSameRun, type NamedRun } from "./named-run.ts";
import { contradiction } from "./read-claims.ts";
import { SIGSTORE_AUDIENCE } from "./sigstore-audience.ts";
import { MAX_ISSUER_ANSWER_BYTES } from "./token-limits.ts";
import { type Clock, verifyRequestedToken } from "./verify-token.ts";

/** What stands in the environment of a job with `permissions: id-token: write`. */
interface TokenEndpoint {
  readonly url: URL;
  readonly bearer: string;
}

/** What an `ACTIONS_ID_TOKEN_REQUEST_URL` answers. */
const TokenAnswer = z.object({ value: z.string().min(1) });

export interface GitHubActionsOptions {
  readonly clock: Clock;
  /** {@link GITHUB_ISSUER} when absent. Another is named by the user: that of an enterprise, or of an Enterprise Server. */
  readonly issuer?: string;
  /** Where the repositories lie; follows from the issuer when absent. */
  readonly server?: string;
}

/** Whom a run's token must come from, and where its repositories lie. */
interface Instance {
  readonly issuer: string;
  readonly server: string;
}

/**
 * GitHub Actions on github.com, or on the one instance whose issuer is named.
 *
 * @throws TouchmarkError `USAGE` for an issuer that is none of GitHub's, without a server.
 */
export function githubActions({ clock, issuer = GITHUB_ISSUER, server }: GitHubActionsOptions): Platform {
  const instance = { issuer, server: server ?? serverOf(issuer) };
  return {
    name: "github-actions",
    detect: (env, handed = null) => {
      const named = namedRun(env, instance);
      return named === null ? null : gitHubRun(env, named, { clock, ...instance }, handed);
    },
  };
}

function serverOf(issuer: string): string {
  const server = gitHubServer(issuer);
  if (server !== null) return server;
  throw new TouchmarkError("USAGE", "the issuer is none of GitHub's", {
    expected: `${GITHUB_ISSUER}/ENTERPRISE, or https://HOST/_services/token`,
    actual: JSON.stringify(issuer.replace(/^.*@/s, "…@").slice(0, 200)),
  });
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
function namedRun(env: Env, { server }: Instance): NamedRun | null {
  const { GITHUB_ACTIONS, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_RUN_ID } = env;
  if (GITHUB_ACTIONS !== "true" || GITHUB_SERVER_URL !== server) return null;
  if (!GITHUB_REPOSITORY || !GITHUB_SHA || !GITHUB_RUN_ID) return null;
  // Without the attempt: jobs that are run again fold with those that went well before.
  return { repository: `${server}/${GITHUB_REPOSITORY}`, commit: GITHUB_SHA, runId: GITHUB_RUN_ID };
}

function gitHubRun(
  env: Env,
  named: NamedRun,
  { clock, issuer, server }: Required<GitHubActionsOptions>,
  handed: HandedToken | null,
): PlatformRun {
  const endpoint = tokenEndpoint(env);
  const hosted = env["RUNNER_ENVIRONMENT"] === "github-hosted";
  const token = keptToken(async (audience, host) => {
    if (handed !== null) return handedBy(handed, issuer, host);
    if (endpoint === null) throw withoutEndpoint();
    return verifyRequestedToken((one) => requestToken(endpoint, audience, one), { issuer, audience }, clock, host);
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
        repository: `${server}/${claims.repository}`,
        commit: claims.sha,
        runId: claims.run_id,
      });
      if (hosted !== (claims.runner_environment === "github-hosted")) {
        throw contradiction("who hosts the runner", claims.runner_environment, "another in RUNNER_ENVIRONMENT");
      }
      return gitHubBuild(claims, server);
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

function withoutEndpoint(): TouchmarkError {
  return new TouchmarkError("IDENTITY_TOKEN_MISSING", "GitHub gives this job no identity token", {
    expected: "permissions: id-token: write in the job, or --platform local to state nothing about the run",
    actual: "no ACTIONS_ID_TOKEN_REQUEST_URL",
  });
}

async function requestToken(endpoint: TokenEndpoint, audience: string, host: Host): Promise<string> {
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
