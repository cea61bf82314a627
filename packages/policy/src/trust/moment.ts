/** A day (UTC), or a moment with its offset: a time without one is another time elsewhere. */
export const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * @param edge - of a day, its first or its last millisecond.
 * @returns null for what is no day of the calendar.
 */
export function momentOf(text: string, edge: "first" | "last"): Date | null {
  if (!MOMENT.test(text)) return null;
  const day = text.slice(0, 10);
  const isDay = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(isDay.getTime()) || isDay.toISOString().slice(0, 10) !== day) return null;
  const moment = new Date(text.length > 10 ? text : `${day}T${edge === "first" ? "00:00:00.000" : "23:59:59.999"}Z`);
  return Number.isNaN(moment.getTime()) ? null : moment;
}
