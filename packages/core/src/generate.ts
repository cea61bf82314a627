import { DECLARED, DIRTY, REPORTED_BY } from "./annotations.ts";
import type { BuildClaim, Checkout } from "./build.ts";
import { TouchmarkError } from "./errors.ts";
import { PROVENANCE_V1 } from "./provenance-v1.ts";
import { comparableRepository, gitUri, sameRepository } from "./repository.ts";
import type { ResourceDescriptor } from "./resource-descriptor.ts";
import { readSource } from "./source.ts";
import { STATEMENT_V1, type Statement } from "./statement.ts";
import { compareSubjects, mergeSubjects, type Subject } from "./subject.ts";
import { checkOutputs, uniqueSorted } from "./subjects-file.ts";
import type { Reported, SubjectsFile } from "./subjects-schema.ts";

export interface GenerateOptions {
  /** Repositories that the configuration declares as further inputs; their checkouts may have any commit. */
  readonly declaredRepositories?: readonly string[];
}

/**
 * The shared generator: one SLSA provenance v1 statement from what the platform claims and what the adapters collected.
 * Pure; equal input in any order gives equal bytes after `encodeStatement`.
 *
 * The claim's source is resolvedDependencies[0]. Everything that a tool or a checkout reported is marked so, since only
 * the platform's own statements are more than hearsay; `readProvenance` takes no marked entry for the source, also where
 * the claim has none and a marked one is the first.
 *
 * @throws TouchmarkError `SUBJECTS_EMPTY`; `SUBJECT_CONFLICT`; `CHECKOUT_MISMATCH` when a build saw another commit of the
 * source than the claim names; `RESERVED_ANNOTATION`, `LIMIT_EXCEEDED` and `INPUT_INVALID` for outputs that no subjects
 * file could hold.
 */
export function generate(claim: BuildClaim, outputs: SubjectsFile, options: GenerateOptions = {}): Statement {
  checkOutputs(outputs);
  const subjects = mergeSubjects(outputs.subjects).map(stateSubject);
  if (subjects.length === 0) {
    throw new TouchmarkError("SUBJECTS_EMPTY", "there is nothing to state: no adapter found an artifact", {
      expected: "at least one subject",
      actual: "none",
    });
  }
  const checkouts = uniqueSorted(outputs.parts.flatMap((part) => part.checkouts));
  const declared = new Set((options.declaredRepositories ?? []).map(comparableRepository));
  checkCheckouts(claim.source, checkouts, declared);
  const reported = uniqueSorted(outputs.resolvedDependencies).filter(
    (entry) => !restatesSource(claim.source, entry, declared),
  );
  return {
    _type: STATEMENT_V1,
    subject: subjects,
    predicateType: PROVENANCE_V1,
    predicate: {
      buildDefinition: {
        buildType: claim.buildType,
        externalParameters: claim.externalParameters,
        ...(isEmpty(claim.internalParameters) ? {} : { internalParameters: claim.internalParameters }),
        resolvedDependencies: [
          ...(claim.source === null ? [] : [claim.source]),
          ...checkouts.filter((checkout) => !isSource(claim.source, checkout)).map(stateCheckout),
          ...uniqueSorted(reported.map(stateReported)),
        ],
      },
      runDetails: {
        builder: {
          id: claim.builder.id,
          ...(isEmpty(claim.builder.version) ? {} : { version: claim.builder.version }),
        },
        ...stateMetadata(claim),
        ...(outputs.byproducts.length === 0 ? {} : { byproducts: uniqueSorted(outputs.byproducts.map(stateReported)) }),
      },
    },
  };
}

function stateSubject(stated: Subject): Subject {
  if (stated.declared === undefined) return stated;
  const { declared: _declared, ...subject } = stated;
  return { ...subject, annotations: { ...subject.annotations, [DECLARED]: true } };
}

function stateReported({ reportedBy, ...descriptor }: Reported): ResourceDescriptor {
  return { ...descriptor, annotations: { ...descriptor.annotations, [REPORTED_BY]: reportedBy } };
}

