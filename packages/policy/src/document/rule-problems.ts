import { isJsonObject } from "@touchmark/core";
import { MAX_TEXT } from "../limits.ts";
import { requiresProvenance, requiresSummary } from "../predicate-kinds.ts";
import type { TagRule } from "../tag-rule.ts";
import { type FoundProblem, problem } from "./problem.ts";

/** Keys that each say all of which ref something was built from. */
const REF_KEYS = ["ref", "tag", "versioned-tag", "branch"] as const;

/** Keys about a build, which only provenance describes. */
const PROVENANCE_KEYS = [
  ...["source", "source-id", "owner-id", "any-source"],
  ...REF_KEYS,
  "commit",
  "build-type",
  "builder",
  "parameters",
  "workflow-inputs",
  "builders",
] as const;

/**
 * What keys of one rule do not mean together, as far as the rule can be read: also beside problems of another kind, so that
 * one look at a file finds all.
 *
 * @param rule - as it was parsed, checked by nothing yet.
 * @param readTag - as `readTagRule`: many rules have one tag, and ranges take long to read.
 */
export function ruleProblems(
  rule: unknown,
  path: readonly PropertyKey[],
  readTag: (text: string) => TagRule | string,
): readonly FoundProblem[] {
  if (!isJsonObject(rule)) return [];
  const has = (key: string) => rule[key] !== undefined;
  const found: FoundProblem[] = [];
  const add = (key: string, text: string) => found.push(problem([...path, key], text));

  const refs = REF_KEYS.filter(has);
  for (const key of refs.slice(1)) add(key, `\`${key}\` beside \`${refs[0]}\`: say the ref once`);

  const tag = typeof rule["tag"] === "string" && rule["tag"].length <= MAX_TEXT ? readTag(rule["tag"]) : null;
  if (typeof tag === "string") add("tag", `\`tag\`: ${tag}`);

  const required = Array.isArray(rule["require"]) ? rule["require"] : null;
  if (required === null || requiresProvenance(required)) {
    if (!has("source") && !has("any-source")) {
      found.push(
        problem(
          path,
          "this rule expects no source, so that anybody who may use the builder can make what it accepts: give `source`, or `any-source: true` if that is meant",
        ),
      );
    }
  } else {
    for (const key of PROVENANCE_KEYS.filter(has)) {
      add(key, `\`${key}\` is about provenance, which \`require\` does not have`);
    }
    if (!requiresSummary(required)) {
      add("require", "`require` needs provenance or vsa: nothing else says that an artifact is what it seems");
    }
  }
  if (has("any-source")) {
    for (const key of ["source", "source-id", "owner-id"].filter(has)) add(key, `\`${key}\` beside \`any-source\``);
  }
  for (const key of ["source-id", "owner-id"].filter(has)) {
    if (!has("source") && !has("any-source"))
      add(key, `\`${key}\` needs \`source\`: each host counts its ids from one`);
  }
  const parameters = rule["parameters"];
  const values = isJsonObject(parameters) ? parameters["values"] : undefined;
  for (const [key, named] of [
    ["workflow-inputs", rule["workflow-inputs"]],
    ["parameters", values],
  ] as const) {
    // Whatever reads a section by its schema leaves out this one name.
    if (isJsonObject(named) && Object.hasOwn(named, "__proto__")) add(key, `\`${key}\`: __proto__ is no name here`);
  }
  if (isJsonObject(parameters) && Object.keys(parameters).length === 0) {
    add("parameters", "`parameters` expects nothing: give `only`, `values` or `reject-unknown`");
  }
  return found;
}
