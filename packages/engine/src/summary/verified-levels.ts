import { compareText, readSlsaResult } from "@touchmark/core";
import type { CoveringStatement } from "@touchmark/verify";

const UNEVALUATED = "SLSA_BUILD_LEVEL_UNEVALUATED";

/** Provenance of so many independently operated platforms: https://slsa.dev/spec/v1.2/verified-properties */
const INDEPENDENT_BUILDERS = 2;

/**
 * The results that hold for an artifact by all that covers it, one of each track, the highest: the SLSA Build level that trust
 * gives to provenance, never what a document says; other tracks and SLSA's verified properties as trusted verifiers assure
 * them. A verifier's own words stay its own.
 */
export function verifiedLevels({ statements }: { readonly statements: readonly LevelStatement[] }): readonly string[] {
  const tracks = new Map<string, number>();
  const raise = (track: string, level: number) => tracks.set(track, Math.max(level, tracks.get(track) ?? 0));
  const properties = new Set<string>();
  for (const { level, summary } of statements) {
    if (level !== null) raise("BUILD", level);
    for (const assured of summary?.levels ?? []) {
      const result = readSlsaResult(assured);
      if (result === null) {
        if (assured.startsWith("SLSA_")) properties.add(assured);
      } else if (result.level !== null) raise(result.track, result.level);
    }
  }
  const built = statements.filter(({ summary, operator }) => summary === null && operator !== null);
  // One signer that is trusted for two operators could have made both statements.
  const areMany = (what: "operator" | "signer") => new Set(built.map((one) => one[what])).size >= INDEPENDENT_BUILDERS;
  if (areMany("operator") && areMany("signer")) properties.add("SLSA_BUILD_REPRODUCED");
  const levels = [...tracks].map(([track, level]) => `SLSA_${track}_LEVEL_${level}`);
  return [...(tracks.has("BUILD") ? levels : [...levels, UNEVALUATED]), ...properties].sort(compareText);
}

/** What a statement that covers an artifact says of levels. */
type LevelStatement = Pick<CoveringStatement, "level" | "operator" | "signer"> & {
  readonly summary: Pick<NonNullable<CoveringStatement["summary"]>, "levels"> | null;
};

/** What holds for each of several: of each track that all have the lowest, and the properties that all have. */
export function lowestLevels(each: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = each;
  return first.flatMap((level) => {
    const track = readSlsaResult(level)?.track ?? null;
    if (track === null) return others.every((one) => one.includes(level)) ? [level] : [];
    const ofTrack = each.map((one) => one.find((other) => readSlsaResult(other)?.track === track));
    const lowest = ofTrack.reduce((left, right) => (rank(left) <= rank(right) ? left : right));
    return lowest === undefined ? [] : [lowest];
  });
}

/** Nothing said is below not evaluated, which is below level 0. */
function rank(level: string | undefined): number {
  return level === undefined ? -2 : (readSlsaResult(level)?.level ?? -1);
}
