import type { Finding } from "@touchmark/core";
import type { ArtifactFacts, StatementFacts } from "./facts.ts";

/** A policy that was read whole and is understood. Pure: the time comes in. */
export interface CompiledPolicy {
  /** As the user named the file. */
  readonly label: string;
  /** SHA-256 of the file, lowercase hex. */
  readonly digest: string;
  /** Some expression or parameter rule needs `StatementFacts.statement`. */
  readonly wholeStatements: boolean;
  /** Algorithms in which exceptions name digests, beside sha256. */
  readonly algorithms: readonly string[];
  /** Some rule or exception matches packages by their purl, so that files are opened for it. Absent: they are. */
  readonly namesPackages?: boolean;
  /** Releases may only go forward (`release.version: monotonic`), so that what was seen before must be there. Absent: not so. */
  readonly monotonic?: boolean;
  /**
   * What is expected of an artifact: the first rule that matches one of its names. An artifact that no rule matches has a
   * rule that nothing satisfies.
   */
  ruleFor(artifact: ArtifactFacts): ArtifactRule;
}

/** What a policy expects of one artifact. */
export interface ArtifactRule {
  /** `policy.yaml:12`, for reports; null where no rule matched. */
  readonly place: string | null;
  /** The exception that lets it through without evidence, named and dated; it is shown as such and never as verified. */
  readonly exception: Finding | null;
  /** A statement may call it by another name. Absent: not so. */
  readonly anyName?: boolean;
  /**
   * `statement` compares the source repository, by name or by id: trust that takes in everybody's sources counts only then.
   * Absent: not so.
   */
  readonly comparesSource?: boolean;
  /** Platforms of an image, each of which must be there and be covered by itself: `linux/arm64`. Absent: none. */
  readonly platforms?: readonly string[];
  /** Why a statement that covers the artifact does not satisfy; none when it does. The first is the one to show. */
  statement(facts: StatementFacts): readonly Finding[];
  /**
   * What is missing when all statements that satisfied are taken together: independent builders, further predicates.
   *
   * @param satisfying - every one of them.
   * @param others - trusted statements about the same artifact (its digests) that cover nothing: an SBOM, a test result.
   */
  whole(satisfying: readonly StatementFacts[], others: readonly StatementFacts[]): readonly Finding[];
}
