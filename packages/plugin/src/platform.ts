import type { BuildClaim, Json, Origin } from "@touchmark/core";
import type { Host } from "./host.ts";

/** Environment variables, handed in by the application. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A CI platform: what runs the job that signs. */
export interface Platform {
  /** What people type: `--platform local`. */
  readonly name: string;
  /** True: nothing in the environment shows it, so that it runs where the user names it and nowhere else. */
  readonly onlyNamed?: true;
  /**
   * @param token - one that the user hands in, instead of the one that the platform gives its jobs; null or absent: none.
   * @returns null when the environment does not show this platform.
   */
  detect(env: Env, token?: HandedToken | null): PlatformRun | null;
}

/** An identity token whose signature, issuer, audience and times were verified. */
export interface VerifiedToken {
  /** Secret: whoever has it is whom it names, until it expires. */
  readonly text: string;
  readonly claims: Readonly<Record<string, Json>>;
  /** Unit: milliseconds since 1970. */
  readonly expires: number;
}

/** An identity token that the user hands in: out of a file, or by a login. */
export interface HandedToken {
  /** Exactly as in the token. */
  readonly issuer: string;
  /** What it says before it is verified; nothing for one that a login still has to bring. */
  readonly unverified: Readonly<Record<string, Json>>;
  /**
   * The token: got once, where a login has to bring it, and verified once.
   *
   * @throws TouchmarkError `IDENTITY_TOKEN_INVALID`, `IDENTITY_TOKEN_EXPIRED`, those of the issuer's service, and
   * `LOGIN_FAILED`.
   */
  verified(host: Host): Promise<VerifiedToken>;
}

/** Whom a signing certificate names, and who identified them. */
export interface CertifiedSigner {
  /** The subject alternative name: a URI or an e-mail address. */
  readonly identity: string;
  readonly issuer: string;
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
  /**
   * Checks whom a certificate names that was made from the run's token, where that need not be the statement's builder.
   * Absent: it is the builder, identified by `issuer`.
   *
   * @throws TouchmarkError `SERVICE_INVALID` for a name that no honest authority would have made from the token.
   */
  readonly checkSigner?: (signer: CertifiedSigner, host: Host) => Promise<void>;
}
