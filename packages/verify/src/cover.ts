import { compareText, type Finding, finding, type StatedSubject } from "@touchmark/core";
import type { Artifact, BesideStatement, CoveringStatement } from "./artifact.ts";
import type { Denials } from "./deny/denials.ts";
import type { ProvenanceEvidence } from "./evidence.ts";
import type { Beside, Covering, CoveringEvidence, Expectation } from "./expectation.ts";
import { fulfilled } from "./fulfilled.ts";
import { MAX_LISTED_STATEMENTS } from "./limits.ts";
import type { PackageName } from "./match-name.ts";
import { packageKey } from "./package-purl.ts";
import type { Against } from "./refusals.ts";
import { shownSigner } from "./signer.ts";
import type { SortedEvidence } from "./sorted-evidence.ts";
import { levelOf, standingOf } from "./standing-of.ts";
import { statementsBeside } from "./statements-beside.ts";
import type { Entry } from "./subject-index.ts";
import { buildLevelOf } from "./summary/accept-summary.ts";

/** What vouches for an artifact. */
export interface Cover {
  /** What covers it and is as expected. */
  readonly statements: readonly CoveringStatement[];
  /** What else was looked at, where something is expected of all together. */
  readonly beside: readonly BesideStatement[];
  /** Why what covers it is not enough; null where it is, and where nothing covers it. */
  readonly unexpected: Unexpected | null;
  /** Why a statement that would cover the artifact does not. */
  readonly denied: Finding | null;
  /** What covers it, and is another package than the user asked for. */
  readonly otherPackage: Finding | null;
  /** What covers it and does not count, each with its own reasons; without any where all together lack something. */
  readonly against: Against;
}

/** A trusted statement covers the artifact, and something that is expected of it is not so. */
interface Unexpected {
  readonly statements: readonly CoveringStatement[];
  /** At least one. */
  readonly findings: readonly Finding[];
}

export interface CoverOptions {
  readonly anyName: boolean;
  readonly packageName: PackageName;
  /** Purls, each of which the artifact must be. */
  readonly expectedPackages: readonly string[];
  /** Null: nothing is expected beside trust. */
  readonly expectation: Expectation | null;
}

/** The trusted statements that cover an artifact, without those that are denied or not as expected. */
export function coverOf(
  artifact: Artifact,
  { stated, summaries, denied, other }: SortedEvidence,
  denials: Denials,
  options: CoverOptions,
): Cover {
  const { expectedPackages, packageName, expectation } = options;
  const sources = new Map<CoveringEvidence, Covering>();
  let nearest: Refused | null = null;
  let reason: Finding | null = null;
  let otherPackage: Finding | null = null;
  const against = new Map<CoveringEvidence, readonly Finding[]>();
  const refuse = (source: CoveringEvidence, findings: readonly Finding[]) => {
    // A statement may have several subjects that the artifact is: one that counts is enough.
    if (!sources.has(source) && !against.has(source)) against.set(source, findings);
  };
  const take = (entries: Iterable<Entry<CoveringEvidence>>, whyNot: (source: CoveringEvidence) => Finding | null) => {
    for (const { source, subject } of entries) {
      // What is expected of all together may be in any of them; who is trusted made each of them.
      if (expectation === null && sources.size === MAX_LISTED_STATEMENTS) return;
      const why = whyNot(source) ?? denials.subject(source.verified, subject.digest, artifact);
      const is = packageOf(subject, packageName);
      const expected = expectedPackages.find((purl) => is !== packageKey(purl));
      if (expected !== undefined) {
        const other = isOther(artifact, expected, is);
        otherPackage ??= other;
        refuse(source, [other]);
      } else if (why !== null) {
        reason ??= about(source, artifact, why);
        refuse(source, [why]);
      } else if (!sources.has(source)) {
        const covering = { evidence: source, subject };
        const findings = expectation?.statement(covering) ?? [];
        if (findings.length === 0) {
          sources.set(source, covering);
          against.delete(source);
        } else {
          nearest = nearer(nearest, { source, findings });
          refuse(source, findings);
        }
      }
    }
  };
  const anyName = options.anyName || expectation?.anyName === true;
  const naming = { anyName, packageName };
  take(fulfilled(artifact, stated, naming), (source) => denied.get(source as ProvenanceEvidence) ?? null);
  // Few have summaries, and 100,000 files may be looked up here.
  if (summaries.named.entries.length > 0) take(fulfilled(artifact, summaries.named, naming), () => null);
  if (summaries.nameless.entries.length > 0)
    take(fulfilled(artifact, summaries.nameless, { anyName: true, packageName }), () => null);
  const satisfying = [...sources.values()].sort((left, right) => compareText(left.evidence.name, right.evidence.name));
  const statements = satisfying.slice(0, MAX_LISTED_STATEMENTS).map(({ evidence }) => described(evidence));
  const beside = expectation === null || satisfying.length === 0 ? null : statementsBeside(artifact, other, denials);
  const lacking = beside === null ? [] : (expectation?.whole(satisfying, beside) ?? []);
  if (lacking.length > 0) {
    for (const { evidence } of satisfying) against.set(evidence, []);
    const findings = lacking.map((why) => ({ ...why, message: `${artifact.name}: ${why.message}` }));
    return { statements: [], beside: [], unexpected: { statements, findings }, denied: reason, otherPackage, against };
  }
  const unexpected = statements.length > 0 ? null : unexpectedOf(nearest, artifact);
  return { statements, beside: (beside ?? []).map(named), unexpected, denied: reason, otherPackage, against };
}

