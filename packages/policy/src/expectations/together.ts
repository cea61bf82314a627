import { type Finding, finding, isJsonObject, isProvenance } from "@touchmark/core";
import type { RuleEntry } from "../document/rule-entry.ts";
import type { StatementFacts } from "../facts.ts";
import { isAboutTests, isOfKind } from "../predicate-kinds.ts";
import { expectCertifiedSource } from "./source.ts";

/** What a rule requires when it says nothing. */
export const DEFAULT_REQUIRED: readonly string[] = ["provenance"];

/**
 * What is missing when all statements are taken together.
 *
 * @param satisfying - those that cover the artifact and are what the rule expects of each.
 * @param others - trusted ones about the same artifact that cover nothing.
 */
export function missingTogether(
  rule: RuleEntry,
  satisfying: readonly StatementFacts[],
  others: readonly StatementFacts[],
): readonly Finding[] {
  const required = (rule.require ?? DEFAULT_REQUIRED)
    .map((kind) => missingKind(kind, rule, satisfying, others))
    .filter((one) => one !== null);
  const few = rule.builders === undefined ? null : tooFewBuilders(rule.builders, satisfying);
  return few === null ? required : [...required, few];
}

function missingKind(
  kind: string,
  rule: RuleEntry,
  satisfying: readonly StatementFacts[],
  others: readonly StatementFacts[],
): Finding | null {
  const isKind = ({ predicateType }: StatementFacts) => isOfKind(kind, predicateType);
  // Provenance among the others covers nothing, or is not what the rule expects.
  const beside = others.filter(({ predicateType }) => !isProvenance(predicateType));
  const there = [...satisfying, ...beside].filter(isKind);
  if (there.length === 0) return missing(kind, "none by anybody who is trusted");
  const problems = there.map((facts) => whyNot(kind, rule, facts));
  if (problems.includes(null)) return null;
  return missing(kind, [...new Set(problems)].sort().slice(0, 3).join(", "));
}

/** Why a statement of the required kind is not enough; null where it is. */
function whyNot(kind: string, rule: RuleEntry, facts: StatementFacts): string | null {
  if (facts.provenance === null) {
    const elsewhere = expectCertifiedSource(rule, facts.signer);
    if (elsewhere !== null) return `one by ${elsewhere.actual}`;
  }
  if (isOfKind("vsa", facts.predicateType) && facts.summary === null) return "one that was not accepted";
  if (!isAboutTests(kind)) return null;
  const result = testResult(facts.statement);
  return result === "PASSED" ? null : `one whose result is ${result ?? "not said"}`;
}

function testResult(statement: unknown): string | null {
  const predicate = isJsonObject(statement) ? statement["predicate"] : null;
  const result = isJsonObject(predicate) ? predicate["result"] : null;
  return typeof result === "string" ? JSON.stringify(result.slice(0, 40)).slice(1, -1) : null;
}

function missing(kind: string, actual: string): Finding {
  return finding("PREDICATE_MISSING", `the policy requires ${kind}`, {
    expected: `a trusted statement about the same artifact (${kind})`,
    actual,
  });
}

/**
 * Those whose operator nobody named could all be one. A signer counts for one operator, however many it is trusted for: who has
 * its key signs for all of them.
 */
function tooFewBuilders(expected: number, satisfying: readonly StatementFacts[]): Finding | null {
  const signersOf = new Map<string | null, Set<string>>();
  for (const { provenance, standing, signer } of satisfying) {
    if (provenance === null) continue;
    signersOf.set(standing.operator, (signersOf.get(standing.operator) ?? new Set()).add(signer.shown));
  }
  const independent = pairs(signersOf);
  if (independent >= expected) return null;
  const names = [...signersOf.keys()].map((operator) => operator ?? "one that is not named").sort();
  const signers = independent < names.length ? `, of ${independent} signer${independent === 1 ? "" : "s"}` : "";
  return finding("BUILDERS_TOO_FEW", "too few independent builders made the same bytes", {
    expected: `builders of ${expected} operators`,
    actual: names.length === 0 ? "none" : `${names.length}: ${names.join(", ")}${signers}`,
  });
}

/** How many operators can each have a signer of their own: a matching that cannot be made larger (Kuhn, 1955). */
function pairs(signersOf: ReadonlyMap<string | null, ReadonlySet<string>>): number {
  const operatorOf = new Map<string, string | null>();
  const place = (operator: string | null, tried: Set<string>): boolean => {
    for (const signer of signersOf.get(operator) ?? []) {
      if (tried.has(signer)) continue;
      tried.add(signer);
      const other = operatorOf.get(signer);
      if (other !== undefined && !place(other, tried)) continue;
      operatorOf.set(signer, operator);
      return true;
    }
    return false;
  };
  return [...signersOf.keys()].filter((operator) => place(operator, new Set())).length;
}
