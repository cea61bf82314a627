import { posix } from "node:path";
import { hostedRepository, isTouchmarkError, type ResourceDescriptor, TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import type { Dist } from "./dist-folder.ts";
import { GIT_TIMEOUT_MS } from "./limits.ts";
import { fillTemplate } from "./template.ts";

/**
 * True for a version that is not the tag's: `--snapshot` and nightly builds. They are no release of the tag, although
 * metadata.json still has it.
 */
export function isSnapshot({ metadata: { tag, version } }: Dist): boolean {
  return tag !== version && !tag.endsWith(`v${version}`) && !tag.endsWith(`/${version}`);
}

/**
 * The commit that GoReleaser built, as a dependency. Its repository is the checkout's remote, where dist lies in a checkout
 * of that commit; otherwise the one that the release goes to, which for most projects is the same.
 *
 * @returns null when there was no repository (a snapshot without one has the commit `none`).
 * @throws TouchmarkError `STALE_OUTPUT` when dist lies in a checkout of another commit: it is left from an earlier build.
 */
export async function sourceOf(host: Host, dist: Dist): Promise<ResourceDescriptor | null> {
  const { commit, tag } = dist.metadata;
  if (commit === "none" || commit === "") return null;
  const checkout = await checkoutOf(host, dist.layout.folder);
  if (checkout !== null && checkout.commit !== commit) {
    throw new TouchmarkError("STALE_OUTPUT", "the dist folder is left from another commit than the one checked out", {
      expected: `commit ${checkout.commit}, the checkout's HEAD`,
      actual: `commit ${commit}, in metadata.json`,
    });
  }
  const repository = checkout?.repository ?? releaseRepository(dist);
  const ref = tag === "" || isSnapshot(dist) ? "" : `@refs/tags/${tag}`;
  return {
    ...(repository === null ? { name: "source" } : { uri: `git+https://${repository}${ref}` }),
    digest: { gitCommit: commit },
  };
}

/**
 * The checkout in which a dist folder was made. A dist that is itself committed (test data, an example) was not: no
 * commit can hold what was built from it.
 *
 * @returns null without git, without a repository, without a commit.
 */
async function checkoutOf(
  host: Host,
  folder: string,
): Promise<{ readonly commit: string; readonly repository: string | null } | null> {
  const commit = await git(host, folder, ["rev-parse", "--verify", "HEAD"]);
  if (commit === null) return null;
  if ((await git(host, folder, ["ls-files", "--error-unmatch", "--", "artifacts.json"])) !== null) return null;
  const remote = await git(host, folder, ["remote", "get-url", "origin"]);
  return { commit, repository: remote === null ? null : hostedRepository(remote) };
}

/** core.fsmonitor names a program that git runs: a repository must not bring one. */
async function git(host: Host, cwd: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await host.run("git", ["-c", "core.fsmonitor=false", ...args], {
      cwd,
      timeoutMs: GIT_TIMEOUT_MS,
    });
    return new TextDecoder().decode(stdout).trim();
  } catch (error) {
    if (isTouchmarkError(error) && error.code === "RUN_FAILED") return null;
    throw error;
  }
}

/** Where a release goes, from config.yaml: host and path. Which of the three is set is GoReleaser's choice by token. */
function releaseRepository({ config, metadata }: Dist): string | null {
  const { release } = config;
  const candidates = [
    { repository: release?.github, base: config.github_urls?.download ?? "https://github.com" },
    { repository: release?.gitlab, base: config.gitlab_urls?.download ?? "https://gitlab.com" },
    { repository: release?.gitea, base: config.gitea_urls?.download ?? "" },
  ];
  for (const { repository, base } of candidates) {
    const owner = fillTemplate(repository?.owner ?? "", metadata);
    const name = fillTemplate(repository?.name ?? "", metadata);
    const filled = fillTemplate(base, metadata);
    if (owner && name && filled) return hostedRepository(`${filled.replace(/\/+$/, "")}/${posix.join(owner, name)}`);
  }
  return null;
}
