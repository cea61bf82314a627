import { compareWithBytes, type Finding } from "@touchmark/core";
import type { Artifact } from "../artifact.ts";
import type { CoveringEvidence } from "../expectation.ts";
import { notProvenance } from "../explain.ts";
import { fulfilled } from "../fulfilled.ts";
import { digestsOf, mentions, type PackageName } from "../match-name.ts";
import type { Against } from "../refusals.ts";
import type { SortedEvidence } from "../sorted-evidence.ts";
import type { Entry, SubjectIndex } from "../subject-index.ts";
import type { Check } from "./checks.ts";
import type { Compared, Step } from "./trace.ts";

/** Evidence that mentions one artifact: more of it explains no more. Unit: pieces. */
const MAX_RELATIONS = 50;

/** What a piece of evidence says about an artifact. */
export interface Relation {
  /** What the evidence is called. */
  readonly evidence: string;
  /** `provenance`, and what else may cover: `summary`. Everything else covers nothing: `other`, `refused`. */
  readonly kind: "provenance" | "summary" | "other" | "refused";
  /** Of what was believed: whether digest and name are the artifact's. */
  readonly steps: readonly Step[];
  /** Why it does not count, in its own words; none where it does, and where the steps say it. */
  readonly findings: readonly Finding[];
}

export interface RelationOptions {
  readonly anyName: boolean;
  readonly packageName: PackageName;
  /** What covers the artifact and does not count. */
  readonly against: Against;
}

/** Finds what mentions an artifact, with the functions that its verdict comes from. */
export function relationsOf(
  artifact: Artifact,
  { stated, summaries, other, refused }: SortedEvidence,
  options: RelationOptions,
): readonly Relation[] {
  const relations = new Map<string, Relation>();
  const add = <S extends { readonly name: string }>(
    kind: Relation["kind"],
    index: SubjectIndex<S>,
    whyNot: (source: S) => readonly Finding[],
    how = options,
  ) => {
    const fulfilledBy = new Set(
      [...fulfilled(artifact, index, how)].map(({ source, subject }) => key(source, subject)),
    );
    for (const entry of mentions(artifact, index, options.packageName)) {
      const { name } = entry.source;
      const known = relations.get(name);
      if (relations.size === MAX_RELATIONS && known === undefined) return;
      const isFulfilled = fulfilledBy.has(key(entry.source, entry.subject));
      const findings = whyNot(entry.source);
      const steps = kind === "refused" ? [] : stepsOf(artifact, entry, isFulfilled, kind === "other" ? findings : []);
      // Of several subjects the one that fits is worth saying.
      if (known === undefined || (known.kind === kind && steps.every(isPassed))) {
        relations.set(name, { evidence: name, kind, steps, findings });
      }
    }
  };
  const against = (source: CoveringEvidence) => options.against.get(source) ?? [];
  add("refused", refused, ({ findings }) => findings);
  add("provenance", stated, against);
  add("summary", summaries.named, against);
  add("summary", summaries.nameless, against, { ...options, anyName: true });
  add("other", other, (source) => [notProvenance(artifact, source)]);
  return [...relations.values()];
}

/** @param whyNothing - why it covers nothing, whatever it is about; none where it may. */
function stepsOf(
  artifact: Artifact,
  { subject }: Entry<unknown>,
  isFulfilled: boolean,
  whyNothing: readonly Finding[],
): readonly Step[] {
  const stated = Object.entries(subject.digest).map(([algorithm, hex]) => `${algorithm}:${hex}`);
  const sameBytes =
    isFulfilled || (artifact.kind !== "digest" && compareWithBytes(subject.digest, artifact.digests).kind === "match");
  const compared = (what: string, expected: string | null, actual: string | null): Compared => ({
    what,
    expected,
    expectedFrom: "statement",
    actual,
    actualFrom: "artifact",
  });
  const step = (check: Check, isGood: boolean, ...what: readonly Compared[]): Step => ({
    check,
    outcome: isGood ? "passed" : "refused",
    compared: what,
    finding: null,
  });
  const [nothing = null] = whyNothing;
  const predicate: Step = { ...step("predicate", nothing === null), finding: nothing };
  const digest = step("digest", sameBytes, compared("digests", stated.join(", "), digestsOf(artifact).join(", ")));
  const name = step("name", isFulfilled, compared("name", subject.name ?? null, artifact.name));
  return upToRefusal([predicate, digest, name]);
}

/** What comes after a refusal was not looked at. */
function upToRefusal(steps: readonly Step[]): readonly Step[] {
  const refused = steps.findIndex((step) => !isPassed(step));
  return refused === -1 ? steps : steps.slice(0, refused + 1);
}

function isPassed({ outcome }: Step): boolean {
  return outcome === "passed";
}

const KEYS = new WeakMap<object, number>();
let keys = 0;

/** One text for one pair of objects. */
function key(source: object, subject: object): string {
  return [source, subject]
    .map((one) => {
      const known = KEYS.get(one) ?? ++keys;
      KEYS.set(one, known);
      return known;
    })
    .join(" ");
}
