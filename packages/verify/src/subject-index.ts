import { ACCEPTABLE_ALGORITHMS, isPurl, lastSegment, type StatedSubject, type TreeAlgorithm } from "@touchmark/core";
import { imageNameOf, isImageSubject } from "./image-name.ts";
import { customaryKey, fileNameKey } from "./package-file-name.ts";
import { packageKey } from "./package-purl.ts";

/** A subject, and whose statement it stands in. */
export interface Entry<Source> {
  readonly source: Source;
  readonly subject: StatedSubject;
  /** No file of another name in the same statement has this last segment. Always false for a purl and for an image. */
  readonly onlyOfItsBaseName: boolean;
}

/**
 * Subjects by what an artifact can be looked up with. Every look-up is a list; they are short except where many equal
 * files have one base name (`__init__.py`), hence the combined keys.
 */
export interface SubjectIndex<Source> {
  readonly entries: readonly Entry<Source>[];
  byName(name: string): readonly Entry<Source>[];
  byDigest(digest: string): readonly Entry<Source>[];
  /** The same, without further subjects of one statement that have equal digests and are the same package, or none. */
  byDigestOnce(digest: string): readonly Entry<Source>[];
  /** Packages of registries by digest. */
  packagesByDigest(digest: string): readonly Entry<Source>[];
  /** By the purl of a package, however the subject spells it. */
  byPackage(purl: string): readonly Entry<Source>[];
  /** True when one of the subjects is a package of a registry. */
  hasPackages(): boolean;
  /** By base name and digest: in statements where one subject only has that base name. */
  byOnlyBaseName(baseName: string, digest: string): readonly Entry<Source>[];
  byBaseName(baseName: string, digest: string): readonly Entry<Source>[];
  /** By base name alone, whatever the digest: the same two. */
  ofOnlyBaseName(baseName: string): readonly Entry<Source>[];
  ofBaseName(baseName: string): readonly Entry<Source>[];
  /** Images of a repository, as `parseReference` names it, whatever their digests. */
  ofRepository(repository: string): readonly Entry<Source>[];
  /** Packages that npm, Python's tools or cargo would pack into a file of this name. */
  byPackedName(fileName: string): readonly Entry<Source>[];
}

/** Something with subjects: an authenticated statement, or a claim. */
export interface Subjects<Source> {
  readonly source: Source;
  readonly subjects: readonly StatedSubject[];
}

/** Builds each look-up when it is first used: linear in the number of subjects. */
export function indexSubjects<Source>(statements: readonly Subjects<Source>[]): SubjectIndex<Source> {
  const entries = statements.flatMap(entriesOf);
  const files = lazy(() => entries.filter(({ subject }) => isFileSubject(subject)));
  const name = lookUp(
    () => entries,
    ({ subject }) => (subject.name === undefined ? [] : [subject.name]),
  );
  const anyDigest = lookUp(
    () => entries,
    ({ subject }) => treeDigestKeys(subject),
  );
  const digestOnce = lookUp(
    () => statements.flatMap(distinctDigests),
    ({ subject }) => treeDigestKeys(subject),
  );
  const packages = lazy(() => entries.filter(({ subject }) => packageKeys(subject).length > 0));
  const packageDigest = lookUp(packages, ({ subject }) => digestKeys(subject));
  const packageName = lookUp(packages, ({ subject }) => packageKeys(subject));
  const single = lazy(() => files().filter((entry) => entry.onlyOfItsBaseName));
  const baseName = lookUp(files, ({ subject }) => [baseNameOf(subject)]);
  const baseNameDigest = lookUp(files, baseNameKeys);
  const onlyBaseName = lookUp(single, ({ subject }) => [baseNameOf(subject)]);
  const onlyBaseNameDigest = lookUp(single, baseNameKeys);
  const repository = lookUp(
    () => entries,
    ({ subject }) => repositories(subject),
  );
  const packed = lookUp(packages, ({ subject }) => packedKeys(subject));
  return {
    entries,
    byName: name,
    byDigest: anyDigest,
    byDigestOnce: digestOnce,
    packagesByDigest: packageDigest,
    byPackage: (purl) => packageName(packageKey(purl) ?? ""),
    hasPackages: () => packages().length > 0,
    byOnlyBaseName: (base, digest) => onlyBaseNameDigest(`${base}\0${digest}`),
    byBaseName: (base, digest) => baseNameDigest(`${base}\0${digest}`),
    ofOnlyBaseName: onlyBaseName,
    ofBaseName: baseName,
    ofRepository: repository,
    byPackedName: (fileName) => packed(fileNameKey(fileName)),
  };
}

