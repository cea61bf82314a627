import { compareText } from "@touchmark/core";
import type { Artifact, CoveringStatement } from "./artifact.ts";
import type { Denials } from "./deny/denials.ts";
import type { ProvenanceEvidence } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import { fulfilled } from "./fulfilled.ts";
import { MAX_LISTED_STATEMENTS } from "./limits.ts";
import type { PackageName } from "./match-name.ts";
import type { Signer } from "./signer.ts";
import type { SortedEvidence } from "./sorted-evidence.ts";

/** What vouches for an artifact. */
export interface Cover {
  readonly statements: readonly CoveringStatement[];
  /** Why a statement that would cover the artifact does not. */
  readonly denied: Finding | null;
}

/** The trusted statements that cover an artifact, without those that are denied. */
export function coverOf(
  artifact: Artifact,
  { stated, denied }: SortedEvidence,
  denials: Denials,
  options: { readonly anyName: boolean; readonly packageName: PackageName },
): Cover {
  const sources = new Set<ProvenanceEvidence>();
  let reason: Finding | null = null;
  for (const { source, subject } of fulfilled(artifact, stated, options)) {
    const why = denied.get(source) ?? denials.subject(source.verified, subject.digest, artifact);
    if (why !== null) reason ??= { ...why, message: `${source.name}, which covers ${artifact.name}: ${why.message}` };
    else sources.add(source);
    if (sources.size === MAX_LISTED_STATEMENTS) break;
  }
  const statements = [...sources].sort((left, right) => compareText(left.name, right.name)).map(described);
  return { statements, denied: reason };
}

/** One object for each statement, however many artifacts it covers. */
function described(source: ProvenanceEvidence): CoveringStatement {
  const known = DESCRIPTIONS.get(source);
  if (known !== undefined) return known;
  const made = describe(source);
  DESCRIPTIONS.set(source, made);
  return made;
}

const DESCRIPTIONS = new WeakMap<ProvenanceEvidence, CoveringStatement>();

function describe({ name, verified }: ProvenanceEvidence): CoveringStatement {
  const { statement, predicate, signer } = verified;
  return {
    bundle: name,
    predicateType: statement.predicateType,
    signer: shownSigner(signer),
    issuer: signer.kind === "identity" ? signer.issuer : null,
    signedAt: signer.kind === "identity" ? signer.signedAt : null,
    builder: predicate.builderId,
    source: predicate.source?.repository ?? null,
    ref: predicate.source?.ref ?? null,
    commit: predicate.source?.commit ?? null,
    // slsa.dev/spec/v1.2/build-track-basics: provenance exists, L1. More needs a trust list that names the builder.
    level: 1,
  };
}

function shownSigner(signer: Signer): string {
  switch (signer.kind) {
    case "key":
      return `key:sha256:${signer.digest}`;
    case "identity":
      return `identity:${signer.identity}`;
    case "cloud-build":
      return `cloud-build:${signer.keyId}`;
  }
}
