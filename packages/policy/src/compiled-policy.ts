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
  /** Some rule or exception looks at the purl of packages, so that files which may be packages are opened for it. */
  readonly namesPackages: boolean;
  /** Which release is meant; null where the policy does not say. */
  readonly release: ReleaseExpectation | null;
  /**
   * True for a source that some rule compares with, and takes. Where trust leaves the source to the policy, what is of any other
   * is a stranger's.
   */
  expectsSource(source: {
    readonly repository: string;
    readonly repositoryId: string | null;
    readonly ownerId: string | null;
  }): boolean;
  /**
   * What is expected of an artifact: the first rule that matches one of its names. An artifact that no rule matches has a
   * rule that nothing satisfies.
   */
  ruleFor(artifact: ArtifactFacts): ArtifactRule;
}

/** Which release a policy is about. */
export interface ReleaseExpectation {
  /** A range of versions, of which one may be exact: `statement` compares it with the tag; null for `monotonic`. */
  readonly version: string | null;
  /** Never a version below the highest that was seen: whoever judges needs a state file. */
  readonly monotonic: boolean;
  /** A trusted list of the release must be there, and what is judged must be exactly that; null where it decides nothing. */
  readonly list: ListExpectation | null;
}

/** Which list of a release counts. */
export interface ListExpectation {
  /** In words, behind "a list of"; null for any. */
  readonly of: string | null;
  accepts(release: { readonly series: string; readonly version: string }): boolean;
}

/** What a policy expects of one artifact. Messages of its findings name neither the artifact nor the evidence. */
export interface ArtifactRule {
  /** `policy.yaml:12`, for reports; null where no rule matched. */
  readonly place: string | null;
  /** Predicates that must be there, by name or type URI. */
  readonly required: readonly string[];
  /** Platforms that the artifact must have if it is an image, each of which must be covered itself; none for any. */
  readonly platforms: readonly string[];
  /** A statement may call it by another name. */
  readonly anyName: boolean;
  /** The exception that lets it through without evidence, named and dated; it is shown as such and never as verified. */
  readonly exception: Finding | null;
  /**
   * `statement` compares the source repository, by name or by id: trust that takes in everybody's sources counts only then.
   */
  readonly comparesSource: boolean;
  /** `statement` compares the ref with a name, and not only with a pattern, a range or a version that others are in. */
  readonly namesRef: boolean;
  /** What a person should know and what decides nothing: exceptions for it that are over. */
  readonly notes: readonly Finding[];
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
