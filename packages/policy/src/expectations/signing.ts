import { type Finding, finding } from "@touchmark/core";
import { listed } from "../document/fields.ts";
import type { RuleEntry } from "../document/rule-entry.ts";
import type { StatementFacts } from "../facts.ts";
import { readMaxAge } from "../max-age.ts";
import { type Expectation, oneOf } from "./expectation.ts";

/** `level`, `trigger`, `runner` and `max-age` of a rule: who signed, where and when. */
export function signingExpectations(rule: RuleEntry, now: number): readonly Expectation[] {
  const { level, trigger, runner, "max-age": maxAge } = rule;
  const found: Expectation[] = [];
  if (level !== undefined) found.push((facts) => expectLevel(level, facts));
  if (trigger !== undefined) {
    const check = oneOf(listed(trigger), "CERTIFICATE_MISMATCH", "what started the run");
    found.push(({ signer }) => check(signer.trigger));
  }
  if (runner !== undefined) {
    const check = oneOf(listed(runner), "CERTIFICATE_MISMATCH", "the runner");
    found.push(({ signer }) => check(signer.runner));
  }
  if (maxAge !== undefined) {
    const longest = readMaxAge(maxAge);
    if (longest === null) throw new TypeError(maxAge); // the document was checked
    found.push((facts) => expectAge(maxAge, now - longest, facts));
  }
  return found;
}

function expectLevel(level: number, { standing }: StatementFacts): Finding | null {
  if (standing.level >= level) return null;
  const by = standing.entry === null ? "flags" : `the trust entry "${standing.entry}"`;
  return finding("LEVEL_TOO_LOW", "the signer is not trusted up to the level that the policy expects", {
    expected: `Build L${level}`,
    actual: `Build L${standing.level}, by ${by}`,
  });
}

/** By the first time that is proven: anybody can have an old signature stamped anew. */
function expectAge(maxAge: string, oldest: number, { times }: StatementFacts): Finding | null {
  const [first] = times === null ? [] : [...times].sort((left, right) => left - right);
  if (first !== undefined && first >= oldest) return null;
  return finding("TOO_OLD", "it was signed longer ago than the policy allows", {
    expected: `signed since ${new Date(oldest).toISOString()} (${maxAge})`,
    actual: first === undefined ? "no proven time" : `signed at ${new Date(first).toISOString()}`,
  });
}
