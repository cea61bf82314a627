import { compareWithBytes, compareWithDigest, isAcceptableAlgorithm, isPurl } from "@touchmark/core";
import { type Artifact, type FileArtifact, fileBaseName } from "./artifact.ts";
import type { Entry, SubjectIndex } from "./subject-index.ts";

/** The name that a package file proved from its content; null when it was not asked for or there is none. */
export type PackageName = string | null;

/**
 * The subjects that an artifact fulfils: digest and name. One that fits in two ways comes twice.
 *
 * Each statement is judged by itself, so that further evidence only adds to the result.
 *
 * @param packageName - of a file, when {@link needsPackageName} says that it is needed.
 */
export function* fulfilled<S>(
  artifact: Artifact,
  index: SubjectIndex<S>,
  options: { readonly anyName: boolean; readonly packageName: PackageName },
): Iterable<Entry<S>> {
  if (artifact.kind === "digest") {
    const { algorithm, hex } = artifact;
    if (!isAcceptableAlgorithm(algorithm)) return;
    for (const entry of index.byDigestOnce(`${algorithm}:${hex}`)) {
      if (compareWithDigest(entry.subject.digest, algorithm, hex).kind === "match") yield entry;
    }
    return;
  }
  const { anyName, packageName } = options;
  for (const entry of anyName ? anyNameAlike(artifact, index) : namedAlike(artifact, index, packageName)) {
    if (compareWithBytes(entry.subject.digest, artifact.digests).kind === "match") yield entry;
  }
}

/** True when a package that has these bytes is among the subjects: only then is the file opened to read its name. */
export function needsPackageName<S>(artifact: FileArtifact, index: SubjectIndex<S>): boolean {
  if (artifact.identify === null) return false;
  return digestsOf(artifact).some((digest) => index.packagesByDigest(digest).length > 0);
}

function* anyNameAlike<S>(artifact: FileArtifact, index: SubjectIndex<S>): Iterable<Entry<S>> {
  for (const digest of digestsOf(artifact)) yield* index.byDigestOnce(digest);
}

/** Subjects with at least one digest of the artifact. */
export function* sameDigest<S>(artifact: FileArtifact, index: SubjectIndex<S>): Iterable<Entry<S>> {
  for (const digest of digestsOf(artifact)) yield* index.byDigest(digest);
}

/** `sha256:…` for each digest of a file. */
export function digestsOf(artifact: FileArtifact): readonly string[] {
  return Object.entries(artifact.digests).map(([algorithm, hex]) => `${algorithm}:${hex}`);
}

/**
 * Subjects that a file's own name stands for, whatever their digests: by path, by base name, by the name that npm gives
 * a packed file. The last is a custom and no proof: it words refusals and never helps a pass.
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

/** Subjects that stand for the artifact's name, as the file is called or as the package inside says. */
export function* aboutName<S>(
  artifact: FileArtifact,
  index: SubjectIndex<S>,
  packageName: PackageName,
): Iterable<Entry<S>> {
  if (packageName !== null) yield* index.byName(packageName);
  yield* claimedByFileName(artifact, index);
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
  for (const entry of index.byName(packageName)) {
    if (!contradicted(entry, artifact, index)) yield entry;
  }
}

/** A folder named `pkg:npm` does not make a file a package. */
function byPath<S>(artifact: FileArtifact, index: SubjectIndex<S>): readonly Entry<S>[] {
  return isPurl(artifact.name) ? [] : index.byName(artifact.name);
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
