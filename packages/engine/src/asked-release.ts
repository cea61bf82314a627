import { comparableRepository, compareText, type Finding, finding } from "@touchmark/core";
import type { ArtifactRule } from "@touchmark/policy";
import type { Artifact, Covering, Expectation, Expectations, Signer } from "@touchmark/verify";
import type { BroughtTarget } from "./brought-target.ts";
import { MAX_LISTED_REFS } from "./check-limits.ts";
import { builtFrom } from "./policy/statement-facts.ts";

type Asked = NonNullable<BroughtTarget["release"]>;

/** An artifact that lies in a release which somebody asked for by its tag. */
export interface AskedFor {
  /** As a report calls the release: `gh:octo/tool@v1.2.3`. */
  readonly target: string;
  readonly release: Asked;
}

/** What a policy has to say, if there is one, and that nothing was built from another tag than was asked for. */
export interface AskedExpectations extends Expectations {
  /** For each release, how many of some artifacts nobody signed to be of its tag: no failure, and worth knowing. */
  unproven(holding: readonly Artifact[]): readonly Finding[];
}

/**
 * Whoever can replace the files of a release can put an older one there, soundly signed. So a statement that names another tag of
 * the repository does not satisfy. One that names a branch, or another repository, says nothing of this one's tags: many tag what
 * was built already. Where trust or the policy's rule names the ref, that was compared, and the user's word goes before the tag.
 *
 * @param asked - the artifacts of releases; of all others nothing more is expected.
 * @param policy - what else is expected; null for nothing.
 */
export function expectingReleases(
  asked: ReadonlyMap<Artifact, AskedFor>,
  policy: (Expectations & { ruleOf(artifact: Artifact): ArtifactRule | null }) | null,
): AskedExpectations {
  const refs = new Map<Artifact, readonly string[]>();
  return {
    namesPackages: policy?.namesPackages ?? false,
    of(artifact, packageName) {
      const expected = policy?.of(artifact, packageName) ?? NOTHING;
      const release = asked.get(artifact)?.release;
      if (release === undefined || policy?.ruleOf(artifact)?.namesRef === true) return expected;
      return {
        ...expected,
        statement(covering) {
          const findings = expected.statement(covering);
          const other = otherTag(covering, release);
          return other === null ? findings : [...findings, other];
        },
        whole(satisfying, others) {
          const isProven = satisfying.some((one) => namesRef(one.evidence.verified.signer) || isOf(one, release));
          if (!isProven) refs.set(artifact, satisfying.map(shownRef));
          return expected.whole(satisfying, others);
        },
      };
    },
    unproven: (holding) => notes(holding, asked, refs),
  };
}

const NOTHING: Expectation = { exception: null, statement: () => [], whole: () => [] };

const TAGS = "refs/tags/";

function otherTag(covering: Covering, release: Asked): Finding | null {
  const { repository, ref } = builtFrom(covering.evidence.verified);
  if (namesRef(covering.evidence.verified.signer) || !isIn(repository, release)) return null;
  if (ref === null || !ref.startsWith(TAGS) || ref === `${TAGS}${release.tag}`) return null;
  return finding("TAG_MISMATCH", "it was built from another tag than the release has", {
    expected: release.tag,
    actual: ref.slice(TAGS.length),
  });
}

function isOf({ evidence }: Covering, release: Asked): boolean {
  const { repository, ref } = builtFrom(evidence.verified);
  return isIn(repository, release) && ref === `${TAGS}${release.tag}`;
}

/** By its path, whose case GitHub and GitLab ignore: an API of one's own may have another host than the pages, and so has a mirror. */
function isIn(repository: string | null, release: Asked): boolean {
  if (repository === null) return false;
  const plain = comparableRepository(repository);
  return plain.slice(plain.indexOf("/") + 1).toLowerCase() === release.repository.toLowerCase();
}

/** Then what the certificate or the provenance says was compared with it. */
function namesRef(signer: Signer): boolean {
  switch (signer.kind) {
    case "key":
      return signer.source !== null && signer.source.ref !== null;
    case "identity":
      return signer.trust.fields.sourceRef !== undefined || (signer.trust.source?.ref ?? null) !== null;
    case "cloud-build":
      return signer.trust.source.kind === "repository" && signer.trust.source.ref !== null;
  }
}

function shownRef({ evidence }: Covering): string {
  const { repository, ref } = builtFrom(evidence.verified);
  return `${ref ?? "no ref"} of ${repository ?? "no repository"}`;
}

function notes(
  holding: readonly Artifact[],
  asked: ReadonlyMap<Artifact, AskedFor>,
  refs: ReadonlyMap<Artifact, readonly string[]>,
): readonly Finding[] {
  const byTarget = new Map<string, { readonly tag: string; count: number; readonly refs: Set<string> }>();
  for (const artifact of holding) {
    const found = refs.get(artifact);
    const one = asked.get(artifact);
    if (found === undefined || one === undefined) continue;
    const note = byTarget.get(one.target) ?? { tag: one.release.tag, count: 0, refs: new Set() };
    byTarget.set(one.target, note);
    note.count += 1;
    for (const ref of found) note.refs.add(ref);
  }
  return [...byTarget].map(([target, { tag, count, refs: all }]) => {
    const sorted = [...all].sort(compareText);
    const more = sorted.length - MAX_LISTED_REFS;
    const shown = [...sorted.slice(0, MAX_LISTED_REFS), ...(more > 0 ? [`${more} more`] : [])].join(", ");
    const files = count === 1 ? "1 of its files was" : `${count} of its files were`;
    return finding("TAG_UNPROVEN", `${target}: no evidence says that ${files} built from ${TAGS}${tag}`, {
      expected: `${TAGS}${tag}`,
      actual: shown,
    });
  });
}
