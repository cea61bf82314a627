import { comparableRepository } from "@touchmark/core";
import type { ArtifactRule, CompiledPolicy } from "@touchmark/policy";
import {
  type Artifact,
  type Beside,
  type Covering,
  type Expectation,
  type Expectations,
  needsSource,
} from "@touchmark/verify";
import { artifactFacts } from "./artifact-facts.ts";
import { type FactsReader, factsReader } from "./statement-facts.ts";

/** A policy as `judge` asks for it, and which rule each artifact had. */
export interface PolicyExpectations extends Expectations {
  /** Null for what was not judged. */
  ruleOf(artifact: Artifact): ArtifactRule | null;
}

/** @param policy - evidence was examined with `sourcesByPolicy`, so that this compares what trust left to it. */
export function policyExpectations(policy: CompiledPolicy): PolicyExpectations {
  const reader = factsReader(policy.wholeStatements);
  const rules = new Map<Artifact, ArtifactRule>();
  return {
    namesPackages: policy.namesPackages,
    of(artifact, packageName) {
      const rule = policy.ruleFor(artifactFacts(artifact, packageName));
      rules.set(artifact, rule);
      return expectationOf(rule, reader);
    },
    ruleOf: (artifact) => rules.get(artifact) ?? null,
  };
}

function expectationOf(rule: ArtifactRule, reader: FactsReader): Expectation {
  return {
    exception: rule.exception,
    anyName: rule.anyName,
    statement(covering) {
      const findings = rule.statement(reader.factsOf(covering));
      const unset = rule.comparesSource ? null : needsSource(covering.evidence.verified);
      return unset === null ? findings : [...findings, unset];
    },
    whole(satisfying, others) {
      const usable = others.filter((one) => needsSource(one.evidence.verified) === null || isOfOne(one, satisfying));
      return rule.whole(satisfying.map(reader.factsOf), usable.map(reader.factsOf));
    },
  };
}

/** What says no source of its own is by anybody, unless its signer is of the repository that satisfying provenance is of. */
function isOfOne({ evidence }: Beside, satisfying: readonly Covering[]): boolean {
  const own = certifiedSource(evidence);
  return own !== null && satisfying.some((one) => own === sourceOf(one));
}

function sourceOf({ evidence }: Covering): string | null {
  const stated = evidence.verified.predicate?.source?.repository ?? null;
  return certifiedSource(evidence) ?? (stated === null ? null : comparableRepository(stated));
}

function certifiedSource({ verified: { signer } }: Beside["evidence"] | Covering["evidence"]): string | null {
  const source = signer.kind === "identity" ? signer.claims.sourceRepository : null;
  return source === null ? null : comparableRepository(source);
}
