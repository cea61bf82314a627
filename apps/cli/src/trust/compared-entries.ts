import type { DescribedEntry } from "./described-entry.ts";

/** What became of one signer and builder between two trust files. */
export type Difference =
  | { readonly kind: "gained" | "lost"; readonly entry: DescribedEntry }
  | {
      readonly kind: "changed";
      readonly entry: DescribedEntry;
      readonly before: DescribedEntry;
      /** What of it changed, in words: `level 1 -> 2`. */
      readonly changes: readonly string[];
    };

const COMPARED = ["runners", "source", "from", "until", "operator", "withoutLog", "roots"] as const;

/**
 * Compares by whom they are about, whatever they are called and wherever they stand.
 *
 * @returns none where both come to the same.
 */
export function compareEntries(
  before: readonly DescribedEntry[],
  after: readonly DescribedEntry[],
): readonly Difference[] {
  const left = [...before];
  const found: Difference[] = [];
  for (const entry of after) {
    // Of several about one signer, the one that is most like it.
    const same = left.filter((one) => keyOf(one) === keyOf(entry));
    const old = same.sort((one, other) => changesOf(one, entry).length - changesOf(other, entry).length)[0];
    if (old === undefined) {
      found.push({ kind: "gained", entry });
      continue;
    }
    left.splice(left.indexOf(old), 1);
    const changes = changesOf(old, entry);
    if (changes.length > 0) found.push({ kind: "changed", entry, before: old, changes });
  }
  return [...left.map((entry): Difference => ({ kind: "lost", entry })), ...found];
}

function keyOf({ kind, signer, builders, verifier }: DescribedEntry): string {
  return JSON.stringify([kind, signer, [...builders].sort(), verifier?.id ?? null]);
}

function changesOf(before: DescribedEntry, after: DescribedEntry): readonly string[] {
  return [
    ...(before.maxLevel === after.maxLevel ? [] : [`level ${before.maxLevel} -> ${after.maxLevel}`]),
    ...COMPARED.flatMap((name) => changed(WORDS[name], before[name], after[name])),
    ...changed("max age", before.verifier?.maxAge ?? null, after.verifier?.maxAge ?? null),
    ...(["levels", "resources"] as const).flatMap((name) => {
      const [old, now] = [before.verifier?.[name] ?? [], after.verifier?.[name] ?? []];
      return [
        ...old.filter((one) => !now.includes(one)).map((one) => `${name}: no longer ${one}`),
        ...now.filter((one) => !old.includes(one)).map((one) => `${name}: now also ${one}`),
      ];
    }),
  ];
}

function changed(what: string, before: Shown, after: Shown): readonly string[] {
  return before === after ? [] : [`${what} ${shown(before)} -> ${shown(after)}`];
}

const WORDS = {
  runners: "runners",
  source: "source",
  from: "from",
  until: "until",
  operator: "operator",
  withoutLog: "without a log",
  roots: "roots",
} as const;

type Shown = string | boolean | null;

function shown(value: Shown): string {
  return value === null ? "any" : String(value);
}
