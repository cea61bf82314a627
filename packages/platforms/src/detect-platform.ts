import { TouchmarkError } from "@touchmark/core";
import type { Env, HandedToken, Platform, PlatformRun } from "@touchmark/plugin";
import { local } from "./local.ts";

/**
 * Finds the platform that this process runs on. Exactly one may show itself: variables of two (a runner inside another's
 * job) leave open which of them would vouch for the build.
 *
 * @param platforms - those that the application knows; `local` may be among them or not.
 * @param wanted - the name that the user gave; null to look among those that show themselves.
 * @param token - an identity token that the user handed in; null where the platform has its own.
 * @returns `local` when no other platform shows itself.
 * @throws TouchmarkError `USAGE` for two platforms, for an unknown name, and for a named one that does not show itself.
 */
export function detectPlatform(
  env: Env,
  platforms: readonly Platform[],
  wanted: string | null,
  token: HandedToken | null = null,
): PlatformRun {
  const known = [...platforms.filter((platform) => platform.name !== local.name), local];
  if (wanted !== null) return named(env, known, wanted, token);
  const runs = known
    .filter((platform) => platform !== local && platform.onlyNamed !== true)
    .flatMap((platform) => platform.detect(env, token) ?? []);
  const [found, second] = runs;
  if (second !== undefined) {
    throw new TouchmarkError("USAGE", "the environment shows more than one build platform", {
      expected: "one, or --platform NAME to say which",
      actual: runs.map((run) => run.platform).join(", "),
    });
  }
  return found ?? named(env, known, local.name, token);
}

function named(env: Env, known: readonly Platform[], wanted: string, token: HandedToken | null): PlatformRun {
  const platform = known.find(({ name }) => name === wanted);
  if (platform === undefined) {
    throw new TouchmarkError("USAGE", `there is no platform ${JSON.stringify(wanted.slice(0, 100))}`, {
      expected: known.map(({ name }) => name).join(", "),
      actual: JSON.stringify(wanted.slice(0, 100)),
    });
  }
  const run = platform.detect(env, token);
  if (run !== null) return run;
  throw new TouchmarkError("USAGE", `the environment does not show the platform "${wanted}"`, {
    expected: `the variables that ${wanted} sets in a job`,
    actual: "none of them, or not all",
  });
}
