import {
  comparableRepository,
  compareText,
  compareVersions,
  type Finding,
  finding,
  type Release,
  releaseOf,
} from "@touchmark/core";
import type { CoveringStatement } from "../artifact.ts";
import type { SeenReleases } from "./schema.ts";

interface StatedRelease extends Release {
  readonly repository: string;
}

/**
 * Whether an artifact belongs to an older release than one that was seen before.
 *
 * @param statements - those that cover it. An artifact that did not change between two releases belongs to both, and is as
 * new as the newer.
 * @returns `ROLLBACK`; null where it does not, or where no statement names a release.
 */
export function releaseRollback(
  name: string,
  statements: readonly CoveringStatement[],
  seen: SeenReleases,
): Finding | null {
  let lower: Finding | null = null;
  for (const { repository, series, version } of newest(statements)) {
    const before = seenVersion(seen, repository, series);
    if (before === null || compareVersions(version, before) >= 0) return null;
    lower ??= finding("ROLLBACK", `${name} is of an older release than one that was verified before`, {
      expected: `${repository} ${series}${before} or newer`,
      actual: `${series}${version}`,
    });
  }
  return lower;
}

/** The releases that statements name, each series of a repository once, at its highest. */
export function releasesIn(statements: Iterable<CoveringStatement>): SeenReleases {
  const seen: Record<string, Record<string, string>> = {};
  for (const { repository, series, version } of newest(statements)) {
    const known = seen[repository];
    if (known === undefined) seen[repository] = { [series]: version };
    else known[series] = version;
  }
  return seen;
}

/** What is known once these were seen as well: of each series the higher version. */
export function withReleases(seen: SeenReleases, more: SeenReleases): SeenReleases {
  const merged: Record<string, Readonly<Record<string, string>>> = { ...seen };
  for (const [repository, releases] of Object.entries(more)) {
    const known: Record<string, string> = { ...merged[repository] };
    for (const [series, version] of Object.entries(releases)) {
      const before = known[series];
      known[series] = before === undefined ? version : higher(version, before);
    }
    merged[repository] = known;
  }
  return merged;
}

/** The highest, however the repository was written: tools write one address in several ways. */
function seenVersion(seen: SeenReleases, repository: string, series: string): string | null {
  const same = spellings(seen).get(comparableRepository(repository)) ?? [];
  return same
    .flatMap((releases) => (Object.hasOwn(releases, series) ? (releases[series] ?? []) : []))
    .reduce<string | null>((left, right) => (left === null ? right : higher(left, right)), null);
}

function spellings(seen: SeenReleases): ReadonlyMap<string, readonly Readonly<Record<string, string>>[]> {
  const known = SPELLINGS.get(seen);
  if (known !== undefined) return known;
  const made = new Map<string, Readonly<Record<string, string>>[]>();
  for (const [repository, releases] of Object.entries(seen)) {
    const key = comparableRepository(repository);
    const same = made.get(key);
    if (same === undefined) made.set(key, [releases]);
    else same.push(releases);
  }
  SPELLINGS.set(seen, made);
  return made;
}

/** 1,000 artifacts ask the same. */
const SPELLINGS = new WeakMap<SeenReleases, ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>>();

function newest(statements: Iterable<CoveringStatement>): Iterable<StatedRelease> {
  const found = new Map<string, StatedRelease>();
  for (const { source, ref } of statements) {
    const release = ref === null ? null : releaseOf(ref);
    if (source === null || release === null || !source.includes("://")) continue;
    const key = `${source}\n${release.series}`;
    const known = found.get(key)?.version ?? release.version;
    found.set(key, { repository: source, series: release.series, version: higher(release.version, known) });
  }
  return found.values();
}

/** Of two that differ in build metadata alone, the same one whichever comes first. */
function higher(left: string, right: string): string {
  return (compareVersions(left, right) || compareText(left, right)) < 0 ? right : left;
}
