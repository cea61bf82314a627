import {
  ACCEPTABLE_ALGORITHMS,
  type AcceptableAlgorithm,
  type DigestSet,
  type Finding,
  finding,
  type Provenance,
} from "@touchmark/core";
import type { Artifact } from "../artifact.ts";
import { digestsOf } from "../match-name.ts";
import type { Verified } from "../verified.ts";
import { CONDITIONS } from "./conditions.ts";
import type { DenyList } from "./deny-list.ts";
import type { DenyEntry } from "./schema.ts";
import { factsOf, type SignedFacts } from "./signed-facts.ts";

/**
 * What deny lists say against artifacts and statements. A denial wins over every signature; and it only ever takes away:
 * with a further entry nothing holds that did not hold before.
 */
export interface Denials {
  readonly lists: readonly DenyList[];
  /** What artifacts must be hashed with beside what statements use. */
  readonly algorithms: readonly AcceptableAlgorithm[];
  /** Why an artifact must not be used, whatever covers it; null where nothing denies it by its digest alone. */
  artifact(artifact: Artifact): Finding | null;
  /** Why a statement covers nothing; null where no entry denies it as a whole. */
  statement(verified: Verified<Provenance | null>): Finding | null;
  /**
   * Why a statement does not cover an artifact by one of its subjects, for entries that name a digest: whether the statement
   * says that digest, or the artifact has it.
   */
  subject(verified: Verified<Provenance | null>, digests: DigestSet, artifact: Artifact): Finding | null;
}

interface Rule {
  readonly entry: DenyEntry;
  readonly label: string;
}

export function denials(lists: readonly DenyList[]): Denials {
  const rules = lists.flatMap(({ label, entries }) => entries.map((entry): Rule => ({ entry, label })));
  const aboutStatements = rules.filter(({ entry }) => entry.digest === undefined);
  const byDigest = new Map<string, Rule[]>();
  for (const rule of rules) {
    const { digest } = rule.entry;
    if (digest === undefined) continue;
    const same = byDigest.get(digest);
    if (same === undefined) byDigest.set(digest, [rule]);
    else same.push(rule);
  }
  const knownFacts = new WeakMap<Verified<Provenance | null>, SignedFacts>();
  const factsOnce = (verified: Verified<Provenance | null>): SignedFacts => {
    const facts = knownFacts.get(verified) ?? factsOf(verified);
    knownFacts.set(verified, facts);
    return facts;
  };
  const withDigest = (digests: readonly string[]) => digests.flatMap((digest) => byDigest.get(digest) ?? []);
  return {
    lists,
    algorithms: ACCEPTABLE_ALGORITHMS.filter((name) => [...byDigest.keys()].some((key) => key.startsWith(`${name}:`))),
    artifact(artifact) {
      return denied(artifact.name, withDigest(digestsOf(artifact)).find(isAboutDigestAlone));
    },
    statement(verified) {
      if (aboutStatements.length === 0) return null;
      const facts = factsOnce(verified);
      return denied(
        "this statement",
        aboutStatements.find(({ entry }) => applies(entry, facts)),
      );
    },
    subject(verified, digests, artifact) {
      if (byDigest.size === 0) return null;
      const facts = factsOnce(verified);
      const known = [...digestsOf({ digests }), ...digestsOf(artifact)];
      return denied(
        "what is stated here",
        withDigest(known).find(({ entry }) => applies(entry, facts)),
      );
    },
  };
}

function isAboutDigestAlone({ entry }: Rule): boolean {
  return entry.window === undefined && CONDITIONS.every((name) => name === "digest" || entry[name] === undefined);
}

/** True when everything in the entry is so, but for its digest. */
function applies(entry: DenyEntry, facts: SignedFacts): boolean {
  const { commit, key, identity, issuer, window } = entry;
  const builder = entry["builder-digest"];
  if (commit !== undefined && !facts.commits.includes(commit)) return false;
  if (builder !== undefined && !facts.builderCommits.includes(builder)) return false;
  if (key !== undefined && key !== `sha256:${facts.key}`) return false;
  if (identity !== undefined && !isBy(facts.signer, identity, issuer)) return false;
  return window === undefined || within(window, facts.times);
}

/** A workflow without its ref stands for all of its refs; an address of mail has no ref. */
function isBy(signer: SignedFacts["signer"], identity: string, issuer: string | undefined): boolean {
  if (signer === null || signer.issuer !== issuer) return false;
  return signer.identity === identity || (identity.includes("://") && signer.identity.startsWith(`${identity}@`));
}

/**
 * What nobody can date may have been signed then: whoever has a leaked key writes any date. Of several proven times one is
 * enough.
 */
function within({ from, to }: NonNullable<DenyEntry["window"]>, times: SignedFacts["times"]): boolean {
  if (times === null) return true;
  const [first, last] = [
    from === undefined ? -Infinity : Date.parse(from),
    to === undefined ? Infinity : Date.parse(to),
  ];
  return times.some((time) => first <= time && time <= last);
}

function denied(what: string, rule: Rule | undefined): Finding | null {
  if (rule === undefined) return null;
  return finding("DENIED", `${what} is denied: ${rule.entry.reason}`, {
    expected: `nothing that ${rule.label} denies`,
    actual: shownEntry(rule.entry),
  });
}

function shownEntry({ reason: _reason, window, ...conditions }: DenyEntry): string {
  return [
    ...Object.entries(conditions).map(([name, value]) => `${name} ${value}`),
    ...(window === undefined ? [] : [`signed from ${window.from ?? "ever"} to ${window.to ?? "ever"}`]),
  ].join(", ");
}
