import { TouchmarkError } from "./errors.ts";
import { MAX_JSON_DEPTH } from "./limits.ts";

/**
 * The one JSON encoding in the program: keys sorted by UTF-16 code unit at every level, no white space, `undefined`
 * members left out. Equal values give equal bytes, and different ones different bytes; for the values that it takes
 * these are the bytes of RFC 8785 (https://www.rfc-editor.org/rfc/rfc8785).
 *
 * @throws TouchmarkError `INPUT_INVALID` for what JSON cannot say without loss: NaN, infinities, integers beyond
 * 2^53 - 1, `undefined` in an array, dates, maps, bytes, class instances, and nesting that `parseJson` would refuse.
 */
export function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(stableText(value));
}

/** {@link encodeJson} as text, to compare and to sort values. */
export function stableText(value: unknown): string {
  let movesKeys = false;
  const copy = inOrder(value, 0);
  // JSON.stringify of an object whose keys were inserted in order takes a third of the time.
  return movesKeys ? textOf(copy) : JSON.stringify(copy);

  /** The same value with keys in order and without `undefined` members; what JSON cannot say is refused here. */
  function inOrder(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return exactNumber(value);
      case "object":
        break;
      default:
        throw inexact(typeof value);
    }
    if (value === null) return null;
    // A copy of a long list takes longer than its text, and most are in order; they stand near the top.
    if (depth <= 1 && isInOrder(value, depth)) return value;
    if (depth === MAX_JSON_DEPTH) throw inexact(`more than ${MAX_JSON_DEPTH} levels`);
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      for (const item of value) items.push(inOrder(item, depth + 1)); // a hole is undefined here, map() would keep it
      return items;
    }
    if (!isPlain(value)) throw inexact(`a ${value.constructor?.name ?? "special"} object`);
    const members: Record<string, unknown> = {};
    for (const key of sortedKeys(value)) {
      const member = (value as Record<string, unknown>)[key];
      if (member === undefined) continue;
      const copied = inOrder(member, depth + 1);
      if (isMovedKey(key)) {
        movesKeys = true;
        Object.defineProperty(members, key, { value: copied, enumerable: true });
      } else {
        members[key] = copied;
      }
    }
    return members;
  }
}

/** True for what JSON.stringify writes just as {@link stableText} has to; false says nothing. */
function isInOrder(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return isExact(value);
    case "object":
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (depth === MAX_JSON_DEPTH || "toJSON" in value) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isInOrder(item, depth + 1)) return false; // every() would pass over holes
    return true;
  }
  if (!isPlain(value)) return false;
  let previous = "";
  for (const key of Object.keys(value)) {
    if (key < previous || isMovedKey(key)) return false;
    if (!isInOrder((value as Record<string, unknown>)[key], depth + 1)) return false;
    previous = key;
  }
  return true;
}

function sortedKeys(value: object): readonly string[] {
  const keys = Object.keys(value);
  return keys.every((key, at) => at === 0 || (keys[at - 1] ?? "") < key) ? keys : keys.sort();
}

/** JavaScript puts keys such as "10" first, whatever the order of insertion, and an assigned `__proto__` is no member. */
function isMovedKey(key: string): boolean {
  const first = key.charCodeAt(0);
  return (first >= 0x30 && first <= 0x39) || key === "__proto__";
}

/** Of a copy that {@link stableText} made: nothing in it is refused any more. */
function textOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${textOf(member)}`).join(",")}}`;
}

/** RFC 8785 section 3.2.2.3 takes ECMAScript's number text; integers beyond 2^53 - 1 may have lost digits before. */
function exactNumber(value: number): number {
  if (isExact(value)) return value;
  throw inexact(`the number ${value}`);
}

function isExact(value: number): boolean {
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
}

/** An object literal or the like, also one from another realm; no map, date or class instance. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function inexact(actual: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", "a value cannot be written as JSON without loss", {
    expected: "null, booleans, strings, safe numbers, arrays and plain objects",
    actual,
  });
}