/** `sha256:…` for each acceptable digest of a subject. */
export function digestKeys(subject: StatedSubject): readonly string[] {
  return ACCEPTABLE_ALGORITHMS.filter((algorithm) => Object.hasOwn(subject.digest, algorithm)).map(
    (algorithm) => `${algorithm}:${subject.digest[algorithm]}`,
  );
}

/** The same with `narSha256:…`, which counts for trees only. */
export function treeDigestKeys(subject: StatedSubject): readonly string[] {
  const nar = subject.digest[NAR];
  return nar === undefined ? digestKeys(subject) : [...digestKeys(subject), `${NAR}:${nar}`];
}

const NAR = "narSha256" satisfies TreeAlgorithm;

/** A subject whose name may be a file's path. */
function isFileSubject(subject: StatedSubject): subject is StatedSubject & { readonly name: string } {
  return subject.name !== undefined && !isPurl(subject.name) && !isImageSubject(subject);
}

function entriesOf<Source>({ source, subjects }: Subjects<Source>): Entry<Source>[] {
  const names = new Map<string, string | null>(); // base name → the one name that has it, null when several do
  for (const subject of subjects) {
    if (!isFileSubject(subject)) continue;
    const { name } = subject;
    const base = lastSegment(name);
    const known = names.get(base);
    names.set(base, known === undefined || known === name ? name : null);
  }
  return subjects.map((subject) => ({
    source,
    subject,
    onlyOfItsBaseName: isFileSubject(subject) && names.get(lastSegment(subject.name)) === subject.name,
  }));
}

function distinctDigests<Source>(statement: Subjects<Source>): readonly Entry<Source>[] {
  const distinct = new Map<string, Entry<Source>>();
  for (const entry of entriesOf(statement)) {
    // Two packages of equal bytes are two: the user may ask for either.
    const key = [...treeDigestKeys(entry.subject), ...packageKeys(entry.subject)].join();
    if (!distinct.has(key)) distinct.set(key, entry);
  }
  return [...distinct.values()];
}

function baseNameKeys<Source>({ subject }: Entry<Source>): readonly string[] {
  return digestKeys(subject).map((digest) => `${baseNameOf(subject)}\0${digest}`);
}

function baseNameOf(subject: StatedSubject): string {
  return lastSegment(subject.name ?? "");
}

function repositories(subject: StatedSubject): readonly string[] {
  const name = subject.name === undefined ? null : imageNameOf(subject.name);
  return name === null || name.repository === null ? [] : [name.repository];
}

function packageKeys(subject: StatedSubject): readonly string[] {
  const key = subject.name === undefined ? null : packageKey(subject.name);
  return key === null ? [] : [key];
}

function packedKeys(subject: StatedSubject): readonly string[] {
  const key = subject.name === undefined ? null : customaryKey(subject.name);
  return key === null ? [] : [key];
}

function lookUp<T>(items: () => readonly T[], keysOf: (item: T) => readonly string[]): (key: string) => readonly T[] {
  const map = lazy(() => {
    const built = new Map<string, T[]>();
    for (const item of items()) {
      for (const key of keysOf(item)) {
        const list = built.get(key);
        if (list === undefined) built.set(key, [item]);
        else list.push(item);
      }
    }
    return built;
  });
  return (key) => map().get(key) ?? [];
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
