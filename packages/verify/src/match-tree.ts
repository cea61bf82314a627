import { compareWithTree } from "@touchmark/core";
import type { TreeArtifact } from "./artifact.ts";
import { digestsOf } from "./match-name.ts";
import type { Entry, SubjectIndex } from "./subject-index.ts";

/** The subjects that a tree fulfils: its base name is theirs, and so are all of its digests. */
export function* fulfilledTrees<S>(
  artifact: TreeArtifact,
  index: SubjectIndex<S>,
  options: { readonly anyName: boolean },
): Iterable<Entry<S>> {
  const entries = options.anyName ? alikeTrees(artifact, index) : index.byName(artifact.name);
  for (const entry of entries) {
    if (compareWithTree(entry.subject.digest, artifact.digests).kind === "match") yield entry;
  }
}

function* alikeTrees<S>(artifact: TreeArtifact, index: SubjectIndex<S>): Iterable<Entry<S>> {
  for (const digest of digestsOf(artifact)) yield* index.byDigestOnce(digest);
}
