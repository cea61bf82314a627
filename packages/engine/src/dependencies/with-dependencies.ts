import { compareText } from "@touchmark/core";
import { type Denials, type Evidence, type Expectations, judge, needsSource } from "@touchmark/verify";
import type { ArtifactReport, CheckReport } from "../report.ts";
import { countingLevels } from "./count-levels.ts";
import { type DependencyNode, dependencyGraph, type JudgeDigests } from "./dependency-graph.ts";
import { keyOfDigest } from "./dependency-key.ts";

/**
 * Adds to verified artifacts what they were built from, each dependency judged by its digest under the same trust. It changes no
 * verdict: what a build used is as complete as its builder cared to say.
 *
 * @param depth - how many steps, at least 1.
 * @throws TouchmarkError `LIMIT_EXCEEDED`.
 */
export async function withDependencies(
  artifacts: readonly ArtifactReport[],
  { evidence }: { readonly evidence: readonly Evidence[] },
  { depth, denials }: { readonly depth: number; readonly denials: Denials },
): Promise<{
  readonly artifacts: readonly ArtifactReport[];
  readonly dependencies: NonNullable<CheckReport["dependencies"]>;
}> {
  const judgeDigests: JudgeDigests = async (digests) =>
    (await judge(digests, evidence, { anyName: false, denials, expectations: OF_A_SOURCE })).verdicts;
  const holding = artifacts.filter(({ status }) => status === "verified");
  const graph = await dependencyGraph(holding.flatMap(namesOf), evidence, depth, judgeDigests);
  const count = countingLevels(graph, depth);
  return {
    artifacts: artifacts.map((one) =>
      one.status === "verified"
        ? { ...one, dependencies: count({ key: keyOfDigest(one.digest), statements: namesOf(one) }) }
        : one,
    ),
    dependencies: [...graph.nodes.values()].sort(compareNodes).map(described),
  };
}

/** A policy's rules are for artifacts: what trust left to them about the source, nobody says of a dependency. */
const OF_A_SOURCE: Expectations = {
  namesPackages: false,
  of: () => ({
    exception: null,
    statement({ evidence }) {
      const unset = needsSource(evidence.verified);
      return unset === null ? [] : [unset];
    },
    whole: () => [],
  }),
};

function namesOf({ statements }: ArtifactReport): readonly string[] {
  return statements.map(({ bundle }) => bundle);
}

function compareNodes(left: DependencyNode, right: DependencyNode): number {
  return left.depth - right.depth || compareText(left.key.text, right.key.text);
}

function described({ key, uri, name, depth, verdict, levels }: DependencyNode) {
  return {
    digest: key.kind === "name" ? null : key.text,
    uri,
    name,
    depth,
    status: verdict?.status ?? null,
    levels: [...levels],
    statements: verdict?.status === "verified" ? verdict.statements.map(({ bundle }) => bundle) : [],
  };
}
