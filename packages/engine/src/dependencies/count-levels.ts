import { compareText, TouchmarkError } from "@touchmark/core";
import type { DependencyGraph } from "./dependency-graph.ts";
import { MAX_COUNTED } from "./limits.ts";

/** What an artifact was built from, directly and through others. */
export interface CountedDependencies {
  readonly count: number;
  /** How many have each level, as verification summaries say it: each dependency once a track. */
  readonly levels: Record<string, number>;
}

/** An artifact, as its report names it. */
export interface Dependent {
  /** `ALGORITHM:HEX`; null where it has no digest that a dependency could have. */
  readonly key: string | null;
  /** Names of the evidence that covers it. */
  readonly statements: readonly string[];
}

/**
 * Counts, for one artifact after the other, what can be reached in so many steps; what lies one step further counts as not
 * evaluated. The artifact itself is none of its dependencies, though its builds may say so.
 *
 * @returns a function that gives null where nothing says what was used.
 * @throws TouchmarkError `LIMIT_EXCEEDED`.
 */
export function countingLevels(
  graph: DependencyGraph,
  depth: number,
): (artifact: Dependent) => CountedDependencies | null {
  const reached = new Map<readonly string[], Reached>();
  let counted = 0;
  return ({ key, statements }) => {
    const uses = graph.usesOf(statements);
    if (uses === null) return null;
    const found = reached.get(uses) ?? reachedBy(graph, uses, depth);
    reached.set(uses, found);
    const { each, sum } = found;
    counted += each.size;
    if (counted > MAX_COUNTED) throw tooMany();
    // Few artifacts were used to build themselves: all others of one build have one sum.
    if (key === null || !each.has(key)) return sum;
    return sumOf([...each].flatMap(([text, levels]) => (text === key ? [] : [levels])));
  };
}

/** What one build used, directly and through others. */
interface Reached {
  /** Levels by the key of the dependency. */
  readonly each: ReadonlyMap<string, readonly string[]>;
  readonly sum: CountedDependencies;
}

function reachedBy(graph: DependencyGraph, uses: readonly string[], depth: number): Reached {
  const each = reachable(graph, uses, depth);
  return { each, sum: sumOf([...each.values()]) };
}

/** Each of several dependencies once, by their levels. */
export function sumOf(each: readonly (readonly string[])[]): CountedDependencies {
  const levels = new Map<string, number>();
  for (const level of each.flat()) levels.set(level, (levels.get(level) ?? 0) + 1);
  const sorted = [...levels].sort(([left], [right]) => compareText(left, right));
  return { count: each.length, levels: Object.fromEntries(sorted) };
}

function reachable(
  { nodes }: DependencyGraph,
  start: readonly string[],
  depth: number,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  // What one build made uses the same.
  const followed = new Set<readonly string[]>();
  let next: ReadonlySet<string> = new Set(start);
  for (let at = 1; at <= depth + 1 && next.size > 0; at += 1) {
    const uses = new Set<string>();
    for (const text of next) {
      const node = nodes.get(text);
      if (node === undefined || found.has(text)) continue;
      found.set(text, at > depth ? UNSEEN : node.levels);
      if (followed.has(node.uses)) continue;
      followed.add(node.uses);
      for (const one of node.uses) if (!found.has(one)) uses.add(one);
    }
    next = uses;
  }
  return found;
}

const UNSEEN = ["SLSA_BUILD_LEVEL_UNEVALUATED"] as const;

function tooMany(): TouchmarkError {
  return new TouchmarkError("LIMIT_EXCEEDED", "the artifacts have too many dependencies to count", {
    expected: `at most ${MAX_COUNTED} in all; a smaller --deps`,
    actual: "more",
  });
}
