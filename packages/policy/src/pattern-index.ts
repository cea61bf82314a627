import { type Glob, isLiteral, isPrefix, matchesGlob } from "./glob.ts";

/**
 * Which of many patterns a name matches first. A pattern is looked for by the text before its first star, so that a name is
 * compared only with patterns that begin as it does.
 */
export class PatternIndex {
  readonly #literals = new Map<string, number>();
  readonly #byPrefix = new Map<string, { readonly glob: Glob; readonly owner: number }[]>();
  readonly #prefixLengths = new Set<number>();

  /** @param owner - which rule it belongs to; the lowest one wins. Patterns are added in that order. */
  add(glob: Glob, owner: number): void {
    if (isLiteral(glob)) {
      if (!this.#literals.has(glob.text)) this.#literals.set(glob.text, owner);
      return;
    }
    this.#prefixLengths.add(glob.prefix.length);
    const same = this.#byPrefix.get(glob.prefix);
    if (same === undefined) this.#byPrefix.set(glob.prefix, [{ glob, owner }]);
    else same.push({ glob, owner });
  }

  /** The first owner one of whose patterns the name matches; null for none. */
  firstOf(name: string): number | null {
    const literal = this.#literals.get(name) ?? null;
    return this.#firstBeginning(name, literal, (glob) => matchesGlob(glob, name));
  }

  /** The first owner that already gets every name which this pattern matches, as far as that is plain to see; null for none. */
  coverOf(glob: Glob): number | null {
    if (isLiteral(glob)) return this.firstOf(glob.text);
    return this.#firstBeginning(glob.prefix, null, (other) => other.text === glob.text || isPrefix(other));
  }

  #firstBeginning(name: string, known: number | null, accepts: (glob: Glob) => boolean): number | null {
    let first = known;
    for (const length of this.#prefixLengths) {
      if (length > name.length) continue;
      const same = this.#byPrefix.get(name.slice(0, length));
      if (same === undefined) continue;
      // In the order of their owners: the first that accepts is the lowest.
      for (const { glob, owner } of same) {
        if (first !== null && owner >= first) break;
        if (accepts(glob)) first = owner;
      }
    }
    return first;
  }
}
