import { stableText, TouchmarkError } from "@touchmark/core";
import type { Host, VerifiedToken } from "@touchmark/plugin";
import { MIN_TOKEN_LIFE_MS } from "./token-limits.ts";
import type { Clock } from "./verify-token.ts";

/** Gets and verifies a token for an audience. */
export type TokenSource = (audience: string, host: Host) => Promise<VerifiedToken>;

/** Claims that differ between two tokens about one job. */
const OF_THE_TOKEN = new Set(["iat", "nbf", "exp", "jti", "aud"]);

/**
 * Keeps one token for each audience, so that the statement and the certificate come from the same one. One that is about
 * to expire is replaced by a newer one, which must say the same about the job: else a statement would be signed by a job
 * that it does not describe.
 */
export function keptToken(source: TokenSource, clock: Clock): TokenSource {
  const kept = new Map<string, VerifiedToken>();
  let said: string | null = null;
  return async (audience, host) => {
    const known = kept.get(audience);
    if (known !== undefined && known.expires - clock() >= MIN_TOKEN_LIFE_MS) return known;
    const fresh = await source(audience, host);
    const says = stableText(
      Object.fromEntries(Object.entries(fresh.claims).filter(([claim]) => !OF_THE_TOKEN.has(claim))),
    );
    said ??= says;
    if (says !== said) {
      throw new TouchmarkError("IDENTITY_TOKEN_INVALID", "two identity tokens of this job say different things", {
        expected: "the same claims as those that the statement was made from",
        actual: "others",
      });
    }
    kept.set(audience, fresh);
    return fresh;
  };
}
