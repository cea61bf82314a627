/** A level of a track, as verification summaries write it: `SLSA_BUILD_LEVEL_2`. */
export interface SlsaResult {
  /** `BUILD`, `SOURCE`. */
  readonly track: string;
  /** Null: the verifier did not evaluate this track. */
  readonly level: number | null;
}

/**
 * Reads a level.
 *
 * Source: https://slsa.dev/spec/v1.2/verification_summary#slsaresult
 *
 * @returns null for what names no level of a track: `SLSA_BUILD_REPRODUCED`, `FAILED`, a verifier's own words.
 */
export function readSlsaResult(text: string): SlsaResult | null {
  const [, track, level] = /^SLSA_([A-Z][A-Z0-9]*)_LEVEL_(0|[1-9]\d?|UNEVALUATED)$/.exec(text) ?? [];
  if (track === undefined || level === undefined) return null;
  return { track, level: level === "UNEVALUATED" ? null : Number(level) };
}

/** A track of which there are two levels: a summary has one of each. Null where there is none. */
export function repeatedTrack(levels: readonly string[]): string | null {
  const tracks = levels.flatMap((level) => readSlsaResult(level)?.track ?? []);
  return tracks.find((track, at) => tracks.indexOf(track) !== at) ?? null;
}
