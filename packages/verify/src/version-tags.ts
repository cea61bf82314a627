/** A tag that is a version: `refs/tags/v1.2.3-rc.1`, `refs/tags/sdk@1.2`. */
interface VersionTag {
  /** What stands before the number: only versions of one thing can be compared. */
  readonly series: string;
  readonly numbers: readonly number[];
  readonly prerelease: readonly string[];
}

const VERSION =
  /^refs\/tags\/(.{0,200}?)v?(\d{1,15})\.(\d{1,15})(?:\.(\d{1,15}))?(?:-([0-9A-Za-z.-]{1,100}))?(?:\+[0-9A-Za-z.-]{1,100})?$/;

/**
 * Which of two tags is the older version, by the precedence of https://semver.org/#spec-item-11.
 *
 * @returns below 0 where the left one is older, 0 for equal precedence; null where they are not two versions of one thing.
 */
export function compareVersionTags(left: string, right: string): number | null {
  const [one, other] = [versionTag(left), versionTag(right)];
  if (one === null || other === null || one.series !== other.series) return null;
  for (const [index, number] of one.numbers.entries()) {
    const difference = number - (other.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return comparePrereleases(one.prerelease, other.prerelease);
}

function versionTag(ref: string): VersionTag | null {
  const match = VERSION.exec(ref);
  if (match === null) return null;
  const [, series = "", major, minor, patch = "0", prerelease] = match;
  return {
    series,
    numbers: [Number(major), Number(minor), Number(patch)],
    prerelease: prerelease === undefined ? [] : prerelease.split("."),
  };
}

function comparePrereleases(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return right.length - left.length; // a release comes after its candidates
  for (const [index, one] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const difference = compareIdentifiers(one, other);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function compareIdentifiers(left: string, right: string): number {
  const [leftIsNumber, rightIsNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (leftIsNumber && rightIsNumber) return Number(left) - Number(right);
  if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1;
  return left === right ? 0 : left < right ? -1 : 1;
}
