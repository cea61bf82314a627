import type { Artifact, Verdict } from "../artifact.ts";
import type { SortedEvidence } from "../sorted-evidence.ts";
import { SHOWING_SIGNING, type ShowSigning } from "./compared-signing.ts";
import { SHOWING_STATEMENTS, type ShowStatements } from "./compared-statement.ts";
import { type Relation, type RelationOptions, relationsOf } from "./relations.ts";
import type { Attempt, Step, Trace } from "./trace.ts";

/** What was judged of an artifact that somebody wants explained. */
export interface JudgedArtifact {
  readonly name: string;
  readonly verdict: Verdict;
  readonly relations: readonly Relation[];
}

/**
 * What verification really did, for whoever wants one artifact explained: handed in as `trace`, and read afterwards. Nothing is
 * judged by it.
 */
export class TraceBook {
  readonly #about: string | null;
  readonly #pieces = new Map<string, Trace<ShowSigning & ShowStatements>>();
  readonly #judged: JudgedArtifact[] = [];

  /** @param about - the artifact's name, as the report calls it, or the last segment of that; null for all. */
  constructor(about: string | null) {
    this.#about = about;
  }

  /** Of those artifacts that have the name: one, but where several targets hold it. */
  get judged(): readonly JudgedArtifact[] {
    return this.#judged;
  }

  /** What was done with a piece of evidence; nothing where it was not examined. */
  attemptsAt(evidence: string): readonly Attempt[] {
    return this.#pieces.get(evidence)?.attempts ?? [];
  }

  /** A piece is examined, or examined again with more: what was noted before does not count. */
  piece(name: string): Trace<ShowSigning & ShowStatements> {
    const trace = newTrace();
    this.#pieces.set(name, trace);
    return trace;
  }

  judge(artifact: Artifact, verdict: Verdict, sayings: SortedEvidence, options: RelationOptions): void {
    const { name } = artifact;
    if (this.#about !== null && !isCalled(name, this.#about)) return;
    this.#judged.push({ name, verdict, relations: relationsOf(artifact, sayings, options) });
  }
}

function newTrace(): Trace<ShowSigning & ShowStatements> {
  const attempts: { readonly trust: string; readonly steps: Step[] }[] = [];
  return {
    attempts,
    showing: { ...SHOWING_SIGNING, ...SHOWING_STATEMENTS },
    attempt(trust) {
      attempts.push({ trust, steps: [] });
    },
    note(...steps) {
      if (attempts.length === 0) attempts.push({ trust: "", steps: [] });
      attempts.at(-1)?.steps.push(...steps);
    },
    branch: newTrace,
  };
}

/** Whether an artifact may be called so: by its name, or the last segments of it. */
export function isCalled(name: string, called: string): boolean {
  return name === called || name.endsWith(`/${called}`);
}
