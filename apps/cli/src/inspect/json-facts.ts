import { type Fact, fact } from "./fact.ts";

/** Levels that are opened; what lies deeper is counted. */
const DEPTH = 5;
/** Members of the outermost object or list that are shown, and of one below it. */
const MEMBERS = { outer: 16, inner: 8 } as const;
/** Members in all: a predicate may have thousands, and a person reads a page. */
const ALL_MEMBERS = 80;

/** Somebody's JSON as a tree, with lists of plain values on one line; bounded in every direction. */
export function jsonFacts(value: unknown): readonly Fact[] {
  let left = ALL_MEMBERS;
  return membersOf(value, 0);

  function membersOf(json: unknown, depth: number): readonly Fact[] {
    if (json === null || typeof json !== "object") return [];
    const members = Array.isArray(json) ? json.map((item, at) => [`${at}`, item] as const) : Object.entries(json);
    const shown: Fact[] = [];
    for (const [name, member] of members) {
      if (shown.length === (depth === 0 ? MEMBERS.outer : MEMBERS.inner) || left === 0) break;
      left -= 1;
      shown.push(...factOf(name, member, depth));
    }
    const more = members.length - shown.length;
    return [...shown, ...(more > 0 ? fact(`and ${more} more`, "") : [])];
  }

  function factOf(name: string, json: unknown, depth: number): readonly Fact[] {
    if (json === null || typeof json !== "object") return fact(name, plain(json));
    if (Array.isArray(json) && json.length <= MEMBERS.inner && json.every(isPlain)) {
      return fact(name, json.length === 0 ? "(none)" : json.map(plain).join(", "));
    }
    const count = Array.isArray(json) ? json.length : Object.keys(json).length;
    if (count === 0) return fact(name, "(none)");
    if (depth === DEPTH) return fact(name, `(${count} more below)`);
    return fact(name, Array.isArray(json) ? String(count) : null, membersOf(json, depth + 1));
  }
}

function isPlain(json: unknown): boolean {
  return json === null || typeof json !== "object";
}

function plain(json: unknown): string {
  return json === "" ? "(empty)" : String(json);
}
