import type { HandedToken, PlatformRun } from "@touchmark/plugin";
import { checkCertified } from "./certifiable-names.ts";

/**
 * A run that signs by the identity of a token that the user handed in, whatever its own claim says: a person's address, a
 * workload's name.
 */
export function handedRun(run: PlatformRun, token: HandedToken): PlatformRun {
  return {
    ...run,
    issuer: token.issuer,
    contacts: [new URL(token.issuer).host],
    identityToken: async (_audience, host) => (await token.verified(host)).text,
    checkSigner: async (signer, host) => checkCertified((await token.verified(host)).claims, signer),
  };
}
