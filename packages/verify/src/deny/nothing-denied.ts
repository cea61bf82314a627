import type { Denials } from "./denials.ts";

/** Without a list. By itself: what reads lists is loaded for those who have one. */
export const NOTHING_DENIED: Denials = {
  lists: [],
  algorithms: [],
  artifact: () => null,
  statement: () => null,
  subject: () => null,
};
