import type { ArtifactRule, CompiledPolicy } from "@touchmark/policy";
import type { Artifact, Expectation, Expectations } from "@touchmark/verify";
import { artifactFacts } from "./artifact-facts.ts";
import { factsReader } from "./statement-facts.ts";

/** A policy as `judge` asks for it, and which rule each artifact had. */
export interface PolicyExpectations extends Expectations {
  /** Null for what was not judged. */
  ruleOf(artifact: Artifact): ArtifactRule | null;
}

export function policyExpectations(policy: CompiledPolicy): PolicyExpectations {
  const reader = factsReader(policy.wholeStatements);
  const rules = new Map<Artifact, ArtifactRule>();
  return {
    namesPackages: policy.namesPackages,
    of(artifact, packageName): Expectation {
      const rule = policy.ruleFor(artifactFacts(artifact, packageName));
      rules.set(artifact, rule);
      return {
        exception: rule.exception,
        anyName: rule.anyName,
        statement: (covering) => rule.statement(reader.factsOf(covering)),
        whole: (satisfying, others) => rule.whole(satisfying.map(reader.factsOf), others.map(reader.factsOf)),
      };
    },
    ruleOf: (artifact) => rules.get(artifact) ?? null,
  };
}
