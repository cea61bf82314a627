import * as z from "zod/mini";
import { stableText } from "./canonical-json.ts";
import {
  type DigestSet,
  isWellFormedDigest,
  OwnDigestSet,
  sameDigests,
  showDigest,
  TREE_ALGORITHMS,
} from "./digest.ts";
import { TouchmarkError } from "./errors.ts";
import { isJsonObject } from "./json.ts";
import { MAX_NAME_LENGTH } from "./limits.ts";
import { checkSubjectName } from "./subject-name.ts";

/**
 * One artifact of the release: its name, as the ecosystem's verifiers expect it, and its digests.
 * in-toto Statement v1, `subject`: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 */
export interface Subject {
  readonly name: string;
  /** At least one acceptable digest (`ACCEPTABLE_ALGORITHMS`) or `narSha256`. */
  readonly digest: DigestSet;
  readonly uri?: string | undefined;
  readonly mediaType?: string | undefined;
  readonly annotations?: Readonly<Record<string, unknown>> | undefined;
  /** The digest was declared by a list and never compared with bytes; `generate` marks such a subject. */
  readonly declared?: true | undefined;
}

export const Subject: z.ZodMiniType<Subject> = z.strictObject({
  name: z.string(),
  digest: OwnDigestSet.check(z.refine(canCover, "a subject needs a digest that can cover it, such as sha256")),
  uri: z.optional(z.string().check(z.maxLength(8192))),
  mediaType: z.optional(z.string().check(z.maxLength(256))),
  annotations: z.optional(z.record(z.string(), z.unknown())),
  declared: z.optional(z.literal(true)),
});

/**
 * The subject that nearly all are: a name, a sha256 and nothing else. A long list takes a tenth of the time that
 * {@link Subject} and the descriptors of statements need for it, which read such a one to the same.
 *
 * @returns a copy; undefined for every other value, whether it is a subject or not.
 */
export function plainSubject(value: unknown): Subject | undefined {
  if (!isJsonObject(value) || !hasKeys(value, "digest", "name")) return undefined;
  const { digest, name } = value;
  if (typeof name !== "string" || name === "" || name.length > MAX_NAME_LENGTH) return undefined;
  if (!isJsonObject(digest) || !hasKeys(digest, "sha256")) return undefined;
  const { sha256 } = digest;
  if (typeof sha256 !== "string" || !isWellFormedDigest("sha256", sha256)) return undefined;
  return { digest: { sha256 }, name };
}

/** True when the first and the second, if given, are all keys there are. */
function hasKeys(value: object, first: string, second: string | null = null): boolean {
  const own = Object.keys(value);
  if (own.length !== (second === null ? 1 : 2)) return false;
  return (own[0] === first || own[1] === first) && (second === null || own[0] === second || own[1] === second);
}

/** True for a digest set that can ever cover an artifact; md5, sha1, gitCommit and dirHash alone cannot. */
export function canCover(digest: DigestSet): boolean {
  return Object.hasOwn(digest, "sha256") || TREE_ALGORITHMS.some((algorithm) => Object.hasOwn(digest, algorithm));
}

/**
 * What makes two subjects the same thing. Files and packages: the name. Images, whose subjects carry a repository as
 * name and a `uri` of a purl with type oci: repository and digest, since one repository holds many manifests; NUL
 * between them, which no name holds.
 */
export function subjectKey(subject: Subject): string {
  return isImage(subject) ? `${subject.name}\0${showDigest(subject.digest) ?? ""}` : subject.name;
}

function isImage(subject: Subject): boolean {
  return subject.uri?.startsWith("pkg:oci/") ?? false;
}

/** By name, then by digest, then by URI: the order of subjects in everything that we write. */
export function compareSubjects(left: Subject, right: Subject): number {
  return (
    compareText(left.name, right.name) ||
    compareText(digestText(left.digest), digestText(right.digest)) ||
    compareText(left.uri ?? "", right.uri ?? "")
  );
}

function digestText(digest: DigestSet): string {
  return Object.entries(digest)
    .map(([algorithm, value]) => `${algorithm}:${value}`)
    .sort()
    .join(",");
}

/** Code unit order, the same on every machine; never a locale's. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Sorts subjects and folds equal ones into one. Where equal subjects are described differently (one has a media type,
 * the other none), the description whose text sorts first is kept, so that the result does not depend on order; any
 * description sorts before none. One that was hashed from bytes makes the result hashed, not declared.
 *
 * @throws TouchmarkError `SUBJECT_CONFLICT` when one key has two different digest sets: they are never united, since a
 * second job could then add the digest of other bytes; also when one name is an image and something else, since the
 * second digest of a name could then come in as a manifest. `NAME_REFUSED` for a bad name. The first by name is
 * reported, whatever the order of the input.
 */
export function mergeSubjects(subjects: readonly Subject[]): readonly Subject[] {
  const sorted = [...subjects].sort(compareSubjects);
  const merged: Subject[] = [];
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    const first = sorted[from] as Subject;
    checkSubjectName(first.name);
    for (to = from + 1; sorted[to]?.name === first.name; ) to += 1;
    if (to === from + 1) merged.push(first);
    else for (const subject of mergeNamesakes(sorted.slice(from, to))) merged.push(subject);
  }
  return merged;
}

/** The same for subjects of one name, sorted. */
function mergeNamesakes(subjects: readonly Subject[]): Iterable<Subject> {
  const byKey = new Map<string, Subject>();
  for (const [at, subject] of subjects.entries()) {
    const previous = subjects[at - 1] ?? subject;
    if (isImage(previous) !== isImage(subject)) {
      throw new TouchmarkError("SUBJECT_CONFLICT", `"${subject.name}" is an image and something else`, {
        expected: "every subject of this name with a uri that starts with pkg:oci/, or none",
        actual: "some with it, some without",
      });
    }
    const key = subjectKey(subject);
    const earlier = byKey.get(key);
    if (earlier !== undefined && !sameDigests(earlier.digest, subject.digest)) {
      throw new TouchmarkError("SUBJECT_CONFLICT", `"${subject.name}" has two different digest sets`, {
        expected: digestText(earlier.digest),
        actual: digestText(subject.digest),
      });
    }
    byKey.set(key, earlier === undefined ? subject : fold(earlier, subject));
  }
  return byKey.values();
}

function fold(left: Subject, right: Subject): Subject {
  const [leftPlain, rightPlain] = [describe(left), describe(right)];
  const kept = stableText(rightPlain) < stableText(leftPlain) ? rightPlain : leftPlain;
  return left.declared && right.declared ? { ...kept, declared: true } : kept;
}

function describe({ declared: _declared, ...rest }: Subject): Subject {
  return rest;
}
