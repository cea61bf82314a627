import { compareWithBytes, finding, showDigest } from "@touchmark/core";
import type { ImageArtifact, Verdict } from "./artifact.ts";
import type { ProvenanceEvidence, SummaryEvidence } from "./evidence.ts";
import { imageNameOf } from "./image-name.ts";
import { MAX_NAMESAKES } from "./limits.ts";
import { namesImage } from "./match-image.ts";
import { digestsOf, sameDigest } from "./match-name.ts";
import { failed, listed, quoted, take } from "./refusal.ts";
import type { Entry, SubjectIndex } from "./subject-index.ts";

/** What trusted provenance says against an image: it is another one's, or only others of its repository are known. */
export function otherImage(artifact: ImageArtifact, provenance: SubjectIndex<ProvenanceEvidence>): Verdict | null {
  const alike = take(sameDigest(artifact, provenance), MAX_NAMESAKES);
  const isMixed = ({ subject }: Entry<unknown>) =>
    compareWithBytes(subject.digest, artifact.digests).kind === "conflict";
  const other = alike.find((entry) => !isMixed(entry));
  if (other !== undefined) return otherName(artifact, other);
  const [mixed] = alike;
  return mixed === undefined ? otherDigests(artifact, provenance) : mixedDigests(artifact, mixed);
}

/** One subject with digests of this manifest and of another. */
function mixedDigests(artifact: ImageArtifact, { source, subject }: Entry<ProvenanceEvidence>): Verdict {
  const stated = Object.entries(subject.digest).map(([algorithm, hex]) => `${algorithm}:${hex}`);
  const found = digestsOf(artifact);
  return failed(
    "tampered",
    finding("SUBJECT_MISMATCH", `${artifact.name} is not what ${source.name} states`, {
      expected: listed(stated.filter((digest) => !found.includes(digest))),
      actual: listed(found),
    }),
  );
}

function otherName(artifact: ImageArtifact, { source, subject }: Entry<ProvenanceEvidence>): Verdict {
  const stated = subject.name === undefined ? null : imageNameOf(subject.name);
  if (artifact.isClaimed && (stated?.repository ?? null) === null) return unproven(artifact, source.name, subject.name);
  if (stated === null) {
    return failed(
      "not-covered",
      finding("NOT_COVERED", `${source.name} states this digest, but under a name that an image cannot have`, {
        expected: artifact.repository === null ? "the name of an image" : quoted(artifact.repository),
        actual: quoted(subject.name),
      }),
    );
  }
  const samePlace = namesImage(subject.name, { ...artifact, platform: null });
  return failed(
    "tampered",
    finding(
      "SUBJECT_MISMATCH",
      samePlace
        ? `${artifact.name} is stated by ${source.name} for another platform`
        : `${called(artifact)} is stated by ${source.name} under another name`,
      samePlace
        ? { expected: stated.platform, actual: artifact.platform }
        : { expected: `the name ${quoted(subject.name)}`, actual: quoted(artifact.repository ?? artifact.name) },
    ),
  );
}

/** A name that a list claims counts only where somebody trusted says it too. */
function unproven({ repository, layout }: ImageArtifact, bundle: string, stated: string | undefined): Verdict {
  return failed(
    "not-covered",
    finding(
      "IMAGE_NAME_UNPROVEN",
      `${layout} is listed as ${repository}, and ${bundle}, which states its digest, does not call it so`,
      { expected: `the name ${quoted(repository ?? "")}`, actual: quoted(stated) },
    ),
  );
}

function called({ name, layout, isClaimed }: ImageArtifact): string {
  return isClaimed ? `${layout}, listed as ${name},` : name;
}

/** Accepted summaries about these bytes that name no repository, or another one. */
export function otherSummary(
  artifact: ImageArtifact,
  { named, nameless }: Readonly<Record<"named" | "nameless", SubjectIndex<SummaryEvidence>>>,
): Verdict | null {
  if (!artifact.isClaimed) return null;
  const [entry] = [named, nameless].flatMap((index) => take(sameDigest(artifact, index), 1));
  return entry === undefined ? null : unproven(artifact, entry.source.name, entry.subject.name);
}

/** Statements about the repository, none of which has this digest. */
function otherDigests(artifact: ImageArtifact, provenance: SubjectIndex<ProvenanceEvidence>): Verdict | null {
  if (artifact.repository === null) return null;
  const others = provenance.ofRepository(artifact.repository).slice(0, MAX_NAMESAKES);
  const [first] = others;
  if (first === undefined) return null;
  const digests = others.map(({ subject }) => showDigest(subject.digest)).filter((digest) => digest !== null);
  return failed(
    "not-covered",
    finding(
      "NOT_COVERED",
      `${first.source.name} states ${artifact.repository} with other digests; a statement about an index does not cover its platforms, nor the other way round`,
      { expected: listed(digests), actual: digestsOf(artifact)[0] ?? null },
    ),
  );
}
