import { compareReleases } from "@touchmark/core";
import { checkBuilderRef } from "../builder-ref.ts";
import { checkFields } from "../expected-fields.ts";
import { matches, shownMatch } from "../match.ts";
import type { SourceExpectation } from "../source-expectation.ts";
import type { IdentityTrust } from "../trust-identity.ts";
import type { CertificateClaims } from "./claims.ts";
import type { Leaf } from "./leaf.ts";
import { refused } from "./refused.ts";

/**
 * Compares a verified certificate with what the user expects: issuer, identity, source and further fields, each as a whole.
 *
 * @param sourcesByPolicy - a policy will say of each artifact what it must be built from: then trust that leaves the source to
 * one takes any source. Whoever says so asks `needsSource` of what is verified.
 * @throws TouchmarkError `IDENTITY_MISMATCH`, `BUILDER_REF_UNKNOWN`, `SOURCE_MISMATCH`, `CERTIFICATE_MISMATCH`;
 * `SOURCE_UNSET` where a workflow signed for another repository than its own and the user did not say for which.
 */
export function checkIdentity(leaf: Leaf, trust: IdentityTrust, sourcesByPolicy = false): void {
  const { identity, claims } = leaf;
  if (claims.issuer !== trust.issuer || !matches(trust.identity, identity) || !isOwn(leaf, trust)) {
    throw refused("IDENTITY_MISMATCH", "somebody else signed this", {
      expected: `${shownMatch(trust.identity)} (${trust.issuer})`,
      actual: `${identity} (${claims.issuer})`,
    });
  }
  checkBuilderRef(leaf, trust);
  if (trust.source !== null) checkSource(claims, trust.source);
  else if (trust.sourceByPolicy && sourcesByPolicy) checkSourceStated(claims);
  else checkOwnSource(leaf, trust);
  checkFields(claims, trust.fields);
}

/** Where any repository's own workflow is trusted, the signing one must lie in the repository that the certificate names. */
function isOwn({ identity, claims: { sourceRepository } }: Leaf, trust: IdentityTrust): boolean {
  if (!("ownWorkflowAt" in trust.identity)) return true;
  return sourceRepository !== null && identity.startsWith(`${sourceRepository}/.github/workflows/`);
}

/** Any repository may call a public workflow, which then signs with its own name. */
function checkOwnSource({ identity, claims: { sourceRepository } }: Leaf, trust: IdentityTrust): void {
  if ("ownWorkflowAt" in trust.identity)
    throw unset("the trust takes in the workflows of every repository", sourceRepository);
  if (sourceRepository === null || identity.startsWith(`${sourceRepository}/`) || !identity.includes("://")) return;
  throw unset("the trusted workflow signed for another repository than its own", sourceRepository);
}

function unset(message: string, actual: string | null) {
  return refused("SOURCE_UNSET", message, {
    expected: "the repository that you expect, with --source OWNER/REPO, or in a policy",
    actual,
  });
}

/** What a policy will compare must be the platform's word. */
function checkSourceStated({ sourceRepository }: CertificateClaims): void {
  if (sourceRepository !== null) return;
  throw unset("the certificate names no source, of which a policy could say whether it is right", null);
}

function checkSource({ sourceRepository, sourceRef }: CertificateClaims, { repository, ref }: SourceExpectation): void {
  const other = (what: string) =>
    refused("SOURCE_MISMATCH", `this was built from ${what}`, {
      expected: `${repository}${ref === null ? "" : `@${ref}`}`,
      actual: `${sourceRepository ?? "a source that the certificate does not name"}${sourceRef === null ? "" : `@${sourceRef}`}`,
    });
  if (sourceRepository !== repository) throw other("another source");
  if (ref !== null && sourceRef !== ref) throw other(otherRef(sourceRef, ref));
}

/** Somebody who gets last year's release should read that, and not only that two texts differ. */
function otherRef(actual: string | null, expected: string): string {
  const order = (actual === null ? null : compareReleases(actual, expected)) ?? 0;
  if (order < 0) return "an older version of the source";
  return order > 0 ? "a newer version of the source" : "another ref of the source";
}
