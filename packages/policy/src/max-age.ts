const UNITS = { h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Ten years: what is longer is a slip. Unit: milliseconds. */
const LONGEST_MS = 3_653 * UNITS.d;

/**
 * A span of time as people write it: `12h`, `180d`, `8w`.
 *
 * @returns milliseconds, above 0; null for what is none, or longer than ten years.
 */
export function readMaxAge(text: string): number | null {
  const [, digits = "", unit = ""] = /^(\d{1,6})([hdw])$/.exec(text) ?? [];
  const ms = Number(digits) * (UNITS[unit as keyof typeof UNITS] ?? 0);
  return ms > 0 && ms <= LONGEST_MS ? ms : null;
}
