import { compareText, isTouchmarkError } from "@touchmark/core";
import type { Artifact, CoveringStatement, FileArtifact, Verdict } from "./artifact.ts";
import { byName, type Evidence, isProvenanceEvidence, type ProvenanceEvidence } from "./evidence.ts";
import { explain, type Sayings } from "./explain.ts";
import { fulfilled } from "./fulfilled.ts";
import { MAX_LISTED_STATEMENTS } from "./limits.ts";
import { needsPackageName, type PackageName } from "./match-name.ts";
import { type Absence, watchPresence } from "./presence.ts";
import { indexSubjects } from "./subject-index.ts";

export interface JudgeOptions {
  /** Also accept the bytes of a subject under another name. */
  readonly anyName: boolean;
}

export interface Judgement {
  /** In the order of the artifacts. */
  readonly verdicts: readonly Verdict[];
  readonly absent: Absence;
}

/**
 * Says for each artifact what holds. An artifact is verified when one subject of one trusted provenance statement has
 * its name and its digests; all other evidence only words the refusal. So, of the verdicts: taking evidence away never
 * makes one better, adding untrusted evidence never makes one worse, and no order matters.
 *
 * @param evidence - authenticated; names are unique.
 */
export async function judge(
  artifacts: readonly Artifact[],
  evidence: readonly Evidence[],
  options: JudgeOptions,
): Promise<Judgement> {
  const sayings = sort(evidence);
  const presence = watchPresence(sayings.provenance, options);
  const verdicts: Verdict[] = [];
  for (const artifact of artifacts) {
    const asked = artifact.kind === "file" && !options.anyName && needsPackageName(artifact, sayings.provenance);
    const packageName = asked ? await packageNameOf(artifact) : null;
    const statements = covering(artifact, sayings, { ...options, packageName });
    if (statements.length > 0) presence.note(artifact, packageName);
    if (artifact.kind === "image" && artifact.obstacle !== null) {
      verdicts.push({ ...artifact.obstacle, statements: [] });
    } else if (statements.length > 0) {
      verdicts.push({ status: "verified", statements, findings: [] });
    } else if (mayBeSetAside(artifact, sayings)) {
      verdicts.push({ status: "evidence", statements: [], findings: [] });
    } else {
      const known = asked || artifact.kind !== "file" ? packageName : await packageNameOf(artifact);
      const verdict = explain(artifact, sayings, known);
      if (verdict.status === "tampered") presence.noteTampered(artifact, known);
      verdicts.push(verdict);
    }
  }
  return { verdicts, absent: presence.absence() };
}

function sort(evidence: readonly Evidence[]): Sayings {
  const sorted = [...evidence].sort(byName);
  const trusted = sorted.filter((item) => item.kind === "trusted");
  const subjectsOf = (item: (typeof trusted)[number]) => item.verified.statement.subject;
  return {
    provenance: indexSubjects(
      trusted.filter(isProvenanceEvidence).map((source) => ({ source, subjects: subjectsOf(source) })),
    ),
    other: indexSubjects(
      trusted.filter((item) => !isProvenanceEvidence(item)).map((source) => ({ source, subjects: subjectsOf(source) })),
    ),
    refused: indexSubjects(
      sorted
        .filter((item) => item.kind === "refused")
        .map((source) => ({ source, subjects: source.claim?.statement.subject ?? [] })),
    ),
  };
}

/**
 * Evidence needs no statement about itself, unless trusted provenance states a file at this very path: then it is an
 * artifact of the release, and somebody put other bytes in its place. Only the exact path counts: a base name somewhere
 * else would let a stranger's file turn a pass into a fail.
 */
function mayBeSetAside(artifact: Artifact, { provenance }: Sayings): boolean {
  return (
    artifact.kind === "file" && artifact.looksLikeEvidence === true && provenance.byName(artifact.name).length === 0
  );
}

/** A package that cannot be read has no name; whether its bytes are the stated ones is seen without it. */
async function packageNameOf(artifact: FileArtifact): Promise<PackageName> {
  try {
    return (await artifact.identify?.()) ?? null;
  } catch (error) {
    if (isTouchmarkError(error) && error.code === "PACKAGE_UNREADABLE") return null;
    throw error;
  }
}

function covering(
  artifact: Artifact,
  sayings: Sayings,
  options: { readonly anyName: boolean; readonly packageName: PackageName },
): readonly CoveringStatement[] {
  const sources = new Set<ProvenanceEvidence>();
  for (const { source } of fulfilled(artifact, sayings.provenance, options)) {
    sources.add(source);
    if (sources.size === MAX_LISTED_STATEMENTS) break;
  }
  return [...sources].sort((left, right) => compareText(left.name, right.name)).map(described);
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
    signer: signer.kind === "key" ? `key:sha256:${signer.digest}` : `identity:${signer.identity}`,
    issuer: signer.kind === "key" ? null : signer.issuer,
    signedAt: signer.kind === "key" ? null : signer.signedAt,
    builder: predicate.builderId,
    source: predicate.source?.repository ?? null,
    ref: predicate.source?.ref ?? null,
    commit: predicate.source?.commit ?? null,
    // slsa.dev/spec/v1.2/build-track-basics: provenance exists, L1. More needs a trust list that names the builder.
    level: 1,
  };
}
