import { compareWithBytes, type DigestSet, isPurl } from "@touchmark/core";
import { type Artifact, type DigestArtifact, type FileArtifact, fileBaseName, type TreeArtifact } from "./artifact.ts";
import { isImageSubject } from "./image-name.ts";
import type { Entry, SubjectIndex } from "./subject-index.ts";

/** The name that a package file proved from its content; null when it was not asked for or there is none. */
export type PackageName = string | null;

/** The subjects that a file fulfils: digest and name. One that fits in two ways comes twice. */
export function* fulfilledFiles<S>(
  artifact: FileArtifact,
  index: SubjectIndex<S>,
  options: { readonly anyName: boolean; readonly packageName: PackageName },
): Iterable<Entry<S>> {
  const { anyName, packageName } = options;
  for (const entry of anyName ? anyNameAlike(artifact, index) : namedAlike(artifact, index, packageName)) {
    if (compareWithBytes(entry.subject.digest, artifact.digests).kind === "match") yield entry;
  }
}

/** True when a package that has these bytes is among the subjects: only then is the file opened to read its name. */
export function needsPackageName<S>(artifact: FileArtifact, index: SubjectIndex<S>): boolean {
  return index.hasPackages() && digestsOf(artifact).some((digest) => index.packagesByDigest(digest).length > 0);
}

function* anyNameAlike<S>(artifact: FileArtifact, index: SubjectIndex<S>): Iterable<Entry<S>> {
  for (const digest of digestsOf(artifact)) yield* index.byDigestOnce(digest);
}

/** Subjects with at least one digest of the artifact. */
export function* sameDigest<S>(artifact: Digested, index: SubjectIndex<S>): Iterable<Entry<S>> {
  for (const digest of digestsOf(artifact)) yield* index.byDigest(digest);
}

/** An artifact of any kind, or what has digests as one. */
type Digested = { readonly digests: DigestSet } | Pick<DigestArtifact, "algorithm" | "hex">;

/** `sha256:…` for each digest of an artifact. */
export function digestsOf(artifact: Digested): readonly string[] {
  if ("hex" in artifact) return [`${artifact.algorithm}:${artifact.hex}`];
  return Object.entries(artifact.digests).map(([algorithm, hex]) => `${algorithm}:${hex}`);
}

/**
 * Subjects that a file's own name stands for, whatever their digests: by path, by base name, by the name that npm,
 * Python's tools and cargo give a packed file. The last is a custom and no proof: it words refusals and never helps a pass.
 */
function* claimedByFileName<S>(artifact: FileArtifact, index: SubjectIndex<S>): Iterable<Entry<S>> {
  const base = fileBaseName(artifact);
  switch (artifact.place) {
    case "folder":
      yield* byPath(artifact, index);
      for (const entry of index.ofOnlyBaseName(base)) if (entry.subject.name !== artifact.name) yield entry;
      break;
    case "alone":
      yield* index.ofBaseName(base);
      break;
  }
  yield* index.byPackedName(base);
}

/** Subjects that stand for the artifact's name, as it is called or as the package inside says. */
export function* aboutName<S>(
  artifact: FileArtifact | TreeArtifact,
  index: SubjectIndex<S>,
  packageName: PackageName,
): Iterable<Entry<S>> {
  if (artifact.kind === "tree") {
    yield* index.byName(artifact.name);
    return;
  }
  if (packageName !== null) yield* index.byPackage(packageName);
  yield* claimedByFileName(artifact, index);
}

/** Subjects that mention an artifact: those with its digest, then those with its name. */
export function* mentions<S>(artifact: Artifact, index: SubjectIndex<S>, packageName: PackageName): Iterable<Entry<S>> {
  yield* sameDigest(artifact, index);
  // Of an image the digest alone says which one it is.
  if (artifact.kind !== "digest" && artifact.kind !== "image") yield* aboutName(artifact, index, packageName);
}

/** Subjects whose name fits; those found by base name also share a digest. */
function* namedAlike<S>(artifact: FileArtifact, index: SubjectIndex<S>, packageName: PackageName): Iterable<Entry<S>> {
  const base = fileBaseName(artifact);
  switch (artifact.place) {
    case "folder":
      yield* byPath(artifact, index);
      for (const digest of digestsOf(artifact)) yield* index.byOnlyBaseName(base, digest);
      break;
    case "alone":
      for (const digest of digestsOf(artifact)) yield* index.byBaseName(base, digest);
      break;
  }
  if (packageName === null) return;
  for (const entry of index.byPackage(packageName)) {
    if (!contradicted(entry, artifact, index)) yield entry;
  }
}

/** A folder named `pkg:npm` does not make a file a package, nor one named `ghcr.io` an image. */
function byPath<S>(artifact: FileArtifact, index: SubjectIndex<S>): readonly Entry<S>[] {
  return isPurl(artifact.name) ? [] : index.byName(artifact.name).filter(({ subject }) => !isImageSubject(subject));
}

/**
 * The file's name stands for another subject of the same statement, which has other bytes: one package under another
 * one's file name.
 */
function contradicted<S>(entry: Entry<S>, artifact: FileArtifact, index: SubjectIndex<S>): boolean {
  let claimsAnother = false;
  for (const claimed of claimedByFileName(artifact, index)) {
    if (claimed.source !== entry.source) continue;
    if (compareWithBytes(claimed.subject.digest, artifact.digests).kind === "match") return false;
    claimsAnother = true;
  }
  return claimsAnother;
}
