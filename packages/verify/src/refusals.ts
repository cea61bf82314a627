import type { Finding } from "@touchmark/core";
import type { Artifact, Refusal, Refusals, Verdict } from "./artifact.ts";
import { contradicted, notProvenance, type Sayings } from "./explain.ts";
import { MAX_LISTED_REFUSALS, MAX_MENTIONS, MAX_REFUSALS } from "./limits.ts";
import { mentions, type PackageName } from "./match-name.ts";
import { indexSubjects, type SubjectIndex } from "./subject-index.ts";

/** Lists why evidence does not count, for the artifacts of one run. */
export interface RefusalLister {
  /**
   * Every piece of evidence that mentions an artifact and does not count, each in its own words; the one whose words the verdict
   * has comes first, the others in the order of their names.
   *
   * @param against - what covers the artifact, and why each of it is not enough.
   */
  of(artifact: Artifact, verdict: Verdict, sayings: Sayings, names: PackageName, against: Against): Refusals;
}

/** Why each of what covers an artifact does not count; nothing where only all together lack something. */
export type Against = ReadonlyMap<{ readonly name: string }, readonly Finding[]>;

/** Bounded for the whole run: an attacker can write any number of statements about any number of artifacts. */
export function refusalLister(): RefusalLister {
  let room = MAX_REFUSALS;
  let visits = MAX_MENTIONS;
  const alone = new WeakMap<object, Pick<Sayings, "provenance">>();

  function* visited<S extends { readonly name: string }>(
    artifact: Artifact,
    index: SubjectIndex<S>,
    packageName: PackageName,
  ): Iterable<S> {
    const seen = new Set<S>();
    for (const { source } of mentions(artifact, index, packageName)) {
      if (visits === 0) return;
      visits -= 1;
      if (seen.has(source)) continue;
      seen.add(source);
      yield source;
    }
  }

  return {
    of(artifact, verdict, sayings, packageName, against) {
      const refusals: Refusal[] = [];
      const add = ({ name }: { readonly name: string }, findings: readonly Finding[]) => {
        for (const one of findings) refusals.push({ bundle: name, ...one });
      };
      for (const [source, findings] of against) add(source, findings);
      for (const source of visited(artifact, sayings.provenance, packageName)) {
        if (against.has(source)) continue;
        const own = alone.get(source) ?? {
          provenance: indexSubjects([{ source, subjects: source.verified.statement.subject }]),
        };
        alone.set(source, own);
        add(source, contradicted(artifact, own, packageName)?.findings ?? []);
      }
      for (const source of visited(artifact, sayings.other, packageName))
        add(source, [notProvenance(artifact, source)]);
      for (const source of visited(artifact, sayings.refused, packageName)) {
        if (!against.has(source)) add(source, source.findings);
      }
      const listed = leadFirst(refusals, verdict).slice(0, Math.min(MAX_LISTED_REFUSALS, room));
      room -= listed.length;
      return { count: refusals.length, listed };
    },
  };
}

/** A verdict says the words of one piece of evidence with its name, and the artifact's, in front. */
function leadFirst(refusals: readonly Refusal[], { findings: [lead] }: Verdict): readonly Refusal[] {
  const isLead = ({ bundle, code, message }: Refusal) =>
    code === lead?.code &&
    (lead.message === message || (lead.message.endsWith(`: ${message}`) && lead.message.includes(bundle)));
  const first = refusals.findIndex(isLead);
  return first < 1 ? refusals : [...refusals.slice(first, first + 1), ...refusals.toSpliced(first, 1)];
}
