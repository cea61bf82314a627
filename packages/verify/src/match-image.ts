import { compareWithBytes } from "@touchmark/core";
import type { ImageArtifact } from "./artifact.ts";
import { imageNameOf, samePlatform } from "./image-name.ts";
import { digestsOf } from "./match-name.ts";
import type { Entry, SubjectIndex } from "./subject-index.ts";

/** The subjects that an image fulfils: digest, repository and, where both sides say it, platform. */
export function* fulfilledImages<S>(
  artifact: ImageArtifact,
  index: SubjectIndex<S>,
  options: { readonly anyName: boolean },
): Iterable<Entry<S>> {
  const anyName = options.anyName && artifact.isClaimed !== true;
  for (const digest of digestsOf(artifact)) {
    for (const entry of index.byDigest(digest)) {
      if (!isSameImage(entry, artifact)) continue;
      if (anyName || namesImage(entry.subject.name, artifact)) yield entry;
    }
  }
}

/**
 * True when the digests of a subject that has one of the image's are the image's: every acceptable one where the manifest was
 * read, else that one is enough.
 */
function isSameImage<S>({ subject }: Entry<S>, { digests, obstacle }: ImageArtifact): boolean {
  return obstacle !== null || compareWithBytes(subject.digest, digests).kind === "match";
}

/** True when a subject's name stands for the image. Where nobody said the image's repository, any repository does. */
export function namesImage(name: string | undefined, artifact: ImageArtifact): boolean {
  const stated = name === undefined ? null : imageNameOf(name);
  if (artifact.repository !== null && stated?.repository !== artifact.repository) return false;
  if (stated === null) return true;
  // A purl that names one manifest in a set of digests of another stands for neither.
  if (stated.digest !== null && !digestsOf(artifact).includes(stated.digest)) return false;
  return stated.platform === null || artifact.platform === null || samePlatform(stated.platform, artifact.platform);
}
