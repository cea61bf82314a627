import {
  compareText,
  type Dependency,
  readDependencies,
  readSlsaResult,
  readSource,
  sameRepository,
  TouchmarkError,
} from "@touchmark/core";
import type { DigestArtifact, Evidence, Status, SummaryEvidence, Verdict } from "@touchmark/verify";
import { verifiedLevels } from "../summary/verified-levels.ts";
import { type DependencyKey, dependencyKey, GIT_COMMIT } from "./dependency-key.ts";
import { MAX_DEPENDENCIES } from "./limits.ts";

/** What a dependency turned out to be. */
export interface DependencyNode {
  readonly key: DependencyKey;
  /** What provenance calls it; of several names the first by text. */
  readonly uri: string | null;
  readonly name: string | null;
  /** The shortest way from an artifact to it: 1 for what the artifact's own build used. */
  readonly depth: number;
  /** Null where nobody looked: it lies further away than was asked for. */
  readonly verdict: Verdict | null;
  /** One a track. */
  readonly levels: readonly string[];
  /** Keys of what its own build used, as the statements say that cover it. */
  readonly uses: readonly string[];
}

export interface DependencyGraph {
  readonly nodes: ReadonlyMap<string, DependencyNode>;
  /**
   * Keys of what the builds used whose statements have these names, one list for the same names; null where none of them is
   * provenance, which alone says.
   */
  usesOf(statements: readonly string[]): readonly string[] | null;
}

/** Says of each digest what holds, under the same trust. */
export type JudgeDigests = (artifacts: readonly DigestArtifact[]) => Promise<readonly Verdict[]>;

/**
 * Follows what the builds used of statements that cover artifacts, step by step, each dependency once. Only what somebody trusted
 * stated is followed, so that nobody else's evidence adds a dependency. Cycles end by themselves.
 *
 * @param covering - names of the evidence that covers the artifacts.
 * @param evidence - examined with `wholeStatements`.
 * @param depth - how many steps; what lies one further is named, and not looked at.
 * @throws TouchmarkError `LIMIT_EXCEEDED`, `STATEMENT_MALFORMED`.
 */
export async function dependencyGraph(
  covering: readonly string[],
  evidence: readonly Evidence[],
  depth: number,
  judge: JudgeDigests,
): Promise<DependencyGraph> {
  const stated = statedDependencies(evidence);
  const sources = sourceSummaries(evidence);
  const nodes = new Map<string, DependencyNode>();
  let found = described(stated.of(covering));
  for (let at = 1; found.size > 0; at += 1) {
    if (nodes.size + found.size > MAX_DEPENDENCIES) throw tooMany();
    if (at > depth) {
      for (const [text, one] of found) nodes.set(text, { ...one, depth: at, ...UNSEEN });
      break;
    }
    const files = [...found.values()].flatMap(({ key }) => (key.kind === "digest" ? [key] : []));
    const verdicts = await judge(files.map(artifactOf));
    const judged = new Map(files.map((key, index) => [key.text, verdicts[index]]));
    const next = new Set<string>();
    for (const [text, one] of found) {
      const verdict = judged.get(text) ?? null;
      const covers = verdict?.status === "verified" ? verdict.statements.map(({ bundle }) => bundle) : [];
      for (const name of covers) next.add(name);
      const uses = stated.usesOf(covers);
      nodes.set(text, { ...one, depth: at, verdict, levels: levelsOf(one, verdict, sources), uses });
    }
    found = new Map([...described(stated.of(next))].filter(([text]) => !nodes.has(text)));
  }
  return { nodes, usesOf: (names) => (names.some(stated.isProvenance) ? stated.usesOf(names) : null) };
}

const UNEVALUATED = "SLSA_BUILD_LEVEL_UNEVALUATED";
const UNSEEN = { verdict: null, levels: [UNEVALUATED], uses: [] } as const;

type Described = Pick<DependencyNode, "key" | "uri" | "name">;

/** Each dependency once, whatever the order in which builds state it. */
function described(dependencies: readonly Dependency[]): ReadonlyMap<string, Described> {
  const found = new Map<string, Described>();
  for (const one of dependencies) {
    const key = dependencyKey(one);
    const known = found.get(key.text);
    found.set(key.text, {
      key,
      uri: first(known?.uri, one.uri),
      name: first(known?.name, one.name),
    });
  }
  return found;
}

