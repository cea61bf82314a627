import { type Checkout, isTouchmarkError, TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import { git, hasGit, SAFE_CONFIG, type Setting } from "./git-command.ts";
import { releaseTag } from "./release-tag.ts";
import { repositoryUrl } from "./repository-url.ts";

/** A git checkout, and the tag that its commit has. */
export interface TaggedCheckout extends Checkout {
  /** `refs/tags/v1.2.3`; null where no tag names the commit. */
  readonly ref: string | null;
}

/**
 * Reads the git checkout that a folder belongs to. Runs nothing that the repository's configuration names, writes
 * nothing, needs no network.
 *
 * @param folder - the workspace or a folder in it; the repository may begin above it.
 * @returns exactly what a subjects file holds of it; null where there is no repository, no commit yet, or no git 2.31 or
 * newer: git is not needed.
 * @throws TouchmarkError `RUN_FAILED` when there is a repository that git refuses or cannot read; `ABORTED`.
 */
export async function readCheckout(host: Host, folder: string): Promise<Checkout | null> {
  const config = await readConfig(host, folder);
  const status = config === null ? null : await readStatus(host, folder, config);
  if (config === null || status === null) return null;
  return { repository: repositoryOf(config), ...status };
}

/** {@link readCheckout}, and the tag. */
export async function readTaggedCheckout(host: Host, folder: string): Promise<TaggedCheckout | null> {
  const checkout = await readCheckout(host, folder);
  if (checkout === null) return null;
  const tags = await git(host, folder, ["for-each-ref", "--points-at=HEAD", "--format=%(refname)", "refs/tags"]);
  return { ...checkout, ref: releaseTag(tags.split("\n").filter((line) => line !== "")) };
}

/** All settings that git heeds in a folder, ours among them; null without git, or with one that does not heed ours. */
async function readConfig(host: Host, folder: string): Promise<readonly ConfigEntry[] | null> {
  try {
    const config = parseConfig(await git(host, folder, ["config", "--list", "--null", "--show-scope"]));
    const heeded = config.filter(({ scope }) => scope === "command");
    const heeds = ([key, value]: Setting) =>
      heeded.some((entry) => entry.key === key.toLowerCase() && entry.value === value);
    return SAFE_CONFIG.every(heeds) ? config : null;
  } catch (error) {
    if (!(await hasGit(host, folder))) return null;
    return unlessNoRepository(error);
  }
}

/**
 * The commit, and whether files differ from it. Untracked files do not count: what a build writes is untracked as a rule.
 *
 * @returns null outside of a work tree and before the first commit.
 */
async function readStatus(
  host: Host,
  folder: string,
  config: readonly ConfigEntry[],
): Promise<Pick<Checkout, "commit" | "dirty"> | null> {
  // Changes inside a submodule would be looked for under the submodule's own configuration; a submodule that stands at
  // another commit counts.
  const options = ["--no-ahead-behind", "--untracked-files=no", "--ignore-submodules=dirty"];
  try {
    // git-status, "Porcelain Format Version 2": headers start with #; `(initial)` stands for no commit.
    const output = await git(host, folder, ["status", "--porcelain=v2", "--branch", ...options], filtersOff(config));
    const commit = /^# branch\.oid ([0-9a-f]{40}|[0-9a-f]{64})$/m.exec(output)?.[1];
    return commit === undefined ? null : { commit, dirty: /^[^#]/m.test(output) };
  } catch (error) {
    return unlessNoRepository(error);
  }
}

/** @returns null where git says that there is no work tree here; throws whatever else went wrong. */
function unlessNoRepository(error: unknown): null {
  if (!isTouchmarkError(error) || error.code !== "RUN_FAILED") throw error;
  const said = `${error.message}\n${error.actual}`;
  if (said.includes("not a git repository") || said.includes("must be run in a work tree")) return null;
  if (!said.includes("dubious ownership")) throw error;
  // git-config, safe.directory: git reads no repository of another user unless told to. Its message has the path.
  throw new TouchmarkError("RUN_FAILED", "git refuses this checkout, because its folder belongs to another user", {
    expected: "a checkout owned by the user who runs this, or named in git's safe.directory setting",
    actual: "another owner (git: detected dubious ownership)",
    cause: error,
  });
}

interface ConfigEntry {
  /** `system`, `global`, `local`, `worktree`, `command`: where it stands, files that it includes counted in. */
  readonly scope: string;
  /** Section and variable in lower case, the subsection between them as it was written. */
  readonly key: string;
  readonly value: string;
}

/** `scope NUL key LF value NUL`; a variable without a value has no LF (git-config, --null). */
function parseConfig(output: string): readonly ConfigEntry[] {
  const fields = output.split("\0");
  const entries: ConfigEntry[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [scope = "", entry = ""] = fields.slice(at, at + 2);
    // A subsection cannot hold a line end, so the first one ends the key.
    const end = entry.indexOf("\n");
    entries.push({
      scope,
      key: end === -1 ? entry : entry.slice(0, end),
      value: end === -1 ? "" : entry.slice(end + 1),
    });
  }
  return entries;
}

/** The remote `origin`, else the only one there is. The last value counts, as in git. */
function repositoryOf(config: readonly ConfigEntry[]): string | null {
  const urls = new Map<string, string>();
  for (const { key, value } of config) {
    const name = /^remote\.(.+)\.url$/s.exec(key)?.[1];
    if (name !== undefined) urls.set(name, value);
  }
  const [only, second] = [...urls.values()];
  const remote = urls.get("origin") ?? (second === undefined ? only : undefined);
  return remote === undefined ? null : repositoryUrl(remote);
}

/**
 * `status` compares contents through the clean filter of gitattributes, which is a command. Filters of the user's own
 * and of the system's configuration (git-lfs) stay, unless the repository speaks of one of the same name.
 */
function filtersOff(config: readonly ConfigEntry[]): readonly Setting[] {
  const trusted = ["system", "global"];
  const names = config
    .filter(({ scope }) => !trusted.includes(scope))
    .map(({ key }) => /^filter\.(.+)\.[^.]+$/s.exec(key)?.[1])
    .filter((name) => name !== undefined);
  return [...new Set(names)].flatMap((name): readonly Setting[] => [
    [`filter.${name}.clean`, ""],
    [`filter.${name}.process`, ""],
    [`filter.${name}.required`, "false"],
  ]);
}
