import type { StatedSubject } from "@touchmark/core";
import type { ProvenanceFacts, SignerFacts, StatementFacts, SummaryFacts } from "@touchmark/policy";
import {
  type Beside,
  buildLevelOf,
  type Covering,
  type CoveringEvidence,
  levelOf,
  type Signer,
  shownSigner,
  standingOf,
  type TrustedEvidence,
} from "@touchmark/verify";
import { externalParameters } from "./external-parameters.ts";

/** Makes facts of statements, what does not depend on the subject once for each. */
export interface FactsReader {
  factsOf(one: Covering | Beside): StatementFacts;
}

/** @param whole - the statements were examined with their predicate's JSON, and it is wanted. */
export function factsReader(whole: boolean): FactsReader {
  const known = new WeakMap<CoveringEvidence | TrustedEvidence, Omit<StatementFacts, "subject">>();
  return {
    factsOf({ evidence, subject }) {
      const facts = known.get(evidence) ?? statementFacts(evidence, whole);
      known.set(evidence, facts);
      return { ...facts, subject: subjectFacts(subject) };
    },
  };
}

function subjectFacts({ name, digest }: StatedSubject): StatementFacts["subject"] {
  return { name: name ?? null, digest };
}

function statementFacts(evidence: CoveringEvidence | TrustedEvidence, whole: boolean): Omit<StatementFacts, "subject"> {
  const { statement, signer } = evidence.verified;
  return {
    evidence: evidence.name,
    predicateType: statement.predicateType,
    statement: whole ? statement : null,
    provenance: provenanceFacts(evidence, whole),
    summary: "summary" in evidence ? summaryFacts(evidence.summary) : null,
    signer: signerFacts(signer),
    times: signer.kind === "identity" ? signer.times.map((time) => time.getTime()) : null,
    standing: standingFacts(evidence),
  };
}

/** A certificate's word about the source is the platform's; both were compared where both are there. */
export function builtFrom({ predicate, signer }: CoveringEvidence["verified"]): ProvenanceFacts["source"] {
  const claims = signer.kind === "identity" ? signer.claims : null;
  const source = predicate?.source ?? null;
  return {
    repository: claims?.sourceRepository ?? source?.repository ?? null,
    ref: claims?.sourceRef ?? source?.ref ?? null,
    commit: claims?.sourceCommit ?? source?.commit ?? null,
  };
}

function provenanceFacts({ verified }: CoveringEvidence | TrustedEvidence, whole: boolean): ProvenanceFacts | null {
  const { statement, predicate } = verified;
  if (predicate === null) return null;
  const { builderId, buildType } = predicate;
  return {
    builderId,
    buildType,
    get externalParameters() {
      // None would say that there were none.
      if (!whole) throw new TypeError("parameters are wanted of statements that were examined without their predicate");
      return externalParameters(statement.predicateType, statement.predicate);
    },
    source: builtFrom(verified),
  };
}

function summaryFacts({
  verifierId,
  resourceUri,
  levels,
  timeVerified,
}: Extract<CoveringEvidence, { readonly summary: unknown }>["summary"]): SummaryFacts {
  return { verifierId, resourceUri, levels, timeVerified: timeVerified === null ? null : Date.parse(timeVerified) };
}

/** A verifier's word about the level counts in place of the builder's. */
function standingFacts(evidence: CoveringEvidence | TrustedEvidence): StatementFacts["standing"] {
  const standing = standingOf(evidence.verified.signer);
  const level = "summary" in evidence ? (buildLevelOf(evidence.summary) ?? 0) : levelOf(standing);
  return { entry: standing?.entry ?? null, level, operator: standing?.operator ?? null };
}

function signerFacts(signer: Signer): SignerFacts {
  const shown = shownSigner(signer);
  if (signer.kind !== "identity") {
    return {
      shown,
      keyDigest: signer.digest,
      issuer: null,
      identity: null,
      builderCommit: null,
      runner: null,
      trigger: null,
      sourceRepository: null,
      sourceRepositoryId: null,
      sourceOwnerId: null,
    };
  }
  const { claims, keyDigest, identity, issuer } = signer;
  return {
    shown,
    keyDigest,
    issuer,
    identity,
    builderCommit: claims.buildSignerCommit,
    runner: claims.runnerEnvironment,
    trigger: claims.trigger,
    sourceRepository: claims.sourceRepository,
    sourceRepositoryId: claims.sourceRepositoryId,
    sourceOwnerId: claims.sourceOwnerId,
  };
}
