import type { Finding, StatedSubject } from "@touchmark/core";
import type { Artifact } from "./artifact.ts";
import type { ProvenanceEvidence, SummaryEvidence, TrustedEvidence } from "./evidence.ts";

/** What is expected of artifacts beside trust. `judge` asks, and does not know where it was written down. */
export interface Expectations {
  /** Some expectation depends on which package a file is: then files that may be packages are opened for their name. */
  readonly namesPackages: boolean;
  /**
   * What is expected of one artifact.
   *
   * @param packageName - the purl that the file's content gives; null where it is no package, or was not opened.
   */
  of(artifact: Artifact, packageName: string | null): Expectation;
}

/**
 * What is expected of one artifact. Both methods must give the same for the same, and `whole` never more for more statements:
 * else taking evidence away could turn a fail into a pass.
 */
export interface Expectation {
  /** Why the artifact is let through without evidence; null where it is not. */
  readonly exception: Finding | null;
  /** A statement may call it by another name. Absent: not so. */
  readonly anyName?: boolean;
  /** Why one statement that covers the artifact does not satisfy, the first to be shown; none when it does. */
  statement(covering: Covering): readonly Finding[];
  /**
   * What all that satisfied lack together; none when nothing is missing.
   *
   * @param others - by somebody trusted, about the same bytes, and covering nothing: an SBOM, a test result.
   */
  whole(satisfying: readonly Covering[], others: readonly Beside[]): readonly Finding[];
}

/** A trusted statement that covers an artifact, and the subject that the artifact is. */
export interface Covering {
  readonly evidence: CoveringEvidence;
  readonly subject: StatedSubject;
}

export type CoveringEvidence = ProvenanceEvidence | SummaryEvidence;

/** A trusted statement about an artifact that covers nothing. */
export interface Beside {
  readonly evidence: TrustedEvidence;
  readonly subject: StatedSubject;
}