function named({ evidence: { name, digest, verified } }: Beside): BesideStatement {
  return { bundle: name, digest: shownDigest(digest), predicateType: verified.statement.predicateType };
}

function shownDigest(digest: string | undefined): string | null {
  return digest === undefined ? null : `sha256:${digest}`;
}

interface Refused {
  readonly source: CoveringEvidence;
  readonly findings: readonly Finding[];
}

/** The one of which less is wrong; of two alike the one whose evidence comes first by name, so that no order matters. */
function nearer(one: Refused | null, other: Refused): Refused {
  if (one === null) return other;
  const order =
    one.findings.length - other.findings.length ||
    compareText(one.source.name, other.source.name) ||
    compareText(JSON.stringify(one.findings), JSON.stringify(other.findings));
  return order <= 0 ? one : other;
}

function unexpectedOf(nearest: Refused | null, artifact: Artifact): Unexpected | null {
  const [first] = nearest?.findings ?? [];
  if (nearest === null || first === undefined) return null;
  const { source } = nearest;
  return { statements: [described(source)], findings: [about(source, artifact, first)] };
}

function about(source: CoveringEvidence, artifact: Artifact, why: Finding): Finding {
  return { ...why, message: `${source.name}, which covers ${artifact.name}: ${why.message}` };
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
function described(source: CoveringEvidence): CoveringStatement {
  const known = DESCRIPTIONS.get(source);
  if (known !== undefined) return known;
  const made = describe(source);
  DESCRIPTIONS.set(source, made);
  return made;
}

const DESCRIPTIONS = new WeakMap<CoveringEvidence, CoveringStatement>();

function describe(source: CoveringEvidence): CoveringStatement {
  const { statement, predicate, signer } = source.verified;
  const summary = "summary" in source ? source.summary : null;
  const published = "published" in source ? source.published : null;
  const standing = standingOf(signer);
  return {
    bundle: source.name,
    digest: shownDigest(source.digest),
    predicateType: statement.predicateType,
    signer: shownSigner(signer),
    issuer: signer.kind === "identity" ? signer.issuer : null,
    signedAt: signer.kind === "identity" ? signer.signedAt : null,
    builder: predicate?.builderId ?? null,
    source: predicate?.source?.repository ?? null,
    ref: predicate?.source?.ref ?? null,
    commit: predicate?.source?.commit ?? null,
    level: summary === null ? levelOf(standing) : buildLevelOf(summary),
    entry: standing?.entry ?? null,
    operator: standing?.operator ?? null,
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
