import { compareWithBytes, type Finding } from "@touchmark/core";
import type { Artifact } from "../artifact.ts";
import { fulfilled } from "../fulfilled.ts";
import { aboutName, digestsOf, type PackageName, sameDigest } from "../match-name.ts";
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
  /** Why it was not believed; null where it was. */
  readonly finding: Finding | null;
}

/** Finds what mentions an artifact, with the functions that its verdict comes from. */
export function relationsOf(
  artifact: Artifact,
  { stated, summaries, other, refused }: SortedEvidence,
  options: { readonly anyName: boolean; readonly packageName: PackageName },
): readonly Relation[] {
  const relations = new Map<string, Relation>();
  const add = <S extends { readonly name: string }>(kind: Relation["kind"], index: SubjectIndex<S>, how = options) => {
    const fulfilledBy = new Set(
      [...fulfilled(artifact, index, how)].map(({ source, subject }) => key(source, subject)),
    );
    for (const entry of mentions(artifact, index, options.packageName)) {
      const { name } = entry.source;
      const known = relations.get(name);
      if (relations.size === MAX_RELATIONS && known === undefined) return;
      const isFulfilled = fulfilledBy.has(key(entry.source, entry.subject));
      const steps = kind === "refused" ? [] : stepsOf(artifact, entry, isFulfilled, kind);
      // Of several subjects the one that fits is worth saying.
      if (known === undefined || (known.kind === kind && steps.every(isPassed))) {
        relations.set(name, { evidence: name, kind, steps, finding: findingIn(entry.source) });
      }
    }
  };
  add("refused", refused);
  add("provenance", stated);
  add("summary", summaries.named);
  add("summary", summaries.nameless, { ...options, anyName: true });
  add("other", other);
  return [...relations.values()];
}

function findingIn(source: object): Finding | null {
  return "findings" in source ? ((source.findings as readonly Finding[])[0] ?? null) : null;
}

function* mentions<S>(artifact: Artifact, index: SubjectIndex<S>, packageName: PackageName): Iterable<Entry<S>> {
  yield* sameDigest(artifact, index);
  // Of an image the digest alone says which one it is.
  if (artifact.kind !== "digest" && artifact.kind !== "image") yield* aboutName(artifact, index, packageName);
}

function stepsOf(
  artifact: Artifact,
  { subject }: Entry<unknown>,
  isFulfilled: boolean,
  kind: Relation["kind"],
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
  const predicate = step("predicate", kind !== "other");
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
