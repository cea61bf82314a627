import { isJsonObject } from "@touchmark/core";
import { type FoundProblem, problem } from "./problem.ts";

/**
 * What the keys of `release` do not mean together.
 *
 * @param release - as it was parsed, checked by nothing yet.
 */
export function releaseProblems(release: unknown): readonly FoundProblem[] {
  if (!isJsonObject(release) || release["list"] !== undefined) return [];
  const path = ["release"];
  if (release["name"] !== undefined) {
    // Only a list names a release: an expectation that nothing is compared with would hold of every release.
    return [problem([...path, "name"], "`name` without `list: required`: only a list of the release names it")];
  }
  return release["version"] === undefined ? [problem(path, "`release` needs `version` or `list`")] : [];
}
