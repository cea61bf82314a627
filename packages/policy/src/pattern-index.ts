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
    let first = this.#literals.get(name) ?? null;
    for (const { glob, owner } of this.#candidates(name)) {
      if ((first === null || owner < first) && matchesGlob(glob, name)) first = owner;
    }
    return first;
  }

  /** The first owner that already gets every name which this pattern matches, as far as that is plain to see; null for none. */
  coverOf(glob: Glob): number | null {
    if (isLiteral(glob)) return this.firstOf(glob.text);
    let first: number | null = null;
    for (const { glob: other, owner } of this.#candidates(glob.prefix)) {
      if ((first === null || owner < first) && (other.text === glob.text || isPrefix(other))) first = owner;
    }
    return first;
  }

  *#candidates(name: string) {
    for (const length of this.#prefixLengths) {
      if (length <= name.length) yield* this.#byPrefix.get(name.slice(0, length)) ?? [];
    }
  }
}
