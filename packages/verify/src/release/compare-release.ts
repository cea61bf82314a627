import { type Finding, finding, showDigest } from "@touchmark/core";
import type { Artifact } from "../artifact.ts";
import { fulfilled } from "../fulfilled.ts";
import { aboutName, needsPackageName, type PackageName } from "../match-name.ts";
import { packageNameOf } from "../package-name-of.ts";
import { type Absence, watchPresence } from "../presence.ts";
import { indexSubjects, type SubjectIndex } from "../subject-index.ts";
import type { ReleaseList } from "./release-lists.ts";

/** How a list and what is here differ. */
export interface ReleaseComparison {
  readonly list: ReleaseList;
  /** Subjects of the list for which nothing is here that has their name and their bytes. */
  readonly absent: Absence;
  /** Artifacts that the list does not have under this name with these bytes, and what it says of their names instead. */
  readonly unlisted: ReadonlyMap<Artifact, Finding>;
}

/**
 * Compares a list with what is here, in both directions, by the same rules of names and digests by which provenance covers.
 *
 * @param artifacts - what is judged. A file that is evidence need not be listed, since anybody can add one, and stands for
 * the subject that is this file.
 * @param beside - further files of evidence, which stand for subjects in the same way.
 */
export async function compareRelease(
  list: ReleaseList,
  artifacts: readonly Artifact[],
  beside: readonly Artifact[],
  options: { readonly anyName: boolean },
): Promise<ReleaseComparison> {
  const index = indexSubjects([{ source: list, subjects: list.verified.statement.subject }]);
  // That an artifact has a subject's name says nothing here: only its bytes do.
  const presence = watchPresence(index, options);
  const unlisted = new Map<Artifact, Finding>();
  for (const artifact of [...artifacts, ...beside]) {
    const isNamed = !options.anyName && artifact.kind === "file" && needsPackageName(artifact, index);
    const packageName = isNamed ? await packageNameOf(artifact) : null;
    const [listed] = fulfilled(artifact, index, { ...options, packageName });
    if (listed !== undefined) presence.note(artifact, packageName);
    else if (!isEvidence(artifact)) unlisted.set(artifact, isUnlisted(artifact, list, index, packageName));
  }
  return { list, absent: presence.absence(), unlisted };
}

function isEvidence(artifact: Artifact): boolean {
  return artifact.kind === "file" && artifact.looksLikeEvidence === true;
}

function isUnlisted(
  artifact: Artifact,
  { name, release }: ReleaseList,
  index: SubjectIndex<ReleaseList>,
  packageName: PackageName,
): Finding {
  const what = `${release.series} ${release.version}`;
  const [namesake] =
    artifact.kind === "file" || artifact.kind === "tree" ? aboutName(artifact, index, packageName) : [];
  const digest = namesake === undefined ? null : showDigest(namesake.subject.digest);
  return finding("RELEASE_UNLISTED", `${artifact.name} is not in the list of ${what}`, {
    expected: digest === null ? `an artifact that ${name} lists` : `${digest}, as ${name} lists it`,
    actual: "digests" in artifact ? showDigest(artifact.digests) : artifact.name,
  });
}
