import { type IdentityTrust, matches, shownMatch } from "../trust-identity.ts";
import type { Leaf } from "./leaf.ts";
import { refused } from "./refused.ts";

/**
 * Compares a verified certificate with what the user expects: issuer, identity and source, each as a whole.
 *
 * @throws TouchmarkError `IDENTITY_MISMATCH`, `SOURCE_MISMATCH`; `SOURCE_UNSET` where a workflow signed for another
 * repository than its own and the user did not say for which.
 */
export function checkIdentity({ identity, claims }: Leaf, trust: IdentityTrust): void {
  if (claims.issuer !== trust.issuer || !matches(trust.identity, identity)) {
    throw refused("IDENTITY_MISMATCH", "somebody else signed this", {
      expected: `${shownMatch(trust.identity)} (${trust.issuer})`,
      actual: `${identity} (${claims.issuer})`,
    });
  }
  const { sourceRepository, sourceRef } = claims;
  if (trust.source === null) {
    // Any repository may call a public workflow, which then signs with its own name.
    if (sourceRepository === null || identity.startsWith(`${sourceRepository}/`) || !identity.includes("://")) return;
    throw refused("SOURCE_UNSET", "the trusted workflow signed for another repository than its own", {
      expected: "the repository that you expect, with --source OWNER/REPO",
      actual: sourceRepository,
    });
  }
  const { repository, ref } = trust.source;
  if (sourceRepository !== repository || (ref !== null && sourceRef !== ref)) {
    throw refused("SOURCE_MISMATCH", "this was built from another source", {
      expected: `${repository}${ref === null ? "" : `@${ref}`}`,
      actual: `${sourceRepository ?? "a source that the certificate does not name"}${sourceRef === null ? "" : `@${sourceRef}`}`,
    });
  }
}
