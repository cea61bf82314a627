/** Something in a policy file that is not understood, or means nothing. */
export interface PolicyProblem {
  /** The keys that lead to it: `["artifacts", 3, "max_level"]`. */
  readonly path: readonly PropertyKey[];
  /** `:19:7`; empty where the file's places are not known. */
  readonly place: string;
  readonly text: string;
  /** The key that was probably meant; null where none is near, and where it is about something else. */
  readonly guess: string | null;
}

/** A problem whose place in the file is not looked up yet. */
export type FoundProblem = Omit<PolicyProblem, "place">;

export function problem(path: readonly PropertyKey[], text: string, guess: string | null = null): FoundProblem {
  return { path, text, guess };
}

/** `` `max_level` is not a key here; did you mean `max-level`? `` */
export function shownProblem({ text, guess }: Pick<PolicyProblem, "text" | "guess">): string {
  return guess === null ? text : `${text}; did you mean \`${guess}\`?`;
}