function first(left: string | null | undefined, right: string | undefined): string | null {
  const texts = [left, right].filter((one) => one !== null && one !== undefined);
  return texts.sort(compareText)[0] ?? null;
}

function artifactOf({ algorithm, hex, text }: Extract<DependencyKey, { readonly kind: "digest" }>): DigestArtifact {
  return { kind: "digest", name: text, algorithm, hex };
}

/**
 * Dependencies by the evidence that states them, read when they are asked for. One statement may cover 100,000 artifacts: what it
 * states is read once.
 */
function statedDependencies(evidence: readonly Evidence[]) {
  const statements = new Map(
    evidence.flatMap((one) =>
      one.kind === "trusted" && one.verified.predicate !== null ? [[one.name, one.verified.statement] as const] : [],
    ),
  );
  const read = new Map<string, readonly Dependency[]>();
  const keys = new Map<string, readonly string[]>();
  const statedBy = (name: string): readonly Dependency[] => {
    const known = read.get(name);
    if (known !== undefined) return known;
    const statement = statements.get(name);
    const made = statement === undefined ? [] : readDependencies(statement);
    read.set(name, made);
    return made;
  };
  const of = (names: Iterable<string>) => [...new Set(names)].flatMap(statedBy);
  return {
    isProvenance: (name: string) => statements.has(name),
    of,
    usesOf(names: readonly string[]): readonly string[] {
      const together = JSON.stringify([...names].sort(compareText));
      const uses = keys.get(together) ?? [...new Set(of(names).map((one) => dependencyKey(one).text))];
      keys.set(together, uses);
      return uses;
    },
  };
}

/** Accepted summaries by the revision that they are about. */
function sourceSummaries(evidence: readonly Evidence[]): ReadonlyMap<string, readonly SummaryEvidence[]> {
  const summaries = new Map<string, SummaryEvidence[]>();
  for (const one of evidence) {
    if (one.kind !== "summary") continue;
    for (const { digest } of one.verified.statement.subject) {
      const commit = Object.hasOwn(digest, GIT_COMMIT) ? digest[GIT_COMMIT] : undefined;
      if (commit === undefined) continue;
      summaries.set(commit, [...(summaries.get(commit) ?? []), one]);
    }
  }
  return summaries;
}

/**
 * The levels that count. Where nothing trusted is about the bytes there is no provenance that counts: level 0. A revision without a
 * summary is at level 0 of the source track (https://slsa.dev/spec/v1.2/source-requirements).
 */
function levelsOf(
  { key, uri }: Described,
  verdict: Verdict | null,
  sources: ReadonlyMap<string, readonly SummaryEvidence[]>,
): readonly string[] {
  if (key.kind === "name") return [UNEVALUATED];
  if (key.kind === "revision") {
    const about = (sources.get(key.hex) ?? []).filter(({ summary }) => isOfRepository(summary.resourceUri, uri));
    const levels = about.flatMap(({ summary }) => summary.levels).flatMap((level) => readSlsaResult(level) ?? []);
    return [
      `SLSA_SOURCE_LEVEL_${Math.max(0, ...levels.map((one) => (one.track === "SOURCE" ? (one.level ?? 0) : 0)))}`,
    ];
  }
  if (verdict === null) return [UNEVALUATED];
  if (verdict.status === "verified") return verifiedLevels(verdict).filter((level) => readSlsaResult(level) !== null);
  if (verdict.status === "unknown") return [UNEVALUATED];
  return REFUSED.includes(verdict.status) && verdict.findings.some(({ code }) => FORBIDDEN.includes(code))
    ? ["FAILED"]
    : ["SLSA_BUILD_LEVEL_0"];
}

const REFUSED: readonly Status[] = ["policy", "tampered"];
/** Somebody who decides said no; another refusal only says that nothing here is about the bytes. */
const FORBIDDEN: readonly string[] = ["DENIED", "VSA_FAILED"];

/** A commit can lie in many repositories, and only some of them are looked after. */
function isOfRepository(resource: string, uri: string | null): boolean {
  const repositoryIn = (text: string) => readSource({ uri: text })?.repository ?? null;
  return uri !== null && sameRepository(repositoryIn(resource), repositoryIn(uri));
}

function tooMany(): TouchmarkError {
  return new TouchmarkError("LIMIT_EXCEEDED", "the artifacts have too many dependencies to follow", {
    expected: `at most ${MAX_DEPENDENCIES} different ones; a smaller --deps`,
    actual: "more",
  });
}
