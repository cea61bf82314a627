import type { Signer } from "./signer.ts";
import type { Standing } from "./standing.ts";
import type { Trust } from "./trust.ts";

/** What an entry of a trust file gives to whoever signed; null where flags said to believe them, without more. */
export function standingOf(signer: Signer): Standing | null {
  return signer.kind === "key" ? signer.standing : signer.trust.standing;
}

/**
 * The SLSA Build level that a signer's work counts as. Without an entry that says more it is 1: provenance exists, and by
 * somebody who is believed (https://slsa.dev/spec/v1.2/verifying-artifacts#step-1-check-slsa-build-level, "default to L1").
 */
export function levelOf(standing: Standing | null): number {
  return standing?.maxLevel ?? 1;
}

/**
 * Those who give most first, so that of several who would believe one signature the best counts: a further one never takes
 * anything away.
 */
export function bestFirst<T extends Trust>(trust: readonly T[]): readonly T[] {
  return trust.some(({ standing }) => standing !== null) ? [...trust].sort(byWorth) : trust;
}

function byWorth({ standing: left }: Trust, { standing: right }: Trust): number {
  return levelOf(right) - levelOf(left) || Number(left === null) - Number(right === null);
}
