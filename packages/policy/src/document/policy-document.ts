import { isJsonObject, TouchmarkError } from "@touchmark/core";
import { MAX_PROBLEMS } from "../limits.ts";
import { readTagRule, type TagRule } from "../tag-rule.ts";
import { PolicyFile } from "./policy-file.ts";
import { type FoundProblem, type PolicyProblem, shownProblem } from "./problem.ts";
import { releaseProblems } from "./release-problems.ts";
import { ruleProblems } from "./rule-problems.ts";
import { structureProblems } from "./structure-problems.ts";
import { unreachablePatterns } from "./unreachable-rules.ts";

/** Where a policy comes from. */
export interface PolicySource {
  /** As the user named the file. */
  readonly label: string;
  /** SHA-256 of the file, lowercase hex. */
  readonly digest: string;
  /** `:19:7` for a place in the file, by the keys that lead to it. */
  readonly placeOf?: (keys: readonly PropertyKey[]) => string;
}

/** A policy that is well formed. Made by {@link policyDocument} only; `compilePolicy` makes it ready to judge. */
export interface PolicyDocument extends Required<PolicySource> {
  readonly file: PolicyFile;
  /** What stands under `trust`: a list of entries, or the path of a file beside the policy; null for nothing. */
  readonly trust: string | readonly unknown[] | null;
  /** What stands under `deny`: entries of a deny list, which verify's `denyList` reads; null for nothing. */
  readonly deny: readonly unknown[] | null;
  readonly [checked]: true;
}

declare const checked: unique symbol;

/**
 * Everything that is wrong with a policy but for its expressions, in the order of the file; none for one that is fine.
 *
 * @param data - parsed from YAML or JSON.
 */
export function documentProblems(data: unknown, source: PolicySource): readonly PolicyProblem[] {
  return read(data, source).problems;
}

function read(
  data: unknown,
  { placeOf = () => "" }: PolicySource,
): { readonly file: PolicyFile | null; readonly problems: readonly PolicyProblem[] } {
  const parsed = PolicyFile.safeParse(data);
  const rules = isJsonObject(data) && Array.isArray(data["artifacts"]) ? data["artifacts"] : [];
  const tags = new Map<string, TagRule | string>();
  const readTag = (text: string) => {
    const known = tags.get(text) ?? readTagRule(text);
    tags.set(text, known);
    return known;
  };
  const shownRule = (index: number) =>
    placeOf(["artifacts", index]).replace(/^:(\d+).*$/, "line $1") || `artifacts.${index}`;
  const found: readonly FoundProblem[] = [
    ...(parsed.success ? [] : structureProblems(parsed.error.issues)),
    ...(isJsonObject(data) ? releaseProblems(data["release"]) : []),
    ...rules.flatMap((rule, index) => ruleProblems(rule, ["artifacts", index], readTag)),
    ...(parsed.success ? unreachablePatterns(parsed.data.artifacts, shownRule) : []),
  ];
  return { file: parsed.success ? parsed.data : null, problems: placed(found, placeOf) };
}

/** Problems with their places, sorted by them. */
export function placed(
  found: readonly FoundProblem[],
  placeOf: Required<PolicySource>["placeOf"],
): readonly PolicyProblem[] {
  return found
    .slice(0, MAX_PROBLEMS)
    .map((one) => ({ ...one, place: placeOf(one.path) }))
    .sort((left, right) => compareNumbers(numbersOf(left.place), numbersOf(right.place)));
}

/**
 * Reads a policy that was parsed from YAML or JSON.
 *
 * @throws TouchmarkError `POLICY_INVALID`, with the place of the first problem, for anything that is not understood or means
 * nothing: it could be the rule that matters.
 */
export function policyDocument(data: unknown, source: PolicySource): PolicyDocument {
  const { file, problems } = read(data, source);
  refuse(problems, source.label);
  if (file === null) throw new TypeError("a policy without problems was not read");
  const { label, digest, placeOf = () => "" } = source;
  return { label, digest, placeOf, file, trust: file.trust ?? null, deny: file.deny ?? null } as PolicyDocument;
}

/** @throws TouchmarkError `POLICY_INVALID` where there is a problem. */
export function refuse(problems: readonly PolicyProblem[], label: string): void {
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length - 1;
  throw new TouchmarkError("POLICY_INVALID", `${label}${first.place} ${shownProblem(first)}`, {
    expected: "what docs/policy.md says",
    actual: more === 0 ? null : `${more} further problem${more === 1 ? "" : "s"}; touchmark policy check lists all`,
  });
}

function numbersOf(place: string): readonly number[] {
  return place.split(":").slice(1).map(Number);
}

function compareNumbers(
  [line = 0, column = 0]: readonly number[],
  [otherLine = 0, otherColumn = 0]: readonly number[],
): number {
  return line - otherLine || column - otherColumn;
}
