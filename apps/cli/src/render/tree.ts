import type { Fact } from "../inspect/fact.ts";
import { safe } from "./terminal.ts";

/** Wider names do not push the values further: they stand out to the right. Unit: characters. */
const WIDEST = 48;
/** Of a value on one line; the JSON document has all of it. Unit: characters. */
const LONGEST = 400;

/**
 * Facts as lines, names and values in columns, what belongs to a fact below it and further in. Safe to print.
 *
 * @param indent - how far in. Unit: characters.
 * @param least - how wide the column of names is at least. Unit: characters.
 */
export function treeLines(facts: readonly Fact[], indent: number, least = 0): readonly string[] {
  const withValue = facts.filter(({ value }) => value !== null && value !== "");
  const width = withValue.reduce((widest, { name }) => Math.max(widest, Math.min(safe(name).length, WIDEST)), least);
  return facts.flatMap(({ name, value, facts: below }) => [
    `${" ".repeat(indent)}${lineOf(name, value, width)}`,
    ...treeLines(below, indent + 2),
  ]);
}

function lineOf(name: string, value: string | null, width: number): string {
  if (value === null || value === "") return shown(name);
  return `${shown(name).padEnd(width)}  ${shown(value)}`;
}

function shown(text: string): string {
  return safe(text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text);
}
