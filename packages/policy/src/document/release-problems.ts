import { isJsonObject } from "@touchmark/core";
import { type FoundProblem, problem } from "./problem.ts";

/** The keys of `release`, of which one at least says something. */
const KEYS = ["version", "list", "name"] as const;

/** @param release - as it was parsed, checked by nothing yet. */
export function releaseProblems(release: unknown): readonly FoundProblem[] {
  if (!isJsonObject(release) || KEYS.some((key) => release[key] !== undefined)) return [];
  return [problem(["release"], `\`release\` says nothing: give \`${KEYS.join("`, `")}\``)];
}
