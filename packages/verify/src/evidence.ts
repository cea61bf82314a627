import {
  ACCEPTABLE_ALGORITHMS,
  type AcceptableAlgorithm,
  type Bundle,
  compareText,
  isTouchmarkError,
  type Provenance,
  readVerificationSummary,
  type TouchmarkError,
  type VerificationSummary,
  VSA_V1,
} from "@touchmark/core";
import { authenticate } from "./authenticate.ts";
import { type Claim, readClaim } from "./claim.ts";
import { type Denials, NOTHING_DENIED } from "./deny/denials.ts";
import { type Finding, findingOf } from "./finding.ts";
import type { Piece, StatementPiece } from "./formats/piece.ts";
import { type SignatureEvidence, signatureEvidence } from "./signature-evidence.ts";
import { summaryRefusal } from "./summary/accept-summary.ts";
import type { SummaryTrust } from "./summary/summary-trust.ts";
import type { Trust } from "./trust.ts";
import { briefly, type Verified } from "./verified.ts";

/** A piece of evidence, after its signature was checked. */
export type Evidence = TrustedEvidence | SummaryEvidence | DeniedEvidence | RefusedEvidence | SignatureEvidence;

export interface TrustedEvidence {
  readonly kind: "trusted";
  readonly name: string;
  /** Without the predicate's JSON. */
  readonly verified: Verified<Provenance | null>;
}

/** A verification summary by a trusted verifier that says all that was asked of it. It covers artifacts, as provenance does. */
export interface SummaryEvidence {
  readonly kind: "summary";
  readonly name: string;
  readonly verified: Verified<Provenance | null>;
  readonly summary: VerificationSummary;
}

/** Evidence by somebody trusted that a deny list takes back: it covers nothing, and still says what belongs to a release. */
export interface DeniedEvidence {
  readonly kind: "denied";
  readonly name: string;
  readonly verified: Verified<Provenance | null>;
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
  readonly verified: Verified<Provenance>;
}

/** By whom evidence is believed, and what of it is not used all the same. */
export interface ExamineOptions {
  readonly trust: readonly Trust[];
  /** Verifiers whose summaries are accepted instead of provenance; none when absent. */
  readonly verifiers?: readonly SummaryTrust[];
  readonly denials?: Denials;
}

/** Authenticates a piece and keeps what its refusal should say. */
export function examine(name: string, piece: Piece, options: ExamineOptions): Evidence {
  return piece.kind === "signature" ? signatureEvidence(name, piece.signature) : examineStatement(name, piece, options);
}

function examineStatement(
  name: string,
  { bundle }: StatementPiece,
  { trust, verifiers = [], denials = NOTHING_DENIED }: ExamineOptions,
): Evidence {
  // What it claims to be only chooses who must have signed it: a verifier's key signs no provenance, and the other way round.
  if (verifiers.length > 0 && readClaim(bundle)?.statement.predicateType === VSA_V1) {
    return examineSummary(name, bundle, verifiers, denials);
  }
  const result = authenticate(bundle, trust);
  if (result.kind === "refused") return refused(name, bundle, result.findings);
  const verified = briefly(result.verified);
  const denied = denials.statement(verified);
  return denied === null ? { kind: "trusted", name, verified } : { kind: "denied", name, verified, findings: [denied] };
}

/** By the first verifier that may say this; of the refusals, one of a verifier who did sign it. */
function examineSummary(
  name: string,
  bundle: Bundle,
  verifiers: readonly SummaryTrust[],
  denials: Denials,
): SummaryEvidence | DeniedEvidence | RefusedEvidence {
  let [unsigned, unfit]: (readonly Finding[] | null)[] = [null, null];
  for (const verifier of verifiers) {
    const result = authenticate(bundle, [verifier.signer]);
    if (result.kind === "refused") {
      unsigned ??= result.findings;
      continue;
    }
    const { verified } = result;
    const summary = attempt(() => readVerificationSummary(verified.statement));
    if (isTouchmarkError(summary)) return refused(name, bundle, [findingOf(summary)]);
    if (summary === null) throw new TypeError("a summary was signed that is none");
    const reason = summaryRefusal(summary, verifier);
    if (reason !== null) {
      unfit ??= [reason];
      continue;
    }
    const denied = denials.statement(verified);
    const brief = briefly(verified);
    return denied === null
      ? { kind: "summary", name, verified: brief, summary }
      : { kind: "denied", name, verified: brief, findings: [denied] };
  }
  return refused(name, bundle, unfit ?? unsigned ?? []);
}

function refused(name: string, bundle: Bundle, findings: readonly Finding[]): RefusedEvidence {
  return { kind: "refused", name, findings, claim: briefClaim(bundle) };
}

/** What is mentioned, without the predicate's JSON. */
function briefClaim(bundle: Bundle): Claim | null {
  const claim = readClaim(bundle);
  return claim === null ? null : { ...claim, statement: { ...claim.statement, predicate: null } };
}

function attempt<T>(read: () => T): T | TouchmarkError {
  try {
    return read();
  } catch (error) {
    if (isTouchmarkError(error)) return error;
    throw error;
  }
}

/** The algorithms that the subjects of trusted statements and denials use, sha256 always: what an artifact is hashed with. */
export function acceptableAlgorithms(
  evidence: readonly Evidence[],
  denials: Denials = NOTHING_DENIED,
): readonly AcceptableAlgorithm[] {
  const used = new Set<string>(["sha256", ...denials.algorithms]);
  for (const item of evidence) {
    if (item.kind === "refused" || item.kind === "signature") continue;
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

export function isProvenanceEvidence<E extends TrustedEvidence | DeniedEvidence>(
  item: E,
): item is E & ProvenanceEvidence {
  return item.verified.predicate !== null;
}
