import { compareText, isPurl, lastSegment, type StatedSubject } from "@touchmark/core";
import { type Artifact, fileBaseName } from "./artifact.ts";
import { imageNameOf, isImageSubject } from "./image-name.ts";
import { MAX_LISTED_ABSENT, MAX_NAMESAKES } from "./limits.ts";
import { aboutName, digestsOf, type PackageName } from "./match-name.ts";
import { packageKey } from "./package-purl.ts";
import { digestKeys, type Entry, type SubjectIndex, treeDigestKeys } from "./subject-index.ts";

/** Subjects of trusted provenance for which no target stands, not even a damaged one. */
export interface Absence {
  readonly count: number;
  /** The first by name, at most 100. */
  readonly names: readonly string[];
}

/** Notes the artifacts that hold, and then says which subjects none of them was. */
export interface Presence {
  note(artifact: Artifact, packageName: PackageName): void;
  /** An artifact that has a subject's name and other bytes: that subject is not absent, it is wrong. */
  noteTampered(artifact: Artifact, packageName: PackageName): void;
  absence(): Absence;
}

/**
 * Looks from the subjects' side, so that 100,000 files and 100,000 subjects take one pass over each. A subject that
 * stands in several statements counts once, and is there when it is there in one of them.
 */
export function watchPresence<S>(stated: SubjectIndex<S>, options: { readonly anyName: boolean }): Presence {
  const there = new Set<string>();
  const wrong = new Set<StatedSubject>();
  return {
    note(artifact, packageName) {
      const digests = artifact.kind === "digest" ? [`${artifact.algorithm}:${artifact.hex}`] : digestsOf(artifact);
      for (const key of nameKeys(artifact, packageName, options.anyName)) {
        for (const digest of digests) there.add(`${key}\0${digest}`);
      }
    },
    noteTampered(artifact, packageName) {
      if (artifact.kind === "digest" || artifact.kind === "image") return;
      let noted = 0;
      for (const { subject } of aboutName(artifact, stated, packageName)) {
        wrong.add(subject);
        noted += 1;
        if (noted === MAX_NAMESAKES) break;
      }
    },
    absence() {
      const absent = new Map<string, string>();
      const present = new Set<string>();
      for (const entry of stated.entries) {
        const identity = `${entry.subject.name ?? ""}\0${treeDigestKeys(entry.subject).join(",")}`;
        if (wrong.has(entry.subject) || isThere(entry, there)) present.add(identity);
        else absent.set(identity, shownName(entry.subject));
      }
      for (const identity of present) absent.delete(identity);
      const names = [...absent.values()].sort(compareText);
      return { count: names.length, names: names.slice(0, MAX_LISTED_ABSENT) };
    },
  };
}

function nameKeys(artifact: Artifact, packageName: PackageName, anyName: boolean): readonly string[] {
  if (artifact.kind === "digest" || anyName) return ["any"];
  if (artifact.kind === "tree") return [`tree\0${artifact.name}`];
  if (artifact.kind === "image") return [artifact.repository === null ? "any" : `image\0${artifact.repository}`];
  const base = fileBaseName(artifact);
  const own = artifact.place === "folder" ? [`name\0${artifact.name}`, `only\0${base}`] : [`base\0${base}`];
  return packageName === null ? own : [...own, purlKey(packageName)];
}

function isThere({ subject, onlyOfItsBaseName }: Entry<unknown>, there: ReadonlySet<string>): boolean {
  const digests = digestKeys(subject);
  const treeDigests = treeDigestKeys(subject);
  const hasAll = (key: string, all: readonly string[]) =>
    all.length > 0 && all.every((digest) => there.has(`${key}\0${digest}`));
  const has = (key: string) => hasAll(key, digests);
  // A digest alone says nothing of the subject's other digests: one that is equal is enough, as it was for the verdict.
  if (treeDigests.some((digest) => there.has(`any\0${digest}`))) return true;
  if (subject.name === undefined) return false;
  if (hasAll(`tree\0${subject.name}`, treeDigests)) return true;
  const repository = imageNameOf(subject.name)?.repository ?? null;
  if (repository !== null && has(`image\0${repository}`)) return true;
  if (isPurl(subject.name)) return has(purlKey(subject.name));
  if (has(`name\0${subject.name}`)) return true;
  const base = lastSegment(subject.name);
  return has(`base\0${base}`) || (onlyOfItsBaseName && has(`only\0${base}`));
}

function purlKey(purl: string): string {
  return `purl\0${packageKey(purl) ?? purl}`;
}

/** One repository has many images, so that their digest says which one is meant. */
function shownName(subject: StatedSubject): string {
  const [digest] = treeDigestKeys(subject);
  if (subject.name === undefined) return digest ?? "a subject without a name";
  return isImageSubject(subject) && !isPurl(subject.name) && digest !== undefined
    ? `${subject.name}@${digest}`
    : subject.name;
}
