import { refused } from "./refused.ts";

/** What stands at a path of somebody's JSON; undefined where the path does not lead anywhere. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null || Array.isArray(at) || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[key];
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
  if (typeof found === "number" && Number.isSafeInteger(found)) return String(found);
  throw refused("PREDICATE_MISMATCH", `the provenance has something else than text for ${path.join(".")}`, {
    expected: "text",
    actual: Array.isArray(found) ? "a list" : typeof found,
  });
}
