import {
  type Bundle,
  type Finding,
  findingOf,
  isReleaseList,
  isTouchmarkError,
  isTreeAlgorithm,
  type Provenance,
  type StatedStatement,
  type StatedSubject,
  VSA_V1,
} from "@touchmark/core";
import { authenticate } from "./authenticate.ts";
import { authenticateEnvelope } from "./authenticate-envelope.ts";
import { type Claim, readClaim } from "./claim.ts";
import type { Denials } from "./deny/denials.ts";
import { NOTHING_DENIED } from "./deny/nothing-denied.ts";
import type { Evidence, RefusedEvidence } from "./evidence.ts";
import type { LoggedBundles } from "./formats/logged-bundles.ts";
import type { Piece, RegistryWord, StatementPiece } from "./formats/piece.ts";
import { checkPublished, type Published } from "./npm/check-published.ts";
import type { NpmKeys } from "./npm/npm-keys.ts";
import { publishedOnly, signatureEvidence } from "./signature-evidence.ts";
import type { SourcesByPolicy } from "./sources-by-policy.ts";
import { acceptSummary } from "./summary/accept-summary.ts";
import type { SummaryTrust } from "./summary/summary-trust.ts";
import { tracedFinding } from "./trace/trace.ts";
import type { TraceBook } from "./trace/trace-book.ts";
import type { Trust } from "./trust.ts";
import { briefly, type Verified } from "./verified.ts";

/** By whom evidence is believed, and what of it is not used all the same. */
export interface ExamineOptions {
  readonly trust: readonly Trust[];
  /** Verifiers whose summaries are accepted instead of provenance; none when absent. */
  readonly verifiers?: readonly SummaryTrust[];
  readonly denials?: Denials;
  /** Keep the predicate's JSON of trusted statements, for expectations that look into it. Absent: it is dropped. */
  readonly wholeStatements?: boolean;
  /** The keys of npm's registry. Absent: its word is not believed, and no document of it counts. */
  readonly npmKeys?: NpmKeys;
  /** Log entries for envelopes that came without theirs. Absent: there are none. */
  readonly entries?: LoggedBundles;
  /** Notes what is checked. Absent: nobody wants to know. */
  readonly trace?: TraceBook;
  /**
   * A policy compares the source of everything that is trusted without one, and expects these: then trust may leave it to the
   * policy. Absent: such trust believes nothing.
   */
  readonly sourcesByPolicy?: SourcesByPolicy;
}

/** Authenticates a piece and keeps what its refusal should say. */
export function examine(name: string, piece: Piece, options: ExamineOptions): Evidence {
  if (piece.kind === "signature") return signatureEvidence(name, piece.signature);
  const { bundle, cloudBuild, registry } = piece;
  if (registry?.kind === "alone") return publishedOnly(name, bundle);
  const { verifiers = [] } = options;
  // What it claims to be only chooses who must have signed it: a verifier's key signs no provenance, and the other way round.
  // No registry and no build service vouches for a summary.
  const mayBeSummary = registry === undefined && cloudBuild === undefined && verifiers.length > 0;
  const isSummary = mayBeSummary && readClaim(bundle)?.statement.predicateType === VSA_V1;
  return isSummary ? examineSummary(name, bundle, verifiers, options) : examineStatement(name, piece, options);
}

function examineStatement(name: string, piece: StatementPiece, options: ExamineOptions): Evidence {
  const { bundle, cloudBuild = null, registry, unlogged } = piece;
  const { trust, denials = NOTHING_DENIED, entries = null, sourcesByPolicy = null, wholeStatements = false } = options;
  const trace = options.trace?.piece(name) ?? null;
  const result =
    unlogged === undefined
      ? authenticate(bundle, trust, cloudBuild, sourcesByPolicy, trace)
      : authenticateEnvelope(bundle, trust, entries, sourcesByPolicy, trace);
  if (result.kind === "refused") return refused(name, bundle, result.findings);
  const { verified } = result;
  const published = registry === undefined ? null : publishedOf(verified, registry, options.npmKeys ?? null);
  if (published !== null) tracedFinding(trace, "publisher", published);
  if (published !== null && "code" in published) return refused(name, bundle, [published]);
  const list = isReleaseList(verified.statement) ? verified.statement : null;
  const denied = denials.statement(verified);
  tracedFinding(trace, "denials", denied);
  const brief = wholeStatements ? verified : briefly(verified);
  return denied === null
    ? { kind: "trusted", name, verified: brief, published, list }
    : { kind: "denied", name, verified: brief, published, findings: [denied] };
}

function publishedOf(
  { statement, signer }: Verified<Provenance | null>,
  registry: RegistryWord,
  keys: NpmKeys | null,
): Published | Finding {
  try {
    return checkPublished(statement, signer, registry, keys);
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return findingOf(error);
  }
}

/** By the first verifier that may say this; of the refusals, one of a verifier who did sign it. */
function examineSummary(
  name: string,
  bundle: Bundle,
  verifiers: readonly SummaryTrust[],
  { denials = NOTHING_DENIED, wholeStatements = false, trace: book }: ExamineOptions,
): Evidence {
  const trace = book?.piece(name) ?? null;
  let [unsigned, unfit]: (readonly Finding[] | null)[] = [null, null];
  for (const verifier of verifiers) {
    const result = authenticate(bundle, [verifier.signer], null, null, trace);
    if (result.kind === "refused") {
      unsigned ??= result.findings;
      continue;
    }
    const { verified } = result;
    const summary = acceptSummary(verified.statement, verifier);
    tracedFinding(trace, "summary", summary);
    if ("code" in summary) {
      unfit ??= [summary];
      continue;
    }
    const denied = denials.statement(verified);
    tracedFinding(trace, "denials", denied);
    const brief = wholeStatements ? verified : briefly(verified);
    return denied === null
      ? { kind: "summary", name, verified: brief, summary, resourceAsked: verifier.resourceUri !== null }
      : { kind: "denied", name, verified: brief, published: null, findings: [denied] };
  }
  return refused(name, bundle, unfit ?? unsigned ?? []);
}

function refused(name: string, bundle: Bundle, findings: readonly Finding[]): RefusedEvidence {
  const claim = readClaim(bundle);
  return { kind: "refused", name, findings, claim: claim === null ? null : mentioning(claim) };
}

/** What is mentioned, and nothing else that anybody may have written at any length: once, of a statement that many signed. */
function mentioning({ statement, ...claim }: Claim): Claim {
  const brief = BRIEF.get(statement) ?? { ...statement, subject: statement.subject.map(mentioned), predicate: null };
  BRIEF.set(statement, brief);
  return { ...claim, statement: brief };
}

const BRIEF = new WeakMap<StatedStatement, StatedStatement>();

function mentioned(subject: StatedSubject): StatedSubject {
  const { name, uri, digest } = subject;
  if (uri === undefined && Object.keys(subject).length === 2 && Object.keys(digest).length === 1) return subject;
  const known = Object.fromEntries(Object.entries(digest).filter(([algorithm]) => isTreeAlgorithm(algorithm)));
  return { digest: known, ...(name === undefined ? {} : { name }), ...(uri === undefined ? {} : { uri }) };
}
