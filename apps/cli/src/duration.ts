import { TouchmarkError } from "@touchmark/core";

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Ten years: what is longer is a slip. Unit: milliseconds. */
const LONGEST_MS = 3_653 * UNITS.d;

/**
 * A span of time as people write it: `90m`, `12h`, `30d`, `8w`.
 *
 * @param flag - for messages: `--max-roots-age`.
 * @returns milliseconds, above 0.
 * @throws TouchmarkError `USAGE`.
 */
export function durationOf(text: string, flag: string): number {
  const [, digits = "", unit = ""] = /^(\d{1,9})([mhdw])$/.exec(text) ?? [];
  const ms = Number(digits) * (UNITS[unit as keyof typeof UNITS] ?? 0);
  if (ms > 0 && ms <= LONGEST_MS) return ms;
  throw new TouchmarkError("USAGE", `${flag} is not a span of time`, {
    expected: "a whole number with a unit, at most ten years: 90m, 12h, 30d, 8w",
    actual: JSON.stringify(text.slice(0, 40)),
  });
}
