import fc from "fast-check";

type Path = readonly PropertyKey[];

/** Paths of the keys in a document, in lists too; not of those below the keys that `open` names, which a user chooses. */
export function keysIn(value: unknown, open: readonly string[] = [], at: Path = []): readonly Path[] {
  if (open.includes(String(at.at(-1)))) return [];
  if (Array.isArray(value)) return value.flatMap((inner, index) => keysIn(inner, open, [...at, index]));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...at, key], ...keysIn(inner, open, [...at, key])]);
}

/** The same document with another name for a key; null takes the key away. */
export function renamed(value: unknown, path: Path, name: string | null): unknown {
  const [key, ...below] = path;
  if (Array.isArray(value)) return value.map((inner, index) => (index === key ? renamed(inner, below, name) : inner));
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([one, inner]) => {
      if (one !== key) return [[one, inner]];
      if (below.length > 0) return [[one, renamed(inner, below, name)]];
      return name === null ? [] : [[name, inner]];
    }),
  );
}

/** What somebody may write in place of a key. */
export function misspelt(key: string): fc.Arbitrary<string> {
  return fc.oneof(
    fc.nat(key.length - 1).map((at) => key.slice(0, at) + key.slice(at + 1)),
    fc
      .tuple(fc.nat(key.length), fc.constantFrom("s", "_", "-", "x"))
      .map(([at, more]) => key.slice(0, at) + more + key.slice(at)),
    fc.constant(key.replaceAll("-", "_")),
    fc.constant(key.replaceAll("-", "")),
    fc.constant(key.toUpperCase()),
    fc.constant(key.replace(/-(.)/, (_, letter: string) => letter.toUpperCase())),
    fc.constant("__proto__"),
  );
}
