import { nearest, TouchmarkError } from "@touchmark/core";
import * as z from "zod";

/** Where a list was read from. */
export interface TrustSource {
  /** As the user named the file. */
  readonly label: string;
  /** SHA-256 of the file, lowercase hex. */
  readonly digest: string;
  /** `:12` for a place in the file, by the keys that lead to it; empty where nobody knows. */
  readonly placeOf?: (keys: readonly PropertyKey[]) => string;
}

/** `trust.yaml:12`. */
export function shownPlace({ label, placeOf = () => "" }: TrustSource, keys: readonly PropertyKey[]): string {
  return `${label}${placeOf(keys)}`;
}

/** @param keys - that lead to what is wrong. */
export function unreadable(
  source: TrustSource,
  keys: readonly PropertyKey[],
  { message, expected, actual, cause }: { message: string; expected: string; actual: string; cause?: unknown },
): TouchmarkError {
  return new TouchmarkError("TRUST_INVALID", `${shownPlace(source, keys)}: ${message}`, { expected, actual, cause });
}

/**
 * Reads a part of a list by its schema.
 *
 * @param keys - that lead to the part.
 * @throws TouchmarkError `TRUST_INVALID`, with the line, and for an unknown key with the one that is nearest.
 */
export function readPart<S extends z.ZodObject>(
  schema: S,
  data: unknown,
  source: TrustSource,
  keys: readonly PropertyKey[],
): z.output<S> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  // A misspelt key comes before the missing one that it was meant to be.
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  const path = [...keys, ...(issue?.path ?? [])];
  if (issue?.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    const known = keysAt(schema, issue.path);
    const near = nearest(key, known);
    throw unreadable(source, [...path, key], {
      message: `\`${key}\` is not a key here${near === null ? "" : `; did you mean \`${near}\`?`}`,
      expected: known.length === 0 ? "what docs/trust.md says" : known.join(", "),
      actual: key,
      cause: parsed.error,
    });
  }
  throw unreadable(source, path, {
    message: `${path.map(String).join(".") || "the list"} is not understood`,
    expected: (issue?.message ?? "what docs/trust.md says").slice(0, 300),
    actual: shownValue(issue?.path ?? [], data),
    cause: parsed.error,
  });
}

/** What stands at a place, shortly. */
function shownValue(path: readonly PropertyKey[], data: unknown): string {
  let value = data;
  for (const key of path) {
    value =
      typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
  }
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "a section with keys" : JSON.stringify(value).slice(0, 120);
}

function keysAt(schema: z.ZodObject, path: readonly PropertyKey[]): readonly string[] {
  const [first, ...rest] = path;
  if (first === undefined) return Object.keys(schema.shape);
  const inner = schema.shape[String(first)];
  const part = inner instanceof z.ZodOptional ? inner.unwrap() : inner;
  return part instanceof z.ZodObject ? keysAt(part, rest) : [];
}
