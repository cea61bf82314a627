import { TouchmarkError } from "@touchmark/core";
import { registryAddress, requireServiceAddress } from "@touchmark/plugin";
import { type Endpoints, homeOf, PUBLIC_ENDPOINTS, type ReleaseTarget } from "@touchmark/releases";
import type { Context } from "../context.ts";

/** Flags that say where releases are asked for. */
export interface ReleaseFlags {
  readonly githubApi?: string;
  readonly gitlabUrl?: string;
  readonly npmRegistry?: string;
  readonly pypiIndex?: string;
  readonly alsoContact?: readonly string[];
}

/** @throws TouchmarkError `USAGE` */
export function endpointsOf({ githubApi, gitlabUrl, npmRegistry, pypiIndex }: ReleaseFlags): Endpoints {
  const one = (text: string | undefined, flag: string, otherwise: URL) =>
    text === undefined ? otherwise : requireServiceAddress(text, flag);
  return {
    githubApi: one(githubApi, "--github-api", PUBLIC_ENDPOINTS.githubApi),
    gitlab: one(gitlabUrl, "--gitlab-url", PUBLIC_ENDPOINTS.gitlab),
    npm: one(npmRegistry, "--npm-registry", PUBLIC_ENDPOINTS.npm),
    pypi: one(pypiIndex, "--pypi-index", PUBLIC_ENDPOINTS.pypi),
  };
}

/** @throws TouchmarkError `USAGE` for what is no host, userinfo included. */
export function furtherContacts({ alsoContact = [] }: ReleaseFlags): readonly string[] {
  return alsoContact.map((text) => {
    try {
      return registryAddress(text).host;
    } catch {
      throw new TouchmarkError("USAGE", "--also-contact names no host", { expected: "HOST or HOST:PORT" });
    }
  });
}

/**
 * The token for the endpoint of a target, out of the environment; null for none. One is given to the host for which it is
 * there, and a host that only a target names gets none: whoever wrote the target could be anybody.
 *
 * @throws TouchmarkError `USAGE` for a variable that holds something else; the message has its name alone.
 */
export function tokenFor(target: ReleaseTarget, endpoints: Endpoints, env: Context["env"]): string | null {
  const home = homeOf(target, endpoints);
  switch (target.kind) {
    case "github":
      if (home.host === PUBLIC_ENDPOINTS.githubApi.host) return tokenIn(env, ["GH_TOKEN", "GITHUB_TOKEN"]);
      // In a job on GitHub Enterprise Server, GITHUB_TOKEN is that server's own.
      return tokenIn(env, [
        "GH_ENTERPRISE_TOKEN",
        "GITHUB_ENTERPRISE_TOKEN",
        ...(env["GITHUB_API_URL"] === home.href ? ["GITHUB_TOKEN"] : []),
      ]);
    case "gitlab":
      return home.origin === endpoints.gitlab.origin ? tokenIn(env, ["GITLAB_TOKEN"]) : null;
    case "npm":
      return tokenIn(env, ["NPM_TOKEN"]);
    case "pypi":
      return null;
  }
}

function tokenIn(env: Context["env"], names: readonly string[]): string | null {
  const name = names.find((one) => (env[one] ?? "") !== "");
  if (name === undefined) return null;
  const token = (env[name] ?? "").trim();
  if (/^[\x21-\x7e]{1,8192}$/.test(token)) return token;
  throw new TouchmarkError("USAGE", `${name} in the environment holds no token`, {
    expected: "one word",
    actual: "something else",
  });
}
