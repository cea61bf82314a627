import { lstatSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import type { Context } from "../context.ts";

/** Which policy file counts, and what it is called. */
export interface PolicyPlace {
  /** Absolute. */
  readonly file: string;
  /** As the user named it; of one that was found in a folder of configuration, without what is private in its path. */
  readonly label: string;
}

const NAME = "policy.yaml";
const SYSTEM_FOLDER = "/etc/touchmark";

/**
 * The policy to verify by: the one that `--policy` names, else the user's, else the system's. Never one that lies in a target, in
 * the working directory or above it: who made those must not decide.
 *
 * @param flag - the file; false for `--no-policy`, which asks for none.
 * @param systemFolder - another one for tests.
 * @returns null where there is none.
 */
export function policyPlace(
  { cwd, env }: Context,
  flag: string | false | undefined,
  systemFolder = SYSTEM_FOLDER,
): PolicyPlace | null {
  if (flag === false) return null;
  if (flag !== undefined) return { file: path.resolve(cwd, flag), label: flag };
  // https://specifications.freedesktop.org/basedir-spec/latest/: a relative path is to be ignored.
  const named = env["XDG_CONFIG_HOME"] ?? "";
  const home = path.isAbsolute(env["HOME"] ?? "") ? (env["HOME"] ?? "") : homedir();
  const own = path.isAbsolute(named)
    ? { file: path.join(named, "touchmark", NAME), label: `$XDG_CONFIG_HOME/touchmark/${NAME}` }
    : { file: path.join(home, ".config", "touchmark", NAME), label: `~/.config/touchmark/${NAME}` };
  const ofSystem = { file: path.join(systemFolder, NAME), label: `${systemFolder}/${NAME}` };
  return [own, ofSystem].find(({ file }) => isThere(file)) ?? null;
}

/** Also what cannot be read, or leads nowhere: then it is an error, and not as if nobody had a policy. */
function isThere(file: string): boolean {
  try {
    lstatSync(file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== "ENOENT" && code !== "ENOTDIR";
  }
}
