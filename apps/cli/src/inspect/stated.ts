import { showDigest } from "@touchmark/core";

/** What stands at a path of somebody's JSON; undefined where the path leads nowhere. Nothing that is only shown needs a schema. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (at === null || typeof at !== "object" || Array.isArray(at) || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return at;
}

/** The text at a path, numbers and booleans as text; null where there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string | null {
  const found = valueAt(value, ...path);
  if (typeof found === "number" || typeof found === "boolean") return String(found);
  return typeof found === "string" && found !== "" ? found : null;
}

/** The list at a path; empty where there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** A resource descriptor in a line: where or what it is, and its digest. */
export function descriptorText(value: unknown): string | null {
  const name = textAt(value, "uri") ?? textAt(value, "name") ?? textAt(value, "downloadLocation");
  const digest = digestText(valueAt(value, "digest"));
  return [name, digest].filter((part) => part !== null).join("  ") || null;
}

/** `sha256:HEX`, or the first digest of another algorithm. */
function digestText(value: unknown): string | null {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const [first] = entries;
  return showDigest(Object.fromEntries(entries)) ?? (first === undefined ? null : first.join(":"));
}
