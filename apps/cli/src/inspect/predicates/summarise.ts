import { jsonFacts } from "../json-facts.ts";
import { scai, testResult, vulnerabilities } from "./findings.ts";
import { provenanceV1, provenanceV01, provenanceV02 } from "./provenance.ts";
import { npmPublish, pypiPublish, release } from "./published.ts";
import { cyclonedx, spdx } from "./sbom.ts";
import type { PredicateKind, PredicateSummary } from "./summary.ts";
import { verificationSummary } from "./verification-summary.ts";

/** Every kind that is known. No type is of two. */
export const PREDICATE_KINDS: readonly PredicateKind[] = [
  provenanceV1,
  provenanceV02,
  provenanceV01,
  verificationSummary,
  spdx,
  cyclonedx,
  testResult,
  vulnerabilities,
  scai,
  release,
  npmPublish,
  pypiPublish,
];

/** A predicate in a few lines; of a kind that is not known, as the tree of JSON that it is. */
export function summarise(predicateType: string, predicate: unknown): PredicateSummary {
  for (const kind of PREDICATE_KINDS) {
    const title = kind.titleOf(predicateType);
    if (title !== null) return { title, facts: kind.facts(predicate) };
  }
  return { title: "a predicate of another kind", facts: jsonFacts(predicate) };
}