function stateCheckout(checkout: Checkout): ResourceDescriptor {
  return {
    ...(checkout.repository === null ? { name: "checkout" } : { uri: gitUri(checkout.repository) }),
    digest: { gitCommit: checkout.commit },
    annotations: { [REPORTED_BY]: "checkout", ...(checkout.dirty ? { [DIRTY]: true } : {}) },
  };
}

function stateMetadata(claim: BuildClaim): { readonly metadata?: Readonly<Record<string, string>> } {
  const { invocationId, startedOn, finishedOn } = claim;
  const metadata = Object.entries({ invocationId, startedOn, finishedOn }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return metadata.length === 0 ? {} : { metadata: Object.fromEntries(metadata) };
}

/** A build that checked out another commit than the one the statement names would put X's name on Y's bytes. */
function checkCheckouts(
  source: ResourceDescriptor | null,
  checkouts: readonly Checkout[],
  declared: ReadonlySet<string>,
): void {
  const commits = new Map<string, string>();
  const claimed = readSource(source ?? undefined);
  const commit = source?.digest?.["gitCommit"];
  if (claimed?.commit) commits.set(comparableRepository(claimed.repository), claimed.commit);
  // A source without an address is the checkout without a remote.
  if (claimed === null && commit !== undefined) commits.set("", commit);
  for (const { repository, commit } of checkouts) {
    const key = repository === null ? "" : comparableRepository(repository);
    if (declared.has(key)) continue;
    const known = commits.get(key);
    if (known !== undefined && known !== commit) mismatch(repository ?? "the checkout", known, commit);
    commits.set(key, commit);
  }
}

/**
 * True for a dependency that says what the claim's source says already: same repository, same commit.
 *
 * @throws TouchmarkError `CHECKOUT_MISMATCH` for the source's repository at another commit, which nobody declared.
 */
function restatesSource(source: ResourceDescriptor | null, entry: Reported, declared: ReadonlySet<string>): boolean {
  const claimed = readSource(source ?? undefined);
  const stated = readSource(entry);
  if (claimed === null || stated === null) return false;
  if (!sameRepository(stated.repository, claimed.repository)) return false;
  if (stated.commit === claimed.commit) return true;
  if (claimed.commit !== null && !declared.has(comparableRepository(stated.repository))) {
    mismatch(`${entry.reportedBy}'s report of ${claimed.repository}`, claimed.commit, stated.commit ?? "no commit");
  }
  return false;
}

function mismatch(what: string, expected: string, actual: string): never {
  throw new TouchmarkError("CHECKOUT_MISMATCH", `${what} was at another commit than the source of this release`, {
    expected,
    actual,
  });
}

/** True for a checkout that says nothing which the claim's source does not say. */
function isSource(source: ResourceDescriptor | null, checkout: Checkout): boolean {
  if (checkout.dirty && source?.annotations?.[DIRTY] !== true) return false;
  const claimed = readSource(source ?? undefined);
  if (claimed === null) return source?.digest?.["gitCommit"] === checkout.commit && checkout.repository === null;
  return sameRepository(checkout.repository, claimed.repository) && checkout.commit === claimed.commit;
}

function isEmpty(value: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(value).length === 0;
}

/**
 * Statements of at most `limit` subjects each, split by sorted name; one statement when it fits.
 *
 * @throws TouchmarkError `USAGE` for a limit that is not a whole number above zero.
 */
export function splitStatement(statement: Statement, limit: number): readonly Statement[] {
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new TouchmarkError("USAGE", "the largest number of subjects must be a whole number above zero", {
      expected: "1 or more",
      actual: String(limit),
    });
  }
  const subjects = [...statement.subject].sort(compareSubjects);
  const statements: Statement[] = [];
  for (let start = 0; start < subjects.length; start += limit) {
    statements.push({ ...statement, subject: subjects.slice(start, start + limit) });
  }
  return statements;
}
