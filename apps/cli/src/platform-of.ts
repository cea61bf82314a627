import { GITHUB_ISSUER, TouchmarkError } from "@touchmark/core";
import type { Env, HandedToken, PlatformRun } from "@touchmark/plugin";
import { detectPlatform, githubActions, PLATFORMS } from "./builtins.ts";

/** Flags that say where this runs. */
export interface PlatformOptions {
  readonly platform?: string;
  readonly githubIssuer?: string;
}

/**
 * The platform that flags and environment show. An issuer that is not github.com's own is believed because the user names
 * it, and never because the environment does; it is then GitHub or an error.
 *
 * @param token - one that the user hands in; null where the platform has its own.
 * @throws TouchmarkError `USAGE`.
 */
export function platformOf(
  env: Env,
  { platform, githubIssuer }: PlatformOptions,
  token: HandedToken | null = null,
): PlatformRun {
  if (githubIssuer === undefined) return detectPlatform(env, PLATFORMS, platform ?? null, token);
  const github = githubActions({ clock: Date.now, issuer: githubIssuer });
  if (platform !== undefined && platform !== github.name) {
    throw new TouchmarkError("USAGE", "--github-issuer is about another platform", {
      expected: `--platform ${github.name}, or neither; ${GITHUB_ISSUER} needs no flag`,
      actual: `--platform ${platform.slice(0, 100)}`,
    });
  }
  return detectPlatform(env, [github], github.name, token);
}
