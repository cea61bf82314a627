import {
  compareWithBytes,
  compareWithDigest,
  compareWithTree,
  type DigestSet,
  isTreeAlgorithm,
  VSA_V1,
} from "@touchmark/core";
import type { Artifact } from "./artifact.ts";
import type { Denials } from "./deny/denials.ts";
import type { TrustedEvidence } from "./evidence.ts";
import type { Beside } from "./expectation.ts";
import { sameDigest } from "./match-name.ts";
import type { SubjectIndex } from "./subject-index.ts";

/**
 * Trusted statements about the very bytes of an artifact that cover nothing, each once, under whatever name: an SBOM says what
 * is in the bytes. A verification summary is none: it counts by its verifier only, and may say that the artifact failed.
 */
export function statementsBeside(
  artifact: Artifact,
  other: SubjectIndex<TrustedEvidence>,
  denials: Denials,
): readonly Beside[] {
  const found = new Map<TrustedEvidence, Beside>();
  for (const { source: evidence, subject } of sameDigest(artifact, other)) {
    const { verified } = evidence;
    if (found.has(evidence) || verified.statement.predicateType === VSA_V1) continue;
    if (isAbout(artifact, subject.digest) && denials.subject(verified, subject.digest, artifact) === null)
      found.set(evidence, { evidence, subject });
  }
  return [...found.values()];
}

function isAbout(artifact: Artifact, stated: DigestSet): boolean {
  switch (artifact.kind) {
    case "digest":
      return (
        isTreeAlgorithm(artifact.algorithm) &&
        compareWithDigest(stated, artifact.algorithm, artifact.hex).kind === "match"
      );
    case "file":
    case "image":
      return compareWithBytes(stated, artifact.digests).kind === "match";
    case "tree":
      return compareWithTree(stated, artifact.digests).kind === "match";
  }
}
