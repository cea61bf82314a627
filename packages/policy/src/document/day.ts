const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_MS = 86_400_000;

/**
 * The end of a day in UTC: a policy that expires on a day, or an exception until one, counts on that day for everybody.
 *
 * @param text - `2027-06-01`.
 * @returns milliseconds since 1970, of the first moment after it; null for what is no day of the calendar.
 */
export function endOfDay(text: string): number | null {
  const [, year, month, day] = DAY.exec(text) ?? [];
  if (year === undefined) return null;
  const start = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // 2026-02-30 would be March 2.
  return new Date(start).toISOString().startsWith(text) ? start + DAY_MS : null;
}

/**
 * True behind the end of a day; of what is no day, always.
 *
 * @param now - milliseconds since 1970.
 */
export function isOver(day: string, now: number): boolean {
  return now >= (endOfDay(day) ?? 0);
}
