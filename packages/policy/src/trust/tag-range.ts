import semver from "semver";

/** Released versions, by their tags: `v1.2.3` and `1.2.3`. */
export interface TagRange {
  /** As it was written. */
  readonly text: string;
  /** @param tag - without `refs/tags/`. */
  accepts(tag: string): boolean;
  /** False where no version lies in both. */
  intersects(other: TagRange): boolean;
}

/**
 * Reads a range of semantic versions: `>=1.4 <2`, `^2.1.0`, `*`. A tag such as `v1`, which is moved from release to release, is no
 * version and in no range; a pre-release only in one that names a pre-release of the same version.
 *
 * @returns null for what is no range.
 */
export function tagRange(text: string): TagRange | null {
  const range = semver.validRange(text) === null || text.trim() === "" ? null : new semver.Range(text);
  if (range === null) return null;
  return {
    text,
    accepts: (tag) => {
      const version = /^v?(\d.*)$/.exec(tag)?.[1];
      return version !== undefined && semver.valid(version) === version.replace(/\+.*$/, "") && range.test(version);
    },
    intersects: (other) => range.intersects(new semver.Range(other.text)),
  };
}
