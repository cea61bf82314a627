import type { Finding, StatedSubject } from "@touchmark/core";
import {
  byName,
  type DeniedEvidence,
  type Evidence,
  isProvenanceEvidence,
  type ProvenanceEvidence,
  type SummaryEvidence,
  type TrustedEvidence,
} from "./evidence.ts";
import type { Sayings, Uncounted } from "./explain.ts";
import { indexSubjects, type SubjectIndex } from "./subject-index.ts";

/** What evidence says, and what of it is denied. */
export interface SortedEvidence extends Sayings {
  /** Trusted provenance with what is denied of it, which still says what belongs to a release: a denial only takes away. */
  readonly stated: SubjectIndex<ProvenanceEvidence>;
  readonly denied: ReadonlyMap<ProvenanceEvidence, Finding>;
}

/** Evidence by what it may do, in the order of its names. */
export function sortEvidence(evidence: readonly Evidence[]): SortedEvidence {
  const sorted = [...evidence].sort(byName);
  const trusted = sorted.filter((item) => item.kind === "trusted");
  const deniedOnes = sorted.filter((item) => item.kind === "denied");
  const summaries = sorted.filter((item) => item.kind === "summary");
  const summarized = (wanted: boolean) =>
    indexSubjects(
      summaries.map((source) => ({
        source,
        subjects: subjectsOfSummary(source).filter(({ name }) => isName(name) === wanted),
      })),
    );
  const subjectsOf = <E extends TrustedEvidence | DeniedEvidence>(source: E) => ({
    source,
    subjects: source.verified.statement.subject,
  });
  const provenance = indexSubjects<ProvenanceEvidence>(trusted.filter(isProvenanceEvidence).map(subjectsOf));
  return {
    provenance,
    stated:
      deniedOnes.length === 0
        ? provenance
        : indexSubjects<ProvenanceEvidence>(
            [...trusted, ...deniedOnes].sort(byName).filter(isProvenanceEvidence).map(subjectsOf),
          ),
    denied: new Map(deniedOnes.filter(isProvenanceEvidence).flatMap((item) => item.findings.map((why) => [item, why]))),
    summaries: { named: summarized(true), nameless: summarized(false) },
    other: indexSubjects(trusted.filter((item) => !isProvenanceEvidence(item)).map(subjectsOf)),
    // Statements before bare signatures: they say more of what they mention.
    refused: indexSubjects<Uncounted>([
      ...deniedOnes.map(subjectsOf),
      ...sorted
        .filter((item) => item.kind === "refused")
        .map((source) => ({ source, subjects: source.claim?.statement.subject ?? [] })),
      ...sorted
        .filter((item) => item.kind === "signature")
        .map((source) => ({ source, subjects: [{ digest: source.digests }] })),
    ]),
  };
}

/** Where any of several resources would do, the one that it is about says which artifact is meant. */
function subjectsOfSummary({ verified, summary, resourceAsked }: SummaryEvidence): readonly StatedSubject[] {
  const { subject } = verified.statement;
  if (resourceAsked) return subject;
  return subject.map((one) => (isName(one.name) ? one : { ...one, name: summary.resourceUri }));
}

/** in-toto's `_` is no name: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md#fields */
function isName(name: string | undefined): boolean {
  return name !== undefined && name !== "" && name !== "_";
}
