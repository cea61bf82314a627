import type { WrittenEntry } from "../trust/schema.ts";

/**
 * A dated list of whom to believe, as a person would write it down, with where it is known from. Never chosen by itself: the user
 * names it, with its date, and an old one stays what it was.
 */
export interface Preset {
  /** `npm`. */
  readonly name: string;
  /** `2026-11`: when it was written down. */
  readonly date: string;
  /** What believing it means, in a line. */
  readonly about: string;
  /** Where builders and levels are known from. */
  readonly sources: readonly string[];
  readonly entries: readonly WrittenEntry[];
  /**
   * Commits that are releases of a workflow: for callers that pin it by commit. Of a fork's commit the certificate would say the
   * same, so that only those stand here that are known; none are guessed.
   */
  readonly released: readonly { readonly workflow: string; readonly commits: readonly string[] }[];
}
