import { compareText } from "@touchmark/core";

/**
 * The tag that names a release, of all tags at one commit: a full version before a pre-release of one, before any other
 * name (`latest`, a moving `v1`); the higher version first; then by code unit. The same on every machine.
 *
 * @param refs - full names: `refs/tags/v1.2.3`.
 * @returns null when there is none that can stand in a URI.
 */
export function releaseTag(refs: readonly string[]): string | null {
  return refs.filter(canBeStated).map(rank).sort(compareRanks)[0]?.ref ?? null;
}

/** RFC 3986, `pchar` and "/", without percent signs; and nothing that reads as a second ref in `uri@refs/…`. */
function canBeStated(ref: string): boolean {
  return /^refs\/tags\/[A-Za-z0-9._~!$&'()*+,;=:@/-]{1,1024}$/.test(ref) && !ref.includes("@refs/");
}

interface Rank {
  readonly ref: string;
  /** 0: a version, 1: a pre-release, 2: anything else. */
  readonly kind: 0 | 1 | 2;
  readonly version: readonly number[];
}

function rank(ref: string): Rank {
  // `v1.2.3`, `1.2.3-rc.1`, and with a package before it as monorepos write it: `sdk@1.2.3`, `sdk/v1.2.3`, `sdk-v1.2.3`.
  const match = /[@/v_-](\d{1,9})\.(\d{1,9})\.(\d{1,9})(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/.exec(ref);
  if (match === null) return { ref, kind: 2, version: [] };
  return { ref, kind: match[4] === undefined ? 0 : 1, version: match.slice(1, 4).map(Number) };
}

function compareRanks(left: Rank, right: Rank): number {
  if (left.kind !== right.kind) return left.kind - right.kind;
  for (const [index, number] of left.version.entries()) {
    const difference = (right.version[index] ?? 0) - number;
    if (difference !== 0) return difference;
  }
  return compareText(left.ref, right.ref);
}
