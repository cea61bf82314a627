import type { ArtifactFacts, ArtifactRule, CompiledPolicy } from "@touchmark/policy";

/** A policy by hand: one rule for everything, which is content with everything but for what is said. */
export function testPolicy(
  rule: Partial<ArtifactRule> = {},
  change: Partial<CompiledPolicy> = {},
  asked: ArtifactFacts[] = [],
): CompiledPolicy {
  return {
    label: "policy.yaml",
    digest: "ab".repeat(32),
    wholeStatements: false,
    algorithms: [],
    namesPackages: false,
    release: null,
    expectsSource: () => true,
    ruleFor: (artifact) => {
      asked.push(artifact);
      return {
        place: "policy.yaml:3",
        required: [],
        platforms: [],
        anyName: false,
        comparesSource: false,
        namesRef: false,
        exception: null,
        notes: [],
        statement: () => [],
        whole: () => [],
        ...rule,
      };
    },
    ...change,
  };
}
