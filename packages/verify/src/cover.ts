import { compareText, type Finding, finding, type StatedSubject } from "@touchmark/core";
import type { Artifact, CoveringStatement } from "./artifact.ts";
import type { Denials } from "./deny/denials.ts";
import type { ProvenanceEvidence, SummaryEvidence } from "./evidence.ts";
import { fulfilled } from "./fulfilled.ts";
import { MAX_LISTED_STATEMENTS } from "./limits.ts";
import type { PackageName } from "./match-name.ts";
import { packageKey } from "./package-purl.ts";
import { shownSigner } from "./signer.ts";
import type { SortedEvidence } from "./sorted-evidence.ts";
import type { Entry } from "./subject-index.ts";
import { buildLevelOf } from "./summary/accept-summary.ts";

/** What vouches for an artifact. */
export interface Cover {
  readonly statements: readonly CoveringStatement[];
  /** Why a statement that would cover the artifact does not. */
  readonly denied: Finding | null;
  /** What covers it, and is another package than the user asked for. */
  readonly otherPackage: Finding | null;
}

type Covering = ProvenanceEvidence | SummaryEvidence;

/** The trusted statements that cover an artifact, without those that are denied. */
export function coverOf(
  artifact: Artifact,
  { stated, summaries, denied }: SortedEvidence,
  denials: Denials,
  options: { readonly anyName: boolean; readonly packageName: PackageName; readonly expectedPackage: string | null },
): Cover {
  const { expectedPackage: expected, packageName } = options;
  const sources = new Set<Covering>();
  let reason: Finding | null = null;
  let otherPackage: Finding | null = null;
  const take = (entries: Iterable<Entry<Covering>>, whyNot: (source: Covering) => Finding | null) => {
    for (const { source, subject } of entries) {
      if (sources.size === MAX_LISTED_STATEMENTS) return;
      const why = whyNot(source) ?? denials.subject(source.verified, subject.digest, artifact);
      const is = packageOf(subject, packageName);
      if (expected !== null && is !== packageKey(expected)) otherPackage ??= isOther(artifact, expected, is);
      else if (why === null) sources.add(source);
      else reason ??= { ...why, message: `${source.name}, which covers ${artifact.name}: ${why.message}` };
    }
  };
  take(fulfilled(artifact, stated, options), (source) => denied.get(source as ProvenanceEvidence) ?? null);
  // Few have summaries, and 100,000 files may be looked up here.
  if (summaries.named.entries.length > 0) take(fulfilled(artifact, summaries.named, options), () => null);
  if (summaries.nameless.entries.length > 0)
    take(fulfilled(artifact, summaries.nameless, { anyName: true, packageName }), () => null);
  const statements = [...sources].sort((left, right) => compareText(left.name, right.name)).map(described);
  return { statements, denied: reason, otherPackage };
}

/** Which package is meant: as the subject says; where that is a file's name, as the file's content says. */
function packageOf({ name = "" }: StatedSubject, packageName: PackageName): string | null {
  return packageKey(name) ?? (packageName === null ? null : packageKey(packageName));
}

function isOther({ name }: Artifact, expected: string, actual: string | null): Finding {
  return finding("PACKAGE_MISMATCH", `${name} is sound, and not the package that you asked for`, {
    expected,
    actual: actual === null ? "no package by its statement or its content" : `pkg:${actual}`,
  });
}

/** One object for each statement, however many artifacts it covers. */
function described(source: Covering): CoveringStatement {
  const known = DESCRIPTIONS.get(source);
  if (known !== undefined) return known;
  const made = describe(source);
  DESCRIPTIONS.set(source, made);
  return made;
}

const DESCRIPTIONS = new WeakMap<Covering, CoveringStatement>();

function describe(source: Covering): CoveringStatement {
  const { statement, predicate, signer } = source.verified;
  const summary = "summary" in source ? source.summary : null;
  const published = "published" in source ? source.published : null;
  return {
    bundle: source.name,
    predicateType: statement.predicateType,
    signer: shownSigner(signer),
    issuer: signer.kind === "identity" ? signer.issuer : null,
    signedAt: signer.kind === "identity" ? signer.signedAt : null,
    builder: predicate?.builderId ?? null,
    source: predicate?.source?.repository ?? null,
    ref: predicate?.source?.ref ?? null,
    commit: predicate?.source?.commit ?? null,
    // slsa.dev/spec/v1.2/build-track-basics: provenance exists, L1. More needs a trust list that names the builder.
    level: summary === null ? 1 : buildLevelOf(summary),
    summary:
      summary === null
        ? null
        : {
            verifier: summary.verifierId,
            resource: summary.resourceUri,
            timeVerified: summary.timeVerified,
            levels: [...summary.levels],
          },
    published:
      published === null
        ? null
        : {
            registry: published.registry,
            name: published.name,
            version: published.version,
            keyId: published.keyId,
            key: `sha256:${published.keyDigest}`,
            signedAt: published.signedAt,
          },
  };
}
