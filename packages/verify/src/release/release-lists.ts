import {
  attempt,
  compareSubjects,
  type Finding,
  findingOf,
  isTouchmarkError,
  type ReleaseManifest,
  readRelease,
  type StatedSubject,
  type Subject,
  stableText,
} from "@touchmark/core";
import { byName, type Evidence, type TrustedEvidence } from "../evidence.ts";

/** A list of a release by somebody whom the user trusts. */
export interface ReleaseList extends TrustedEvidence {
  readonly release: ReleaseManifest;
}

/** What lists a release among the evidence. */
export interface ReleaseLists {
  /** In the order of their names; of two that say the same, whoever signed them, the first. */
  readonly lists: readonly ReleaseList[];
  /** Why some that claim to be lists are none. */
  readonly findings: readonly Finding[];
}

/** Reads the trusted lists. One that is denied is none. */
export function releaseLists(evidence: readonly Evidence[]): ReleaseLists {
  const lists = new Map<string, ReleaseList>();
  const findings: Finding[] = [];
  for (const item of [...evidence].sort(byName)) {
    const { list } = item.kind === "trusted" ? item : { list: null };
    const release = list === null ? null : attempt(() => readRelease(list));
    if (item.kind !== "trusted" || release === null) continue;
    if (isTouchmarkError(release)) {
      findings.push(findingOf(release, item.name));
      continue;
    }
    const one = { ...item, release };
    const content = contentOf(one);
    if (!lists.has(content)) lists.set(content, one);
  }
  return { lists: [...lists.values()], findings };
}

function contentOf({ release, verified: { statement } }: ReleaseList): string {
  return stableText({ release, subjects: [...statement.subject].sort(bySubject) });
}

function bySubject(left: StatedSubject, right: StatedSubject): number {
  return compareSubjects(named(left), named(right));
}

function named(subject: StatedSubject): Subject {
  return { name: subject.name ?? "", digest: subject.digest };
}
