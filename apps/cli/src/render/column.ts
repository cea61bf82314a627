import { safe } from "./terminal.ts";

/** Wider names do not push the column further: they stand out to the right of it. Unit: characters. */
const WIDEST = 48;

/** Makes a name safe to print and as wide as its column. */
export type Pad = (name: string) => string;

/** A column as wide as the widest of its names. */
export function column(names: readonly string[]): Pad {
  const width = names.reduce((widest, name) => Math.max(widest, Math.min(safe(name).length, WIDEST)), 0);
  return (name) => safe(name).padEnd(width);
}
