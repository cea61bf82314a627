import type { Host } from "@touchmark/plugin";
import { openGithub } from "./github.ts";
import { openGitlab } from "./gitlab.ts";
import { openNpm } from "./npm.ts";
import type { OpenOptions } from "./open-options.ts";
import { openPypi } from "./pypi.ts";
import type { Release } from "./release.ts";
import type { ReleaseTarget } from "./release-target.ts";

/**
 * Asks what a release holds. Nothing is verified: names are checked, what the host says of its own files is compared.
 *
 * @param host - may contact `contacts` and nobody else.
 * @throws TouchmarkError `TARGET_MISSING` for what is not there; `SERVICE_DENIED`, `SERVICE_UNAVAILABLE`, `SERVICE_INVALID`,
 * `NETWORK_UNAVAILABLE`; `NAME_REFUSED` for a file's name that could lead elsewhere; `LIMIT_EXCEEDED`.
 */
export async function openRelease(target: ReleaseTarget, options: OpenOptions, host: Host): Promise<Release> {
  switch (target.kind) {
    case "github":
      return openGithub(target, options, host);
    case "gitlab":
      return openGitlab(target, options, host);
    case "npm":
      return openNpm(target, options, host);
    case "pypi":
      return openPypi(target, options, host);
  }
}
