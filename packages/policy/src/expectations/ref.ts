import { compareVersionedTag, type Finding, finding } from "@touchmark/core";
import { listed } from "../document/fields.ts";
import type { RuleEntry } from "../document/rule-entry.ts";
import { readTagRule, tagProblem } from "../tag-rule.ts";
import { taggedPackage } from "../tagged-package.ts";
import type { BuildExpectation } from "./expectation.ts";

const TAGS = "refs/tags/";
const BRANCHES = "refs/heads/";

/** `ref`, `tag`, `versioned-tag`, `branch` and `commit` of a rule. */
export function refExpectations(rule: RuleEntry): readonly BuildExpectation[] {
  const { ref, tag, "versioned-tag": versioned, branch, commit } = rule;
  const found: BuildExpectation[] = [];
  if (ref !== undefined) {
    found.push(({ source }) => differs("it was built from another ref", ref, source.ref));
  }
  if (tag !== undefined) {
    const expected = readTagRule(tag);
    if (typeof expected === "string") throw new TypeError(expected); // the document was checked
    found.push(({ source }, { names }) => {
      const actual = nameIn(source.ref, TAGS);
      if (actual === null) return tagMismatch(tag, source.ref);
      const problem = tagProblem(expected, actual, taggedPackage(names));
      return problem === null ? null : tagMismatch(tag, problem);
    });
  }
  if (versioned !== undefined) {
    found.push(({ source }) => {
      const actual = nameIn(source.ref, TAGS);
      if (actual === null) return tagMismatch(`${versioned}, or a version in it`, source.ref);
      if (compareVersionedTag(actual, versioned).kind === "same") return null;
      return tagMismatch(`${versioned}, or a version in it`, actual);
    });
  }
  if (branch !== undefined) {
    const branches = listed(branch);
    found.push(({ source }) => {
      const actual = nameIn(source.ref, BRANCHES);
      if (actual !== null && branches.includes(actual)) return null;
      return mismatch("it was built from another branch", branches.join(" or "), actual ?? source.ref);
    });
  }
  if (commit !== undefined) {
    found.push(({ source }) => differs("it was built from another commit", commit, source.commit));
  }
  return found;
}

/** True where the rule says in full which ref it must be. */
export function comparesNamedRef({ ref, tag, branch }: RuleEntry): boolean {
  return ref !== undefined || branch !== undefined || (tag !== undefined && !tag.includes("{"));
}

/** The name of a ref of one kind; null for other refs. */
function nameIn(ref: string | null, kind: string): string | null {
  return ref?.startsWith(kind) && ref.length > kind.length ? ref.slice(kind.length) : null;
}

function differs(message: string, expected: string, actual: string | null): Finding | null {
  return actual === expected ? null : mismatch(message, expected, actual);
}

function mismatch(message: string, expected: string, actual: string | null): Finding {
  return finding("SOURCE_MISMATCH", message, { expected, actual: actual ?? "nothing: nobody says it" });
}

function tagMismatch(expected: string, actual: string | null): Finding {
  return finding("TAG_MISMATCH", "it was built from another tag", {
    expected,
    actual: actual ?? "nothing: nobody says from which ref it was built",
  });
}
