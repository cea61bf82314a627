import { comparableRepository, type Finding, finding, sameRepository } from "@touchmark/core";
import type { RuleEntry } from "../document/rule-entry.ts";
import type { SignerFacts, StatementFacts } from "../facts.ts";

export type SourceKeys = Pick<RuleEntry, "source" | "source-id" | "owner-id">;

/**
 * The repository. An id, once given, is what counts: a repository keeps it when it is renamed, and one that is made later under
 * the old name has another. Ids are counted by each host, so that the host is compared in any case.
 */
export function expectSource(rule: SourceKeys, facts: StatementFacts): Finding | null {
  const { provenance, signer } = facts;
  return provenance === null
    ? expectCertifiedSource(rule, signer)
    : compareSource(rule, provenance.source.repository, signer);
}

/**
 * The same of a statement that is no provenance, where it was signed by a workflow that several repositories may call: which
 * of them did so only the certificate says. A workflow of the repository itself is who trust named, and so is a key.
 */
export function expectCertifiedSource(rule: SourceKeys, signer: SignerFacts): Finding | null {
  const { sourceRepository, identity } = signer;
  const isOwn = sourceRepository === null || identity?.startsWith(`${sourceRepository}/`) === true;
  return isOwn ? null : compareSource(rule, sourceRepository, signer);
}

/** @param signer - what its certificate says of the ids. */
export function compareSource(
  rule: SourceKeys,
  actual: string | null,
  signer: Pick<SignerFacts, "sourceRepositoryId" | "sourceOwnerId">,
): Finding | null {
  const { source, "source-id": id, "owner-id": owner } = rule;
  if (source === undefined) return null;
  const isExpected = id === undefined ? sameRepository(source, actual) : hostOf(source) === hostOf(actual);
  if (!isExpected) {
    return finding("SOURCE_MISMATCH", "it was built from another repository", {
      expected: source,
      actual: actual ?? "nothing: nobody says it",
    });
  }
  return (
    compareId("the repository has another id", id, signer.sourceRepositoryId) ??
    compareId("the repository's owner has another id", owner, signer.sourceOwnerId)
  );
}

function compareId(message: string, expected: string | undefined, actual: string | null): Finding | null {
  if (expected === undefined || expected === actual) return null;
  return finding("SOURCE_MISMATCH", message, { expected, actual: actual ?? "nothing: no certificate says it" });
}

/** Null where nobody says which repository it is. */
function hostOf(repository: string | null): string | null {
  if (repository === null) return null;
  const comparable = comparableRepository(repository);
  return comparable.slice(0, comparable.indexOf("/"));
}
