import type { Fact } from "../fact.ts";

/** A predicate in a few lines. */
export interface PredicateSummary {
  /** What it is for people: `SLSA provenance v1`. */
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** A kind of predicate that is known. */
export interface PredicateKind {
  /** @returns null for a type of another kind. */
  titleOf(predicateType: string): string | null;
  /** Of a predicate that may lack anything, or hold anything else than it should. */
  facts(predicate: unknown): readonly Fact[];
}
