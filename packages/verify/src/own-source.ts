import { gitHubServer } from "@touchmark/core";
import type { CertificateClaims } from "./certificate/claims.ts";
import type { IdentityTrust } from "./trust-identity.ts";

/**
 * True where a signer signed for the repository that it lies in, or is nobody who lies in one: then whoever trusts the signer said
 * with it what is built from. Any repository may call a public workflow, which signs with its own name; and where the workflows of
 * every repository are trusted, none of them was named.
 */
export function signsForItself(
  identity: string,
  { sourceRepository }: Pick<CertificateClaims, "sourceRepository">,
  trust: Pick<IdentityTrust, "identity" | "issuer" | "sourceByPolicy">,
): boolean {
  if ("ownWorkflowAt" in trust.identity) return false;
  if (!identity.includes("://")) return true;
  // Every certificate of GitHub's names the source; without one nobody knows for whom a shared builder signed.
  if (sourceRepository === null) return !trust.sourceByPolicy || gitHubServer(trust.issuer) === null;
  return identity.startsWith(`${sourceRepository}/`);
}
