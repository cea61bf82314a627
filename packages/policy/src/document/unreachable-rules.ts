import { readGlob } from "../glob.ts";
import { PatternIndex } from "../pattern-index.ts";
import { listed } from "./fields.ts";
import { type FoundProblem, problem } from "./problem.ts";

/**
 * Patterns that never decide, since an earlier rule already matches every name that they match. Found where it is plain: an
 * equal pattern, a name that an earlier pattern matches, anything below an earlier `…**`.
 *
 * @param shownRule - how an earlier rule is called in the text: `line 12`.
 */
export function unreachablePatterns(
  rules: readonly { readonly match: string | readonly string[] }[],
  shownRule: (index: number) => string,
): readonly FoundProblem[] {
  const found: FoundProblem[] = [];
  const index = new PatternIndex();
  for (const [at, { match }] of rules.entries()) {
    const globs = listed(match).map(readGlob);
    for (const [position, glob] of globs.entries()) {
      if (typeof glob === "string") continue;
      const earlier = index.coverOf(glob);
      if (earlier === null) continue;
      const path = ["artifacts", at, "match", ...(typeof match === "string" ? [] : [position])];
      found.push(
        problem(path, `\`${glob.text}\` never decides: the rule at ${shownRule(earlier)} matches all of it first`),
      );
    }
    for (const glob of globs) if (typeof glob !== "string") index.add(glob, at);
  }
  return found;
}
