import { type Code, compareWithBytes, type DigestSet, isAcceptableAlgorithm, lastSegment } from "@touchmark/core";
import { type Artifact, type FileArtifact, fileBaseName, type Verdict } from "./artifact.ts";
import type { ProvenanceEvidence, RefusedEvidence, TrustedEvidence } from "./evidence.ts";
import { type Finding, finding } from "./finding.ts";
import { MAX_LISTED_IN_MESSAGE, MAX_NAMESAKES } from "./limits.ts";
import { aboutName, digestsOf, type PackageName, sameDigest } from "./match-name.ts";
import { isNpmPurl } from "./npm-file-name.ts";
import { digestKeys, type Entry, type SubjectIndex } from "./subject-index.ts";

/** Everything that evidence says, by who says it. */
export interface Sayings {
  /** What covers. */
  readonly provenance: SubjectIndex<ProvenanceEvidence>;
  /** Trusted statements of another kind: an SBOM, a test result. */
  readonly other: SubjectIndex<TrustedEvidence>;
  readonly refused: SubjectIndex<RefusedEvidence>;
}

/**
 * Why an artifact is not verified; the strongest reason only: what trusted provenance says about its name or its bytes,
 * then what other trusted statements say, then untrusted ones.
 */
export function explain(artifact: Artifact, sayings: Sayings, packageName: PackageName): Verdict {
  if (artifact.kind === "digest" && !isAcceptableAlgorithm(artifact.algorithm)) {
    return failed(
      "not-covered",
      finding("DIGEST_UNACCEPTABLE", `${artifact.algorithm} does not prove which bytes were meant`, {
        expected: "sha256, sha384, sha512 or a digest as strong",
        actual: artifact.algorithm,
      }),
    );
  }
  return (
    (artifact.kind === "file" ? contradiction(artifact, sayings.provenance, packageName) : null) ??
    notProvenance(artifact, sayings.other, packageName) ??
    untrusted(artifact, sayings.refused, packageName) ??
    failed(
      "not-covered",
      finding("NOT_COVERED", `no trusted statement mentions ${artifact.name}`, {
        expected: "provenance, signed by somebody trusted, with this digest among its subjects",
        actual: artifact.kind === "digest" ? artifact.name : (digestsOf(artifact)[0] ?? null),
      }),
    )
  );
}

function contradiction(
  artifact: FileArtifact,
  provenance: SubjectIndex<ProvenanceEvidence>,
  packageName: PackageName,
): Verdict | null {
  const named = take(aboutName(artifact, provenance, packageName), MAX_NAMESAKES);
  const compared = named.map((entry) => ({
    entry,
    kind: compareWithBytes(entry.subject.digest, artifact.digests).kind,
  }));
  const wrong = compared.filter(({ kind }) => kind === "differ" || kind === "conflict").map(({ entry }) => entry);
  const [alike] = take(sameDigest(artifact, provenance), 1);
  if (wrong.length > 0) return tampered(artifact, wrong, alike ?? null);
  const weak = compared.find(({ kind }) => kind === "incomparable");
  if (alike !== undefined) return otherName(artifact, alike);
  if (weak !== undefined) {
    return failed(
      "not-covered",
      finding(
        "DIGEST_UNACCEPTABLE",
        `${weak.entry.source.name} gives no digest of ${artifact.name} that proves its bytes`,
        {
          expected: "sha256, sha384, sha512 or a digest as strong",
          actual: Object.keys(weak.entry.subject.digest).join(", "),
        },
      ),
    );
  }
  return null;
}

/** A known name with other digests, or with some that are equal and some that are not. */
function tampered(
  artifact: FileArtifact,
  entries: readonly Entry<ProvenanceEvidence>[],
  alike: Entry<ProvenanceEvidence> | null,
): Verdict {
  const stated = entries.map(({ subject }) => differingDigest(subject.digest, artifact.digests));
  const [first] = entries;
  const of = alike === null || entries.includes(alike) ? "" : `; its bytes are those of ${quoted(alike.subject.name)}`;
  return failed(
    "tampered",
    finding("SUBJECT_MISMATCH", `${artifact.name} is not what ${first?.source.name ?? "the statement"} states${of}`, {
      expected: listed(stated.map(({ expected }) => expected)),
      actual: stated[0]?.actual ?? null,
    }),
  );
}

