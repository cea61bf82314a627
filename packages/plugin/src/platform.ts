import type { BuildClaim, Origin } from "@touchmark/core";
import type { Host } from "./host.ts";

/** Environment variables, handed in by the application. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A CI platform: what runs the job that signs. */
export interface Platform {
  /** What people type: `--platform local`. */
  readonly name: string;
  /** @returns null when the environment does not show this platform. */
  detect(env: Env): PlatformRun | null;
}

/** One run on a platform. */
export interface PlatformRun {
  readonly platform: string;
  /** The highest SLSA Build level that this platform can honestly claim by itself, and why. */
  readonly level: { readonly build: 1 | 2 | 3; readonly reason: string };
  /** What the platform says about the run. */
  claim(host: Host): Promise<BuildClaim>;
  /** The run that parts are bound to; null where the platform has no run (a laptop). */
  origin(host: Host): Promise<Origin | null>;
  /**
   * An OIDC token for an audience.
   *
   * @returns null where the platform has none.
   */
  identityToken(audience: string, host: Host): Promise<string | null>;
}
