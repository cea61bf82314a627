import { TouchmarkError } from "@touchmark/core";
import { type RuleFor, readRule, unmatchedRule } from "./artifact-rule.ts";
import type { CompiledPolicy } from "./compiled-policy.ts";
import { type Condition, conditionReader } from "./condition/condition.ts";
import { isOver } from "./document/day.ts";
import { listed } from "./document/fields.ts";
import { type PolicyDocument, placed, refuse } from "./document/policy-document.ts";
import { type FoundProblem, type PolicyProblem, problem } from "./document/problem.ts";
import type { RuleEntry } from "./document/rule-entry.ts";
import { exceptionFinder } from "./exceptions.ts";
import { namedSources } from "./expectations/named-sources.ts";
import { releaseExpectation } from "./expectations/release-expectation.ts";
import { readGlob } from "./glob.ts";
import { PatternIndex } from "./pattern-index.ts";
import { isAboutTests } from "./predicate-kinds.ts";

/**
 * Makes a policy ready to judge.
 *
 * @param options.now - milliseconds since 1970.
 * @throws TouchmarkError `POLICY_EXPIRED`; `POLICY_INVALID` for an expression that does not compile.
 */
export async function compilePolicy(
  document: PolicyDocument,
  { now }: { readonly now: number },
): Promise<CompiledPolicy> {
  const { file, label, digest, placeOf } = document;
  refuseExpired(document, now);
  const { conditions, problems } = await readConditions(document);
  refuse(problems, label);

  const { artifacts, exceptions = [] } = file;
  const index = new PatternIndex();
  for (const [owner, { match }] of artifacts.entries()) {
    for (const text of listed(match)) {
      const glob = readGlob(text);
      if (typeof glob !== "string") index.add(glob, owner);
    }
  }
  const exceptionOf = exceptionFinder(exceptions, now);
  const release = releaseExpectation(file.release);
  // Of thousands of rules only those that match something are read.
  const rules = new Map<number, RuleFor>();
  const read = (owner: number): RuleFor => {
    const entry = artifacts[owner];
    if (entry === undefined) throw new RangeError(`rule ${owner}`);
    return readRule(entry, {
      condition: conditions.get(owner) ?? null,
      now,
      release,
      place: () => `${label}${placeOf(["artifacts", owner]).replace(/^(:\d+):\d+$/, "$1")}`,
    });
  };
  return {
    label,
    digest,
    wholeStatements: artifacts.some(looksIntoStatements),
    algorithms: [...new Set(exceptions.map((entry) => entry.digest.split(":", 1)[0] ?? ""))]
      .filter((name) => name !== "sha256")
      .sort(),
    namesPackages:
      [...artifacts, ...exceptions].some(({ match }) => listed(match).some(mayNamePackages)) ||
      artifacts.some(looksAtNames),
    release,
    expectsSource: namedSources(artifacts),
    ruleFor(artifact) {
      const owners = artifact.names.map((name) => index.firstOf(name)).filter((owner) => owner !== null);
      const exception = exceptionOf(artifact);
      if (owners.length === 0) return unmatchedRule(artifact, exception);
      const owner = Math.min(...owners);
      const rule = rules.get(owner) ?? read(owner);
      rules.set(owner, rule);
      return rule(artifact, exception);
    },
  };
}

/** Expressions, results of tests and parameters stand in the predicate's JSON. */
function looksIntoStatements({ when, parameters, "workflow-inputs": inputs, require = [] }: RuleEntry): boolean {
  return when !== undefined || parameters !== undefined || inputs !== undefined || require.some(isAboutTests);
}

/** What a package is called must not depend on who says so: evidence that is taken away would take the name with it. */
function looksAtNames({ when = "", tag = "" }: RuleEntry): boolean {
  return /\bartifact\b/.test(when) || tag.includes("{pkg}");
}

/** A pattern that takes every name takes that of a package's file as well. */
function mayNamePackages(pattern: string): boolean {
  const [before = ""] = pattern.split("*", 1);
  return !["*", "**"].includes(pattern) && ("pkg:".startsWith(before) || before.startsWith("pkg:"));
}

/** What is wrong with the expressions of a policy; none where all are fine. */
export async function conditionProblems(document: PolicyDocument): Promise<readonly PolicyProblem[]> {
  return (await readConditions(document)).problems;
}

async function readConditions({ file, placeOf }: PolicyDocument): Promise<{
  readonly conditions: ReadonlyMap<number, Condition>;
  readonly problems: readonly PolicyProblem[];
}> {
  const conditions = new Map<number, Condition>();
  const problems: FoundProblem[] = [];
  if (file.artifacts.some(({ when }) => when !== undefined)) {
    const read = await conditionReader();
    for (const [owner, { when }] of file.artifacts.entries()) {
      if (when === undefined) continue;
      const condition = read(when);
      if (typeof condition === "string") problems.push(problem(["artifacts", owner, "when"], `\`when\`: ${condition}`));
      else conditions.set(owner, condition);
    }
  }
  return { conditions, problems: placed(problems, placeOf) };
}

function refuseExpired({ file, label }: PolicyDocument, now: number): void {
  if (file.expires === undefined || !isOver(file.expires, now)) return;
  throw new TouchmarkError("POLICY_EXPIRED", `${label} may not be used any more`, {
    expected: `a policy for today; this one is until ${file.expires}`,
    actual: new Date(now).toISOString(),
  });
}
