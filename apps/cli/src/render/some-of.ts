import { safe } from "./terminal.ts";

const NAMES_SHOWN = 5;

/** The first of some names, and how many more there are. */
export function someOf(names: readonly string[], count: number): string {
  const shown = names.slice(0, NAMES_SHOWN);
  return `${shown.map(safe).join(", ")}${count > shown.length ? `, and ${count - shown.length} more` : ""}`;
}
