/** One line of a tree for people: a name, what is said under it, and what belongs to it. */
export interface Fact {
  readonly name: string;
  /** Null for a heading. */
  readonly value: string | null;
  readonly facts: readonly Fact[];
}

/** How many of a list are named before the rest is counted. */
const FACTS_LISTED = 20;

/** A fact; none at all where nothing is said. */
export function fact(name: string, value: string | null, facts: readonly Fact[] = []): readonly Fact[] {
  return value === null && facts.length === 0 ? [] : [{ name, value, facts }];
}

/** A count, and the first of what was counted below it. */
export function countedFact<Item>(
  name: string,
  items: readonly Item[],
  show: (item: Item) => readonly Fact[],
  listed: number = FACTS_LISTED,
): readonly Fact[] {
  const more = items.length - listed;
  return fact(name, String(items.length), [
    ...items.slice(0, listed).flatMap(show),
    ...(more > 0 ? fact(`and ${more} more`, "") : []),
  ]);
}
