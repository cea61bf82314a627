import { TouchmarkError } from "@touchmark/core";
import type { SeenInstance } from "./schema.ts";

/**
 * Refuses roots that are older than those of the same Sigstore instance that were seen before: whoever serves old ones wants
 * keys to count that do not count any more.
 *
 * @param label - what the roots are called.
 * @returns the refusal, `ROOTS_ROLLBACK`; null where nothing newer was seen.
 */
export function rootsRollback(
  label: string,
  roots: readonly SeenInstance[],
  seen: readonly SeenInstance[],
): TouchmarkError | null {
  for (const one of roots) {
    const newer = seen.find((earlier) => sharesKey(one, earlier) && isOlder(one, earlier));
    if (newer === undefined) continue;
    return new TouchmarkError("ROOTS_ROLLBACK", `${label} holds older roots than those that were seen before`, {
      expected: `roots as new as those of ${newer.newest} (sha256:${newer.digest})`,
      actual: `roots of ${one.newest}${one.newest < newer.newest ? "" : ", in which a key counts longer"}`,
    });
  }
  return null;
}

/** True when two roots are of one instance: an authority or a log has the same key. */
function sharesKey(left: SeenInstance, right: SeenInstance): boolean {
  return Object.keys(left.keys).some((key) => Object.hasOwn(right.keys, key));
}

/**
 * By what is in them, since a file says nothing of its age: the newest start, and of two with the same, the one in which a key
 * counts longer. A key that is left out makes nothing older: less counts then.
 */
function isOlder(one: SeenInstance, other: SeenInstance): boolean {
  if (one.newest !== other.newest) return one.newest < other.newest;
  return Object.entries(one.keys).some(
    ([key, end]) => Object.hasOwn(other.keys, key) && endsLater(end, other.keys[key]),
  );
}

function endsLater(end: string | null, other: string | null | undefined): boolean {
  if (typeof other !== "string") return false;
  return end === null || end > other;
}

/** What is known of each instance once these were seen as well: the newer ones, and all that those as new say of their keys. */
export function withRoots(seen: readonly SeenInstance[], more: readonly SeenInstance[]): readonly SeenInstance[] {
  return more.reduce<readonly SeenInstance[]>((known, one) => {
    const same = known.filter((earlier) => sharesKey(one, earlier));
    if (same.some(({ newest }) => newest > one.newest)) return known;
    const asNew = same.filter(({ newest }) => newest === one.newest);
    return [...known.filter((earlier) => !same.includes(earlier)), asNew.reduce(joined, one)];
  }, seen);
}

/**
 * Two with the same newest start: every key of both, until the earlier end. Roots that leave out a key whose end was seen are
 * not older, and must not make it count again.
 */
function joined(left: SeenInstance, right: SeenInstance): SeenInstance {
  const keys = { ...left.keys };
  for (const [key, end] of Object.entries(right.keys)) {
    const known = keys[key];
    if (known === undefined || endsLater(known, end)) keys[key] = end;
  }
  const isLeftOlder = isOlder(left, right);
  const isRightNamed = isLeftOlder === isOlder(right, left) ? right.digest < left.digest : isLeftOlder;
  return { digest: (isRightNamed ? right : left).digest, newest: left.newest, keys };
}
