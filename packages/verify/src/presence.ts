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
  note(artifact: Artifact, packageName: PackageName, anyName?: boolean): void;
  /** An artifact that has a subject's name and other bytes: that subject is not absent, it is wrong. */
  noteTampered(artifact: Artifact, packageName: PackageName): void;
  absence(): Absence;
}

/**
 * Looks from the subjects' side, so that 100,000 files and 100,000 subjects take one pass over each. A subject that
 * stands in several statements counts once, and is there when it is there in one of them.
 */
export function watchPresence<S>(stated: SubjectIndex<S>, options: { readonly anyName: boolean }): Presence {
  const noted: Noted[] = [];
  const wrong = new Set<StatedSubject>();
  return {
    note(artifact, packageName, anyName = options.anyName) {
      noted.push({ artifact, packageName, anyName });
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
      const there = lookUpNoted(noted);
      const present: StatedSubject[] = [];
      const absent = new Map<string, string>();
      for (const entry of stated.entries) {
        const { subject } = entry;
        if (wrong.has(subject) || isThere(entry, there)) present.push(subject);
        else absent.set(identityOf(subject), shownName(subject));
      }
      if (absent.size > 0) for (const subject of present) absent.delete(identityOf(subject));
      const names = [...absent.values()].sort(compareText);
      return { count: names.length, names: names.slice(0, MAX_LISTED_ABSENT) };
    },
  };
}

interface Noted {
  readonly artifact: Artifact;
  readonly packageName: PackageName;
  readonly anyName: boolean;
}

/** What a name of an artifact is; `any` where all subjects with its digests are meant. */
type NameKind = "any" | "base" | "image" | "only" | "path" | "purl" | "tree";

/** True when artifacts of this name have all of these digests, and there is one. */
type IsNoted = (kind: NameKind, name: string, digests: readonly string[]) => boolean;

/** Of 100,000 artifacts few kinds of names are asked for, and each kind is a string for each artifact: made when first used. */
function lookUpNoted(noted: readonly Noted[]): IsNoted {
  const byKind = new Map<NameKind, ReadonlySet<string>>();
  const keysOf = (kind: NameKind) => {
    const keys = new Set<string>();
    for (const one of noted) {
      const name = nameOf(kind, one);
      if (name !== null) for (const digest of digestsOf(one.artifact)) keys.add(keyOf(name, digest));
    }
    return keys;
  };
  return (kind, name, digests) => {
    const keys = byKind.get(kind) ?? keysOf(kind);
    byKind.set(kind, keys);
    return keys.size > 0 && digests.length > 0 && digests.every((digest) => keys.has(keyOf(name, digest)));
  };
}

function keyOf(name: string, digest: string): string {
  return `${name}\0${digest}`;
}

function nameOf(kind: NameKind, { artifact, packageName, anyName }: Noted): string | null {
  const isNameless = artifact.kind === "digest" || (artifact.kind === "image" && artifact.repository === null);
  const isClaimed = artifact.kind === "image" && artifact.isClaimed === true;
  if ((anyName && !isClaimed) || isNameless) return kind === "any" ? "" : null;
  switch (kind) {
    case "any":
      return null;
    case "image":
      return artifact.kind === "image" ? artifact.repository : null;
    case "tree":
      return artifact.kind === "tree" ? artifact.name : null;
    case "purl":
      return packageName === null ? null : purlName(packageName);
    case "path":
      return artifact.kind === "file" && artifact.place === "folder" ? artifact.name : null;
    case "only":
      return artifact.kind === "file" && artifact.place === "folder" ? fileBaseName(artifact) : null;
    case "base":
      return artifact.kind === "file" && artifact.place === "alone" ? fileBaseName(artifact) : null;
  }
}

function isThere({ subject, onlyOfItsBaseName }: Entry<unknown>, isNoted: IsNoted): boolean {
  const { name } = subject;
  const digests = digestKeys(subject);
  const treeDigests = treeDigestKeys(subject);
  // A digest alone says nothing of the subject's other digests: one that is equal is enough, as it was for the verdict.
  if (treeDigests.some((digest) => isNoted("any", "", [digest]))) return true;
  if (name === undefined) return false;
  if (isNoted("tree", name, treeDigests)) return true;
  const repository = imageNameOf(name)?.repository ?? null;
  if (repository !== null && isNoted("image", repository, digests)) return true;
  if (isPurl(name)) return isNoted("purl", purlName(name), digests);
  if (isNoted("path", name, digests)) return true;
  const base = lastSegment(name);
  return isNoted("base", base, digests) || (onlyOfItsBaseName && isNoted("only", base, digests));
}

function identityOf(subject: StatedSubject): string {
  return `${subject.name ?? ""}\0${treeDigestKeys(subject).join(",")}`;
}

function purlName(purl: string): string {
  return packageKey(purl) ?? purl;
}

/** One repository has many images, so that their digest says which one is meant. */
function shownName(subject: StatedSubject): string {
  const [digest] = treeDigestKeys(subject);
  if (subject.name === undefined) return digest ?? "a subject without a name";
  return isImageSubject(subject) && !isPurl(subject.name) && digest !== undefined
    ? `${subject.name}@${digest}`
    : subject.name;
}
