import { MAX_TAG, MAX_VERSION } from "./limits.ts";

/** A release, as its tag names it. */
export interface Release {
  /** What stands before the version, with its separator: `cli@`, `cli/`; empty where the whole repository is released. */
  readonly series: string;
  /** Semantic version, without `v`. */
  readonly version: string;
}

const NUMBER = "(?:0|[1-9][0-9]*)";
const WORD = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
/** https://semver.org/spec/v2.0.0.html, items 2, 9 and 10. */
const VERSION = String.raw`v?(${NUMBER}\.${NUMBER}\.${NUMBER}(?:-${WORD}(?:\.${WORD})*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)`;
const WHOLE = new RegExp(`^${VERSION}$`);

/**
 * Reads a tag: `v1.2.3` and `1.2.3`, and in a monorepo `name@1.2.3`, `name/v1.2.3` and `name-v1.2.3`.
 *
 * @param ref - in full, `refs/tags/v1.2.3`.
 * @returns null for a branch, and for a tag that ends in no semantic version.
 */
export function releaseOf(ref: string): Release | null {
  if (!ref.startsWith("refs/tags/") || ref.length > MAX_TAG) return null;
  const tag = ref.slice("refs/tags/".length);
  // The earliest place at which a version fits: 1.2.3-4.5.6 is one version with a pre-release.
  for (let start = 0; start < tag.length; start += 1) {
    if (!"@/-".includes(tag[start - 1] ?? "/")) continue;
    const version = WHOLE.exec(tag.slice(start))?.[1];
    if (version !== undefined) return version.length > MAX_VERSION ? null : { series: tag.slice(0, start), version };
  }
  return null;
}

/**
 * Which of two refs is the older release.
 *
 * @param left - in full, as `right`.
 * @returns below 0 where the left one is older, 0 for equal precedence; null where they are not two releases of one thing.
 */
export function compareReleases(left: string, right: string): number | null {
  const [one, other] = [releaseOf(left), releaseOf(right)];
  if (one === null || one.series !== other?.series) return null;
  return compareVersions(one.version, other.version);
}

/**
 * By precedence: https://semver.org/spec/v2.0.0.html, item 11.
 *
 * @param left - a semantic version without `v`.
 * @returns below 0, 0 or above 0; build metadata does not count.
 */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [partsOf(left), partsOf(right)];
  return compareLists(a.numbers, b.numbers) || comparePreReleases(a.words, b.words);
}

function partsOf(version: string): { readonly numbers: readonly string[]; readonly words: readonly string[] } {
  const [core = ""] = version.split("+", 1);
  const dash = core.indexOf("-");
  if (dash === -1) return { numbers: core.split("."), words: [] };
  return { numbers: core.slice(0, dash).split("."), words: core.slice(dash + 1).split(".") };
}

/** A version without pre-release comes after all that have one. */
function comparePreReleases(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  return compareLists(left, right);
}

function compareLists(left: readonly string[], right: readonly string[]): number {
  for (const [index, word] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareWords(word, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers come before words. They have no leading zeros, so that the longer one is larger, of any size. */
function compareWords(left: string, right: string): number {
  const [isLeft, isRight] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (isLeft !== isRight) return isLeft ? -1 : 1;
  if (isLeft && left.length !== right.length) return left.length - right.length;
  return left === right ? 0 : left < right ? -1 : 1;
}
