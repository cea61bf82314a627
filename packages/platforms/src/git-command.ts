import { TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";

/** Git answers from its local files; this is for a slow network drive. Unit: milliseconds. */
const GIT_TIMEOUT_MS = 60_000;

/** A configuration or a list of tags; a list of a hundred thousand changed files. Unit: bytes. */
const GIT_MAX_OUTPUT = 16 * 1024 * 1024;

/** `GIT_CONFIG_COUNT` came with git 2.31; without it a repository's filters cannot be switched off. */
const MIN_VERSION = [2, 31] as const;

/**
 * Settings of ours that win over the repository's own file, which may have been written by somebody else (a project
 * that came as an archive brings its .git folder along): nothing that it names is run.
 */
export const SAFE_CONFIG: readonly Setting[] = [
  ["core.fsmonitor", "false"], // a program that `status` asks
  ["core.hooksPath", "/dev/null"],
];

/** No file is written, nobody is asked, nothing is fetched, commits are what they are. */
const SAFE_ENV = {
  LC_ALL: "C", // messages are read below
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  GIT_NO_LAZY_FETCH: "1",
  // A partial clone fetches what it misses, by a transport that its configuration chooses. Before git 2.45 only this
  // keeps it from that: "none" is no transport.
  GIT_ALLOW_PROTOCOL: "none",
  GIT_NO_REPLACE_OBJECTS: "1",
} as const;

/** A configuration variable and its value. */
export type Setting = readonly [key: string, value: string];

/**
 * Runs git in a folder, read-only.
 *
 * @param settings - on top of ours.
 * @returns standard output as text.
 * @throws TouchmarkError `RUN_FAILED`, `ABORTED`, `OUTSIDE_ROOTS`.
 */
export async function git(
  host: Host,
  folder: string,
  args: readonly string[],
  settings: readonly Setting[] = [],
): Promise<string> {
  const { stdout } = await host.run("git", ["--no-pager", ...args], {
    cwd: folder,
    timeoutMs: GIT_TIMEOUT_MS,
    maxOutput: GIT_MAX_OUTPUT,
    env: { ...SAFE_ENV, ...configEnv([...SAFE_CONFIG, ...settings]) },
  });
  return new TextDecoder().decode(stdout);
}

/** By environment and not by `-c`, where a key could not hold an equals sign. */
function configEnv(settings: readonly Setting[]): Readonly<Record<string, string>> {
  const pairs = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(pairs) };
}

/** True where git is installed, starts, and is 2.31 (March 2021) or newer. */
export async function hasGit(host: Host, folder: string): Promise<boolean> {
  const version = await unlessFailed(git(host, folder, ["version"]));
  const match = /^git version (\d+)\.(\d+)/.exec(version ?? "");
  const [major, minor] = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
  return major > MIN_VERSION[0] || (major === MIN_VERSION[0] && minor >= MIN_VERSION[1]);
}

/** @returns null when the command ran and failed, or could not start. */
async function unlessFailed(output: Promise<string>): Promise<string | null> {
  try {
    return await output;
  } catch (error) {
    if (error instanceof TouchmarkError && error.code === "RUN_FAILED") return null;
    throw error;
  }
}
