import {
  ACCEPTABLE_ALGORITHMS,
  type AcceptableAlgorithm,
  compareText,
  type Finding,
  type Provenance,
  type StatedStatement,
  type VerificationSummary,
} from "@touchmark/core";
import type { Claim } from "./claim.ts";
import type { Denials } from "./deny/denials.ts";
import { NOTHING_DENIED } from "./deny/nothing-denied.ts";
import type { Published } from "./npm/check-published.ts";
import type { SignatureEvidence } from "./signature-evidence.ts";
import type { Verified } from "./verified.ts";

/** A piece of evidence, after its signature was checked. */
export type Evidence = TrustedEvidence | SummaryEvidence | DeniedEvidence | RefusedEvidence | SignatureEvidence;

export interface TrustedEvidence {
  readonly kind: "trusted";
  readonly name: string;
  /** SHA-256 of the evidence as it was found, lowercase hex; absent where nobody needs to name it. */
  readonly digest?: string;
  /** Without the predicate's JSON, unless `examine` was asked for it. */
  readonly verified: Verified<Provenance | null>;
  /** Of npm's document: what its registry vouches for. Null where no registry had to. */
  readonly published: Published | null;
  /** The statement with its predicate where it lists a release, for `releaseLists`; null for all else. It covers nothing. */
  readonly list: StatedStatement | null;
}

/** A verification summary by a trusted verifier that says all that was asked of it. It covers artifacts, as provenance does. */
export interface SummaryEvidence {
  readonly kind: "summary";
  readonly name: string;
  readonly digest?: string;
  readonly verified: Verified<Provenance | null>;
  readonly summary: VerificationSummary;
  /** The user asked for its very resource, which then says what is meant where a subject has no name. */
  readonly resourceAsked: boolean;
}

/** Evidence by somebody trusted that a deny list takes back: it covers nothing, and still says what belongs to a release. */
export interface DeniedEvidence {
  readonly kind: "denied";
  readonly name: string;
  readonly verified: Verified<Provenance | null>;
  readonly published: Published | null;
  readonly findings: readonly Finding[];
}

/** Evidence that decides nothing; what it claims only words a refusal. */
export interface RefusedEvidence {
  readonly kind: "refused";
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly claim: Claim | null;
}

/** Evidence whose statement is provenance: the only kind that covers an artifact. */
export interface ProvenanceEvidence {
  readonly name: string;
  readonly digest?: string;
  readonly verified: Verified<Provenance>;
  readonly published: Published | null;
}

/**
 * The algorithms that the subjects of trusted statements and denials use, sha256 always: what an artifact is hashed with. Of what
 * nobody trusted claims, those of SHA-2: what it is said to mention must not depend on what else somebody states.
 *
 * @param more - what else must be known of artifacts; those that are not acceptable are left out.
 */
export function acceptableAlgorithms(
  evidence: readonly Evidence[],
  denials: Denials = NOTHING_DENIED,
  more: readonly string[] = [],
): readonly AcceptableAlgorithm[] {
  const used = new Set<string>(["sha256", ...denials.algorithms, ...more]);
  for (const item of evidence) {
    if (item.kind === "signature") continue;
    const isClaim = item.kind === "refused";
    for (const { digest } of (isClaim ? item.claim : item.verified)?.statement.subject ?? []) {
      for (const algorithm in digest) if (!isClaim || isSha2(algorithm)) used.add(algorithm);
    }
  }
  return ACCEPTABLE_ALGORITHMS.filter((algorithm) => used.has(algorithm));
}

/** Others are rare, and somebody else's claims must not make hashing slow. */
export const SHA2 = ["sha256", "sha384", "sha512"] as const satisfies readonly AcceptableAlgorithm[];

function isSha2(algorithm: string): boolean {
  return (SHA2 as readonly string[]).includes(algorithm);
}

/** By name, so that nothing in a report depends on the order in which evidence was found. */
export function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return compareText(left.name, right.name);
}

export function isProvenanceEvidence<E extends TrustedEvidence | DeniedEvidence>(
  item: E,
): item is E & ProvenanceEvidence {
  return item.verified.predicate !== null;
}
