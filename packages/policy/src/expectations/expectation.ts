import { type Code, type Finding, finding } from "@touchmark/core";
import type { ArtifactFacts, ProvenanceFacts, StatementFacts } from "../facts.ts";

/** One thing that a rule expects of a statement that covers an artifact; null where it is so. */
export type Expectation = (facts: StatementFacts, artifact: ArtifactFacts) => Finding | null;

/** One thing that it expects of provenance. */
export type BuildExpectation = (provenance: ProvenanceFacts, artifact: ArtifactFacts) => Finding | null;

/** What a text must be: exactly one of these. */
export function oneOf(values: readonly string[], code: Code, what: string): (actual: string | null) => Finding | null {
  return (actual) => {
    if (actual !== null && values.includes(actual)) return null;
    return finding(code, `${what} is not what the policy expects`, {
      expected: values.join(" or "),
      actual: actual ?? "nothing: nobody says it",
    });
  };
}
