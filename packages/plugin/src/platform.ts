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
  /** Who signs its identity tokens, exactly as in them and in certificates; null where it has none. */
  readonly issuer: string | null;
  /** The `host[:port]` of everybody that `claim` and `identityToken` talk to; the application lets a host contact these. */
  readonly contacts: readonly string[];
  /**
   * What the platform says about the run.
   *
   * @throws TouchmarkError `IDENTITY_TOKEN_MISSING`, `IDENTITY_TOKEN_INVALID`, `IDENTITY_TOKEN_EXPIRED` where the platform
   * says it in a token; `EVENT_REFUSED` for a run whose trigger anybody can pull.
   */
  claim(host: Host): Promise<BuildClaim>;
  /** The run that parts are bound to; null where the platform has no run (a laptop). */
  origin(host: Host): Promise<Origin | null>;
  /**
   * An OIDC token for an audience, verified: the one whose claims `claim` stated, or a newer one that says the same.
   *
   * @returns null where the platform has none.
   * @throws TouchmarkError as `claim`.
   */
  identityToken(audience: string, host: Host): Promise<string | null>;
}
