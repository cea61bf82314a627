import { refused } from "./refused.ts";

/**
 * What stands at a path of somebody's JSON; undefined where the path does not lead anywhere.
 *
 * @throws TouchmarkError `PREDICATE_MISMATCH` where something else than an object is in the way: another reader could find
 * something there.
 */
export function member(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (at === undefined || at === null) return undefined;
    if (typeof at !== "object" || Array.isArray(at)) throw unlike(`an object that holds ${key}`, "an object", at);
    at = Object.hasOwn(at, key) ? (at as Readonly<Record<string, unknown>>)[key] : undefined;
  }
  return at;
}

/**
 * The text at a path; a number as its digits.
 *
 * @returns null where nothing stands: "unset == null == empty" (slsa.dev/spec/v1.2/build-provenance, parsing rules).
 * @throws TouchmarkError `PREDICATE_MISMATCH` for a value of another type: it cannot be what a certificate says.
 */
export function statedAt(value: unknown, ...path: readonly string[]): string | null {
  const found = member(value, ...path);
  if (found === undefined || found === null || found === "") return null;
  if (typeof found === "string") return found;
  if (Number.isSafeInteger(found)) return String(found);
  throw unlike(`text for ${path.join(".")}`, "text", found);
}

/**
 * The first of a list at a path; undefined where there is none.
 *
 * @throws TouchmarkError `PREDICATE_MISMATCH` for something else than a list.
 */
export function first(value: unknown, ...path: readonly string[]): unknown {
  const found = member(value, ...path);
  if (found === undefined || found === null) return undefined;
  if (!Array.isArray(found)) throw unlike(`a list at ${path.join(".")}`, "a list", found);
  return found[0];
}

function unlike(what: string, expected: string, found: unknown) {
  return refused("PREDICATE_MISMATCH", `the provenance has something else than ${what}`, {
    expected,
    actual: Array.isArray(found) ? "a list" : typeof found,
  });
}
