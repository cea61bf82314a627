import { type Code, EXIT_BY_CODE, type Finding, finding, isTreeAlgorithm } from "@touchmark/core";
import type { Artifact, FileArtifact, ImageArtifact, Verdict } from "./artifact.ts";
import { contradiction } from "./contradiction.ts";
import type {
  DeniedEvidence,
  ProvenanceEvidence,
  RefusedEvidence,
  SummaryEvidence,
  TrustedEvidence,
} from "./evidence.ts";
import { otherImage, otherSummary } from "./explain-image.ts";
import { digestsOf, mentions, type PackageName } from "./match-name.ts";
import { failed, take } from "./refusal.ts";
import type { SignatureEvidence } from "./signature-evidence.ts";
import type { Entry, SubjectIndex } from "./subject-index.ts";

/** Everything that evidence says, by who says it. */
export interface Sayings {
  /** What covers. */
  readonly provenance: SubjectIndex<ProvenanceEvidence>;
  /** Accepted summaries. What one calls an artifact counts as in provenance; where it gives no name, its resource is the name. */
  readonly summaries: {
    readonly named: SubjectIndex<SummaryEvidence>;
    readonly nameless: SubjectIndex<SummaryEvidence>;
  };
  /** Trusted statements of another kind: an SBOM, a test result. */
  readonly other: SubjectIndex<TrustedEvidence>;
  readonly refused: SubjectIndex<Uncounted>;
}

/** Evidence that covers nothing, whoever made it. */
export type Uncounted = RefusedEvidence | DeniedEvidence | SignatureEvidence;

/**
 * Why an artifact is not verified; the strongest reason only: what trusted provenance says about its name or its bytes,
 * then what other trusted statements say, then untrusted ones.
 */
export function explain(artifact: Artifact, sayings: Sayings, packageName: PackageName): Verdict {
  if (artifact.kind === "digest" && !isTreeAlgorithm(artifact.algorithm)) {
    return failed(
      "not-covered",
      finding("DIGEST_UNACCEPTABLE", `${artifact.algorithm} does not prove which bytes were meant`, {
        expected: "sha256, sha384, sha512 or a digest as strong",
        actual: artifact.algorithm,
      }),
    );
  }
  const verdict =
    contradicted(artifact, sayings, packageName) ??
    (artifact.kind === "image" ? otherSummary(artifact, sayings.summaries) : null) ??
    onlyOther(artifact, sayings.other, packageName) ??
    untrusted(artifact, sayings.refused, packageName) ??
    failed(
      "not-covered",
      finding("NOT_COVERED", `no trusted statement mentions ${artifact.name}`, {
        expected: "provenance, signed by somebody trusted, with this digest among its subjects",
        actual: artifact.kind === "digest" ? artifact.name : (digestsOf(artifact)[0] ?? null),
      }),
    );
  return "gaps" in artifact ? withGaps(artifact, verdict) : verdict;
}

/** What trusted provenance says against an artifact that it does not cover. */
export function contradicted(
  artifact: Artifact,
  { provenance }: Pick<Sayings, "provenance">,
  packageName: PackageName,
): Verdict | null {
  switch (artifact.kind) {
    case "digest":
      return null;
    case "image":
      return otherImage(artifact, provenance);
    case "file":
    case "tree":
      return contradiction(artifact, provenance, packageName);
  }
}

/** Nobody can say that evidence is missing who could not ask for it; what is known to be wrong stays wrong. */
function withGaps({ gaps = [] }: FileArtifact | ImageArtifact, verdict: Verdict): Verdict {
  if (gaps.length === 0) return verdict;
  const outside = gaps.some(({ code }) => EXIT_BY_CODE[code] === 3);
  const status = outside && verdict.status !== "tampered" ? "unknown" : verdict.status;
  return { ...verdict, status, findings: [...verdict.findings, ...gaps] };
}

function onlyOther(artifact: Artifact, other: SubjectIndex<TrustedEvidence>, packageName: PackageName): Verdict | null {
  const entry = mention(artifact, other, packageName);
  return entry === null ? null : failed("not-covered", notProvenance(artifact, entry.source));
}

/** Why a trusted statement of another kind covers nothing. */
export function notProvenance(artifact: Artifact, { name, verified }: TrustedEvidence): Finding {
  const { predicateType } = verified.statement;
  return finding("NOT_PROVENANCE", `${name} ${saidOf(artifact, predicateType)}, but does not say where it came from`, {
    expected: "SLSA provenance",
    actual: predicateType,
  });
}

/** PyPI's attestation has no predicate: all that it says is its type. Source: https://docs.pypi.org/attestations/publish/v1/ */
function saidOf({ name }: Artifact, predicateType: string): string {
  return predicateType === "https://docs.pypi.org/attestations/publish/v1"
    ? `says that ${name} was uploaded to PyPI by its signer`
    : `mentions ${name}`;
}

/** Refusals that are about the signer; the others are about what a trusted signer wrote. */
const ABOUT_SIGNER: readonly Code[] = [
  "BUILDER_MISMATCH",
  "BUILDER_REF_UNKNOWN",
  "BUILDER_UNSET",
  "CERTIFICATE_INVALID",
  "CERTIFICATE_MISMATCH",
  "IDENTITY_MISMATCH",
  "LOG_ENTRY_INVALID",
  "LOG_ENTRY_MISSING",
  "SIGNATURE_INVALID",
  "SIGNER_UNTRUSTED",
  "SOURCE_MISMATCH",
  "SOURCE_UNSET",
  "TIMESTAMP_INVALID",
  "TIME_MISMATCH",
  "TIME_UNPROVEN",
];

function untrusted(artifact: Artifact, refused: Sayings["refused"], packageName: PackageName): Verdict | null {
  const evidence = mention(artifact, refused, packageName)?.source;
  const [first] = evidence?.findings ?? [];
  if (evidence === undefined || first === undefined) return null;
  return failed(statusOf(first.code), {
    ...first,
    message: `only ${evidence.name} mentions ${artifact.name}: ${first.message}`,
  });
}

/** Somebody trusted signed it, and it is not what the user asked for. */
const AGAINST_WISHES: readonly Code[] = [
  "DENIED",
  "VSA_FAILED",
  "VSA_LEVEL_NOT_ALLOWED",
  "VSA_LEVEL_TOO_LOW",
  "VSA_MISMATCH",
  "VSA_RESOURCE_NOT_ALLOWED",
  "VSA_TOO_OLD",
];

function statusOf(code: Code): "unknown" | "untrusted" | "not-covered" | "policy" {
  if (AGAINST_WISHES.includes(code)) return "policy";
  if (EXIT_BY_CODE[code] === 3) return "unknown"; // stale roots: newer ones could say yes or no
  return ABOUT_SIGNER.includes(code) ? "untrusted" : "not-covered";
}

/** The first entry about an artifact: its digest before its name. */
function mention<S>(artifact: Artifact, index: SubjectIndex<S>, packageName: PackageName): Entry<S> | null {
  return take(mentions(artifact, index, packageName), 1)[0] ?? null;
}