/** The first acceptable digest that is not equal, on both sides. */
function differingDigest(stated: DigestSet, found: DigestSet): { readonly expected: string; readonly actual: string } {
  const [expected = ""] = digestKeys({ digest: stated }).filter((text) => {
    const [algorithm = "", hex] = text.split(":");
    return found[algorithm] !== hex;
  });
  const algorithm = expected.slice(0, expected.indexOf(":"));
  return { expected, actual: `${algorithm}:${found[algorithm] ?? "unknown"}` };
}

/** The digest of a subject under a name that is not its own. */
function otherName(artifact: FileArtifact, entry: Entry<ProvenanceEvidence>): Verdict {
  const { name } = entry.subject;
  if (compareWithBytes(entry.subject.digest, artifact.digests).kind === "conflict")
    return tampered(artifact, [entry], null);
  if (name === undefined || (name.startsWith("pkg:") && !isNpmPurl(name))) {
    return failed(
      "not-covered",
      finding("NOT_COVERED", `${entry.source.name} states these bytes, but under a name that a file cannot have`, {
        expected: name === undefined ? "a subject with a name" : quoted(name),
        actual: quoted(artifact.name),
      }),
    );
  }
  const shares = !entry.onlyOfItsBaseName && lastSegment(name) === fileBaseName(artifact);
  return failed(
    "tampered",
    finding(
      "SUBJECT_MISMATCH",
      shares
        ? `${artifact.name} could be one of several subjects of ${entry.source.name} with this base name`
        : `${artifact.name} has the bytes of another subject of ${entry.source.name}`,
      { expected: `the name ${quoted(name)}`, actual: quoted(artifact.name) },
    ),
  );
}

function notProvenance(
  artifact: Artifact,
  other: SubjectIndex<TrustedEvidence>,
  packageName: PackageName,
): Verdict | null {
  const entry = mention(artifact, other, packageName);
  if (entry === null) return null;
  const { name, verified } = entry.source;
  return failed(
    "not-covered",
    finding("NOT_PROVENANCE", `${name} mentions ${artifact.name}, but does not say where it came from`, {
      expected: "SLSA provenance",
      actual: verified.statement.predicateType,
    }),
  );
}

/** Refusals that are about the signer; the others are about what a trusted signer wrote. */
const ABOUT_SIGNER: readonly Code[] = ["SIGNER_UNTRUSTED", "SIGNATURE_INVALID", "SIGNER_UNSUPPORTED"];

function untrusted(
  artifact: Artifact,
  refused: SubjectIndex<RefusedEvidence>,
  packageName: PackageName,
): Verdict | null {
  const evidence = mention(artifact, refused, packageName)?.source;
  const [first] = evidence?.findings ?? [];
  if (evidence === undefined || first === undefined) return null;
  const status = ABOUT_SIGNER.includes(first.code) ? "untrusted" : "not-covered";
  return failed(status, { ...first, message: `only ${evidence.name} mentions ${artifact.name}: ${first.message}` });
}

/** The first entry about an artifact: its digest before its name. */
function mention<S>(artifact: Artifact, index: SubjectIndex<S>, packageName: PackageName): Entry<S> | null {
  const entries =
    artifact.kind === "digest" ? index.byDigest(`${artifact.algorithm}:${artifact.hex}`) : sameDigest(artifact, index);
  const [byDigest] = take(entries, 1);
  if (byDigest !== undefined || artifact.kind === "digest") return byDigest ?? null;
  return take(aboutName(artifact, index, packageName), 1)[0] ?? null;
}

function failed(status: "tampered" | "not-covered" | "untrusted", reason: Finding): Verdict {
  return { status, statements: [], findings: [reason] };
}

function listed(texts: readonly string[]): string {
  const unique = [...new Set(texts)];
  const more = unique.length - MAX_LISTED_IN_MESSAGE;
  const shown = unique.slice(0, MAX_LISTED_IN_MESSAGE).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function quoted(name: string | undefined): string {
  return name === undefined ? "a subject without a name" : JSON.stringify(name);
}

function take<T>(items: Iterable<T>, count: number): readonly T[] {
  const taken: T[] = [];
  for (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}
