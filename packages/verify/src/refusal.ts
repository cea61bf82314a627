import type { Finding } from "@touchmark/core";
import type { Obstacle, Verdict } from "./artifact.ts";
import { MAX_LISTED_IN_MESSAGE } from "./limits.ts";

/** A verdict that nothing covers, with its one reason. */
export function failed(status: Obstacle["status"] | "untrusted" | "policy", reason: Finding): Verdict {
  return { status, statements: [], findings: [reason] };
}

/** The first few of some texts, each once, and how many more there are. */
export function listed(texts: readonly string[]): string {
  const unique = [...new Set(texts)];
  const more = unique.length - MAX_LISTED_IN_MESSAGE;
  const shown = unique.slice(0, MAX_LISTED_IN_MESSAGE).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

export function quoted(name: string | undefined): string {
  return name === undefined ? "a subject without a name" : JSON.stringify(name);
}

export function take<T>(items: Iterable<T>, count: number): readonly T[] {
  const taken: T[] = [];
  for (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}
