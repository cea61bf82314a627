import { TouchmarkError } from "@touchmark/core";
import { type Host, registryAddress } from "@touchmark/plugin";
import { MAX_REPOSITORY_LENGTH } from "./limits.ts";
import { registryLogin } from "./registry-login.ts";
import { registrySession } from "./registry-session.ts";
import { openRepository, type Repository } from "./repository.ts";
import { withoutSecrets } from "./without-secrets.ts";

/** A registry: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md */
export interface Registry {
  /**
   * One of its repositories. Nothing is asked yet.
   *
   * @param path - in the registry: `octo/app`.
   * @param options.push - whether to log in with the right to push; false when absent.
   * @throws TouchmarkError `INPUT_INVALID` for what is no repository's path.
   */
  repository(path: string, options?: { readonly push?: boolean }): Repository;
}

/**
 * A registry by its name. Logins last as long as the value, so one is opened for many repositories.
 *
 * @param registry - `host[:port]`; `docker.io` is Docker Hub. Plain http for loopback addresses, https for all others.
 * @throws TouchmarkError `INPUT_INVALID`.
 */
export function openRegistry(registry: string, host: Host): Registry {
  const address = registryAddress(registry);
  const login = registryLogin(address, host);
  return {
    repository: (path, options = {}) => {
      checkPath(path, address.registry);
      const scope = `repository:${path}:${options.push === true ? "pull,push" : "pull"}`;
      const session = registrySession({ address, host, login, repository: path, scope });
      return withoutSecrets(openRepository(`${address.registry}/${path}`, session, host), login.hide);
    },
  };
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests, `<name>`. */
function checkPath(path: string, registry: string): void {
  const segment = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
  if (path.length <= MAX_REPOSITORY_LENGTH && path.split("/").every((one) => segment.test(one))) return;
  throw new TouchmarkError("INPUT_INVALID", `a repository of ${registry} has a name that none has`, {
    expected: "lower case letters, digits and . _ - between them, in segments with / between",
    actual: JSON.stringify(path.slice(0, 200)),
  });
}
