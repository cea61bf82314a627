import { type Finding, finding } from "@touchmark/core";
import type { ArtifactRule, ReleaseExpectation } from "./compiled-policy.ts";
import type { Condition } from "./condition/condition.ts";
import { listed } from "./document/fields.ts";
import type { RuleEntry } from "./document/rule-entry.ts";
import type { ExceptionOf } from "./exceptions.ts";
import { type BuildExpectation, type Expectation, oneOf } from "./expectations/expectation.ts";
import { parameterExpectations } from "./expectations/parameters.ts";
import { comparesNamedRef, refExpectations } from "./expectations/ref.ts";
import { expectReleaseVersion } from "./expectations/release-version.ts";
import { signingExpectations } from "./expectations/signing.ts";
import { expectSource } from "./expectations/source.ts";
import { DEFAULT_REQUIRED, missingTogether } from "./expectations/together.ts";
import type { ArtifactFacts, StatementFacts } from "./facts.ts";
import { requiresProvenance, requiresSummary } from "./predicate-kinds.ts";

interface RuleSurroundings {
  readonly condition: Condition | null;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly release: ReleaseExpectation | null;
  readonly place: () => string;
}

/** What one rule of a policy expects of an artifact that it matches. */
export type RuleFor = (artifact: ArtifactFacts, exception: ExceptionOf) => ArtifactRule;

/** Reads one rule, once for all artifacts: ranges of versions take long to read. */
export function readRule(entry: RuleEntry, around: RuleSurroundings): RuleFor {
  const required = entry.require ?? DEFAULT_REQUIRED;
  const expectations = expectationsOf(entry, required, around);
  const namesRef = comparesNamedRef(entry);
  return (artifact, exception) => ({
    get place() {
      return around.place();
    },
    required,
    platforms: entry.platforms ?? [],
    anyName: entry["any-name"] === true,
    comparesSource: entry.source !== undefined,
    namesRef,
    exception: exception.applies,
    notes: exception.expired,
    statement: (facts) => expectations.map((expect) => expect(facts, artifact)).filter((one) => one !== null),
    whole: (satisfying, others) => missingTogether(entry, satisfying, others),
  });
}

/** What is expected of an artifact that no rule matches: nothing satisfies it. */
export function unmatchedRule(artifact: ArtifactFacts, exception: ExceptionOf): ArtifactRule {
  const unmatched = finding("POLICY_UNMATCHED", "no rule of the policy is about it", {
    expected: "a rule whose `match` is one of its names",
    actual: artifact.names.slice(0, 3).join(", ") || artifact.name,
  });
  return {
    place: null,
    required: [],
    platforms: [],
    anyName: false,
    comparesSource: false,
    namesRef: false,
    exception: exception.applies,
    notes: exception.expired,
    statement: () => [unmatched],
    whole: () => [unmatched],
  };
}

/** Where from, by whom, how, when: the first that fails is the one that is shown. */
function expectationsOf(
  entry: RuleEntry,
  required: readonly string[],
  { condition, now, release }: RuleSurroundings,
): readonly Expectation[] {
  const ofBuilds: readonly BuildExpectation[] = [
    ...refExpectations(entry),
    ...exactExpectations(entry),
    ...parameterExpectations(entry),
  ];
  const range = release?.version ?? null;
  return [
    kindExpectation(required),
    (facts) => expectSource(entry, facts),
    ...(range === null ? [] : [(facts: StatementFacts) => expectReleaseVersion(range, facts)]),
    ...ofBuilds.map(
      (expect): Expectation =>
        ({ provenance }, artifact) =>
          provenance === null ? null : expect(provenance, artifact),
    ),
    ...signingExpectations(entry, now),
    ...(condition === null ? [] : [condition.check]),
  ];
}

function exactExpectations(entry: RuleEntry): readonly BuildExpectation[] {
  const { "build-type": buildType, builder } = entry;
  const found: BuildExpectation[] = [];
  if (buildType !== undefined) {
    const check = oneOf(listed(buildType), "BUILD_TYPE_MISMATCH", "the build type");
    found.push((provenance) => check(provenance.buildType));
  }
  if (builder !== undefined) {
    const check = oneOf(listed(builder), "BUILDER_MISMATCH", "the builder");
    found.push((provenance) => check(provenance.builderId));
  }
  return found;
}

/** Of what only provenance says, a verification summary says nothing, so that it satisfies only rules that ask for one. */
function kindExpectation(required: readonly string[]): Expectation {
  return ({ provenance, summary }): Finding | null => {
    const fits =
      provenance !== null
        ? requiresProvenance(required) || requiresSummary(required)
        : summary !== null && requiresSummary(required);
    if (fits) return null;
    return finding(
      "PREDICATE_MISSING",
      `it is no ${requiresProvenance(required) ? "provenance" : "verification summary"}`,
      {
        expected: required.join(", "),
        actual: summary === null ? "another kind of statement" : "a verification summary",
      },
    );
  };
}
