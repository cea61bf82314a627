import { requireServiceAddress } from "@touchmark/plugin";
import type { ReleaseTarget } from "./release-target.ts";

/** Where each kind of target is asked for. No query, no userinfo, no slash at the end. */
export interface Endpoints {
  /** Of a GitHub Enterprise Server it ends in `/api/v3`. */
  readonly githubApi: URL;
  /** The instance, for targets that name none. */
  readonly gitlab: URL;
  readonly npm: URL;
  /** The index by PEP 503: `https://pypi.org/simple`. */
  readonly pypi: URL;
}

export const PUBLIC_ENDPOINTS: Endpoints = {
  githubApi: new URL("https://api.github.com"),
  gitlab: new URL("https://gitlab.com"),
  npm: new URL("https://registry.npmjs.org"),
  pypi: new URL("https://pypi.org/simple"),
};

/** Whom a public endpoint sends us to for files and evidence. Nobody else is contacted, whoever redirects there. */
const REFERRED: Readonly<Record<string, readonly string[]>> = {
  // Files of releases, with and without the API; bundles of attestations.
  "api.github.com": [
    "github.com",
    "objects.githubusercontent.com",
    "release-assets.githubusercontent.com",
    "tmaproduction.blob.core.windows.net",
  ],
  // https://about.gitlab.com/blog/gitlab-com-artifacts-cdn-change/
  "gitlab.com": ["storage.googleapis.com", "cdn.artifacts.gitlab-static.net"],
  "registry.npmjs.org": [],
  "pypi.org": ["files.pythonhosted.org"],
};

/** The endpoint that a target is asked for at. */
export function homeOf(target: ReleaseTarget, endpoints: Endpoints): URL {
  switch (target.kind) {
    case "github":
      return endpoints.githubApi;
    case "gitlab":
      return target.instance === null
        ? endpoints.gitlab
        : requireServiceAddress(target.instance, "the GitLab of the target");
    case "npm":
      return endpoints.npm;
    case "pypi":
      return endpoints.pypi;
  }
}

/** All that may be contacted for a target: `host[:port]`, its endpoint first. */
export function contactsOf(target: ReleaseTarget, endpoints: Endpoints): readonly string[] {
  const { host } = homeOf(target, endpoints);
  return [host, ...(REFERRED[host] ?? [])];
}
