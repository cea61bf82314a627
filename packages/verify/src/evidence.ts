import {
  ACCEPTABLE_ALGORITHMS,
  type AcceptableAlgorithm,
  type Bundle,
  compareText,
  type Provenance,
} from "@touchmark/core";
import { authenticate } from "./authenticate.ts";
import { type Claim, readClaim } from "./claim.ts";
import type { Finding } from "./finding.ts";
import type { Trust } from "./trust.ts";
import type { Verified } from "./verified.ts";

/** A piece of evidence, after its signature was checked. */
export type Evidence = TrustedEvidence | RefusedEvidence;

export interface TrustedEvidence {
  readonly kind: "trusted";
  readonly name: string;
  readonly verified: Verified<Provenance | null>;
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
  readonly verified: Verified<Provenance>;
}

/** Authenticates a bundle and keeps what its refusal should say. */
export function examine(name: string, bundle: Bundle, trust: readonly Trust[]): Evidence {
  const result = authenticate(bundle, trust);
  if (result.kind === "verified") return { kind: "trusted", name, verified: result.verified };
  return { kind: "refused", name, findings: result.findings, claim: readClaim(bundle) };
}

/** The algorithms that the subjects of trusted statements use, sha256 always: what an artifact must be hashed with. */
export function acceptableAlgorithms(evidence: readonly Evidence[]): readonly AcceptableAlgorithm[] {
  const used = new Set<string>(["sha256"]);
  for (const item of evidence) {
    if (item.kind === "refused") continue;
    for (const subject of item.verified.statement.subject) {
      for (const algorithm in subject.digest) used.add(algorithm);
    }
  }
  return ACCEPTABLE_ALGORITHMS.filter((algorithm) => used.has(algorithm));
}

/** By name, so that nothing in a report depends on the order in which evidence was found. */
export function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return compareText(left.name, right.name);
}

export function isProvenanceEvidence(item: TrustedEvidence): item is TrustedEvidence & ProvenanceEvidence {
  return item.verified.predicate !== null;
}
