import { compareReleases } from "@touchmark/core";
import { checkBuilderRef } from "../builder-ref.ts";
import { checkFields } from "../expected-fields.ts";
import { matches, shownMatch } from "../match.ts";
import { signsForItself } from "../own-source.ts";
import type { SourceExpectation } from "../source-expectation.ts";
import type { SourcesByPolicy } from "../sources-by-policy.ts";
import type { IdentityTrust } from "../trust-identity.ts";
import type { CertificateClaims } from "./claims.ts";
import type { Leaf } from "./leaf.ts";
import { refused } from "./refused.ts";

/**
 * Compares a verified certificate with what the user expects: issuer, identity, source and further fields, each as a whole.
 *
 * @param sourcesByPolicy - a policy will say of each artifact what it must be built from: then trust that leaves the source to
 * one takes these. Whoever says so asks `needsSource` of what is verified. Null without a policy.
 * @throws TouchmarkError `IDENTITY_MISMATCH`, `BUILDER_REF_UNKNOWN`, `SOURCE_MISMATCH`, `CERTIFICATE_MISMATCH`;
 * `SOURCE_UNSET` where a workflow signed for another repository than its own and the user did not say for which.
 */
export function checkIdentity(leaf: Leaf, trust: IdentityTrust, sourcesByPolicy: SourcesByPolicy | null = null): void {
  const { identity, claims } = leaf;
  if (claims.issuer !== trust.issuer || !matches(trust.identity, identity) || !isOwn(leaf, trust)) {
    throw refused("IDENTITY_MISMATCH", "somebody else signed this", {
      expected: `${shownMatch(trust.identity)} (${trust.issuer})`,
      actual: `${identity} (${claims.issuer})`,
    });
  }
  checkBuilderRef(leaf, trust);
  if (trust.source !== null) checkSource(claims, trust.source);
  else if (!signsForItself(identity, claims, trust)) {
    if (!trust.sourceByPolicy || sourcesByPolicy === null) throw unset(whyUnset(trust), claims.sourceRepository);
    checkLeftSource(claims, sourcesByPolicy);
  }
  checkFields(claims, trust.fields);
}

/** Where any repository's own workflow is trusted, the signing one must lie in the repository that the certificate names. */
function isOwn({ identity, claims: { sourceRepository } }: Leaf, trust: IdentityTrust): boolean {
  if (!("ownWorkflowAt" in trust.identity)) return true;
  return sourceRepository !== null && identity.startsWith(`${sourceRepository}/.github/workflows/`);
}

function whyUnset({ identity }: IdentityTrust): string {
  return "ownWorkflowAt" in identity
    ? "the trust takes in the workflows of every repository"
    : "the trusted workflow signed for another repository than its own";
}

function unset(message: string, actual: string | null) {
  return refused("SOURCE_UNSET", message, {
    expected: "the repository that you expect, with --source OWNER/REPO, or in a policy",
    actual,
  });
}

/** A policy compares the platform's word, artifact by artifact; a source that it expects nowhere is a stranger's. */
function checkLeftSource(claims: CertificateClaims, isExpected: SourcesByPolicy): void {
  const { sourceRepository, sourceRepositoryId, sourceOwnerId } = claims;
  if (sourceRepository === null) {
    throw unset("the certificate names no source, of which a policy could say whether it is right", null);
  }
  if (isExpected({ repository: sourceRepository, repositoryId: sourceRepositoryId, ownerId: sourceOwnerId })) return;
  throw refused("SOURCE_MISMATCH", "no rule of the policy expects this source", {
    expected: "a source that a rule names",
    actual: sourceRepository,
  });
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
