import {
  compareText,
  compareVersions,
  type Finding,
  finding,
  type ReleaseManifest,
  releaseOf,
  TouchmarkError,
} from "@touchmark/core";
import { MAX_LISTED_IN_MESSAGE } from "../limits.ts";
import type { SeenReleases } from "../seen/schema.ts";
import type { ReleaseList } from "./release-lists.ts";

/** A user who wants the whole of a release, and nothing else. */
export interface ReleaseDemand {
  /** The version that it must have; null: whichever the only list names. */
  readonly version: string | null;
  /** What else it must be; absent: nothing. */
  readonly only?: {
    /** In words, behind "a list of"; null for any. */
    readonly of: string | null;
    accepts(release: ReleaseManifest): boolean;
  };
}

/**
 * The list that counts.
 *
 * @returns `RELEASE_MISSING` where there is none.
 * @throws TouchmarkError `RELEASE_AMBIGUOUS` where there are several: which one counts must not depend on who removes one.
 */
export function demandedRelease(lists: readonly ReleaseList[], demand: ReleaseDemand): ReleaseList | Finding {
  const { version, only: further } = demand;
  const fitting = lists.filter(
    ({ release }) => (version === null || release.version === version) && further?.accepts(release) !== false,
  );
  const words = [version === null ? null : `version ${version}`, further?.of ?? null];
  const wanted = words.filter((text) => text !== null).join(", ");
  const [only, second] = fitting;
  if (only === undefined) {
    return finding("RELEASE_MISSING", "nobody whom you trust lists what belongs to the release", {
      expected: `a list${wanted === "" ? "" : ` of ${wanted}`}, as NAME.release.sigstore.json holds it`,
      actual: lists.length === 0 ? "none" : shownLists(lists),
    });
  }
  if (second === undefined) return only;
  throw new TouchmarkError("RELEASE_AMBIGUOUS", "there are several lists of releases, and they differ", {
    expected: version === null ? "one, or --release-version VERSION" : `one of ${wanted}`,
    actual: shownLists(fitting),
  });
}

function shownLists(lists: readonly ReleaseList[]): string {
  const shown = lists.slice(0, MAX_LISTED_IN_MESSAGE).map(({ name, release }) => `${release.purl} (${name})`);
  const more = lists.length - shown.length;
  return `${shown.sort(compareText).join(", ")}${more === 0 ? "" : `, and ${more} more`}`;
}

/**
 * Whether a list is of an older release than one that was seen before.
 *
 * @returns `ROLLBACK`; null where it is not, and for a version that has no order.
 */
export function listRollback({ series, version }: ReleaseManifest, seen: SeenReleases): Finding | null {
  const before = Object.hasOwn(seen, series) ? seen[series]?.[""] : undefined;
  const now = semanticVersion(version);
  if (before === undefined || now === null || compareVersions(now, before) >= 0) return null;
  return finding("ROLLBACK", `the list is of an older release of ${series} than one that was verified before`, {
    expected: `${before} or newer`,
    actual: version,
  });
}

/** What a verifier remembers of a list that held: none where the version has no order. */
export function listedRelease({ series, version }: Pick<ReleaseManifest, "series" | "version">): SeenReleases {
  const now = semanticVersion(version);
  return now === null ? {} : { [series]: { "": now } };
}

/** Whether one release comes after another; null where their versions have no order. */
export function isLater(version: string, before: string): boolean | null {
  const [now, then] = [semanticVersion(version), semanticVersion(before)];
  return now === null || then === null ? null : compareVersions(now, then) > 0;
}

function semanticVersion(version: string): string | null {
  const release = releaseOf(`refs/tags/${version}`);
  return release?.series === "" ? release.version : null;
}
