import type { BuildClaim } from "@touchmark/core";
import type { Env } from "@touchmark/plugin";
import type { TokenChange } from "@touchmark/testkit";
import { describe, expect, it } from "vitest";

export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
export const COMMIT = "1f".repeat(20);
export const REF = "refs/tags/v1.2.3";

/** When a token for Sigstore was made, and for how long; unit: seconds. */
export function tokenTimes(lifetime: number) {
  return { aud: "sigstore", jti: "1", iat: NOW / 1_000, nbf: NOW / 1_000 - 5, exp: NOW / 1_000 + lifetime };
}

/** How a job differs from an honest one: its token, its environment. */
export interface JobChange extends TokenChange {
  readonly env?: Env;
}

/** The claim of a job that is changed so. */
export type Claimed = (change?: JobChange) => Promise<BuildClaim>;

/** Events that make no release. */
export function refusesEvents(claimed: Claimed, claim: string, events: readonly string[]): void {
  it.each(events)("EVENT_REFUSED: %s", async (event) => {
    await expect(claimed({ claims: { [claim]: event } })).rejects.toMatchObject({
      code: "EVENT_REFUSED",
      actual: event,
    });
  });
}

/** Tokens that the platform does not make, or that cannot be stated. */
export function refusesClaims(claimed: Claimed, cases: readonly (readonly [string, unknown])[]): void {
  describe("IDENTITY_TOKEN_INVALID", () => {
    it.each(cases)("%s = %j", async (claim, value) => {
      await expect(claimed({ claims: { [claim]: value } })).rejects.toMatchObject({ code: "IDENTITY_TOKEN_INVALID" });
    });
  });
}

/** Variables that name another run than the token. */
export function refusesOtherRun(claimed: Claimed, cases: readonly (readonly [string, string])[]): void {
  it.each(cases)("ORIGIN_MISMATCH: %s is not the token's", async (variable, value) => {
    await expect(claimed({ env: { [variable]: value } })).rejects.toMatchObject({ code: "ORIGIN_MISMATCH" });
  });
}
