import {
  byName,
  type DeniedEvidence,
  type Evidence,
  isProvenanceEvidence,
  type ProvenanceEvidence,
  type TrustedEvidence,
} from "./evidence.ts";
import type { Sayings, Uncounted } from "./explain.ts";
import type { Finding } from "./finding.ts";
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
