import { compareWithDigest, isTreeAlgorithm } from "@touchmark/core";
import type { Artifact, DigestArtifact } from "./artifact.ts";
import { fulfilledImages } from "./match-image.ts";
import { fulfilledFiles, type PackageName } from "./match-name.ts";
import { fulfilledTrees } from "./match-tree.ts";
import type { Entry, SubjectIndex } from "./subject-index.ts";

/**
 * The subjects that an artifact fulfils: digest and name. One that fits in two ways may come twice.
 *
 * Each statement is judged by itself, so that further evidence only adds to the result.
 *
 * @param options.packageName - of a file, when `needsPackageName` says that it is needed.
 */
export function fulfilled<S>(
  artifact: Artifact,
  index: SubjectIndex<S>,
  options: { readonly anyName: boolean; readonly packageName: PackageName },
): Iterable<Entry<S>> {
  switch (artifact.kind) {
    case "digest":
      return fulfilledDigests(artifact, index);
    case "file":
      return fulfilledFiles(artifact, index, options);
    case "image":
      return fulfilledImages(artifact, index, options);
    case "tree":
      return fulfilledTrees(artifact, index, options);
  }
}

function* fulfilledDigests<S>({ algorithm, hex }: DigestArtifact, index: SubjectIndex<S>): Iterable<Entry<S>> {
  if (!isTreeAlgorithm(algorithm)) return;
  for (const entry of index.byDigestOnce(`${algorithm}:${hex}`)) {
    if (compareWithDigest(entry.subject.digest, algorithm, hex).kind === "match") yield entry;
  }
}
