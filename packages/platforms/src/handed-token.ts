import { type Json, TouchmarkError } from "@touchmark/core";
import { type HandedToken, type Host, serviceAddress, type VerifiedToken } from "@touchmark/plugin";
import { parseToken } from "./parse-token.ts";
import { SIGSTORE_AUDIENCE } from "./sigstore-audience.ts";
import { type Clock, verifyToken } from "./verify-token.ts";

/** Where a token that the user hands in comes from, and what it must be. */
export interface TokenOrder {
  readonly issuer: string;
  readonly audience: string;
  readonly unverified: Readonly<Record<string, Json>>;
  /** Called once, when the token is needed. */
  get(host: Host): Promise<string>;
}

/**
 * A token out of a file: its own issuer is asked for the keys.
 *
 * @throws TouchmarkError `IDENTITY_TOKEN_INVALID` for what is no token, or one whose issuer cannot be asked.
 */
export function tokenInText(text: string, clock: Clock): HandedToken {
  const { issuer, claims } = parseToken(text);
  return handedToken({ issuer, audience: SIGSTORE_AUDIENCE, unverified: claims, get: async () => text }, clock);
}

/**
 * A token that is got and verified when it is first needed, and never a second time: nobody logs in twice for one release.
 *
 * @throws TouchmarkError `IDENTITY_TOKEN_INVALID` for an issuer that cannot be asked.
 */
export function handedToken(order: TokenOrder, clock: Clock): HandedToken {
  const { issuer, audience, unverified } = order;
  checkIssuer(issuer);
  let once: Promise<VerifiedToken> | null = null;
  return {
    issuer,
    unverified,
    async verified(host) {
      once ??= order.get(host).then((text) => verifyToken(text, { issuer, audience }, clock, host));
      const token = await once;
      if (clock() < token.expires) return token;
      throw new TouchmarkError("IDENTITY_TOKEN_EXPIRED", "the identity token has expired since it was handed in", {
        expected: "a token that lasts until everything is signed",
        actual: "one whose time is over by this machine's clock",
      });
    },
  };
}

/**
 * The handed token of a platform that has an issuer of its own.
 *
 * @throws TouchmarkError `IDENTITY_TOKEN_INVALID` for one of another issuer, which is not asked then.
 */
export async function handedBy(token: HandedToken, issuer: string, host: Host): Promise<VerifiedToken> {
  if (token.issuer === issuer) return token.verified(host);
  throw new TouchmarkError("IDENTITY_TOKEN_INVALID", "the identity token is from another issuer", {
    expected: issuer,
    actual: JSON.stringify(token.issuer.slice(0, 200)),
  });
}

function checkIssuer(issuer: string): void {
  // Its keys are fetched from where it says that it is.
  if (serviceAddress(issuer) !== null) return;
  throw new TouchmarkError("IDENTITY_TOKEN_INVALID", "the identity token is from an issuer that cannot be asked", {
    expected: "https://HOST, or http to a loopback address; no user name, query or fragment",
    actual: JSON.stringify(issuer.replace(/^.*@/s, "…@").slice(0, 200)),
  });
}
