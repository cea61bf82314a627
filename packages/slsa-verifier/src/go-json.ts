import { isJsonObject, type Json } from "@touchmark/core";
import { Refusal } from "./refusal.ts";

/**
 * Reads JSON as Go's encoding/json does into a struct with DisallowUnknownFields: names in any case, null as if it were
 * absent, a member that the struct does not have is an error. Source: https://pkg.go.dev/encoding/json#Unmarshal
 */
export type Fields = ReadonlyMap<string, Json>;

/** @param names - as Go's tags write them. @throws Refusal `ErrorInvalidDssePayload`. */
export function structOf(json: Json | undefined, names: readonly string[], what: string): Fields {
  if (json === undefined || json === null) return new Map();
  if (!isJsonObject(json)) throw malformed(what, "not an object");
  const fields = new Map<string, Json>();
  for (const [key, value] of Object.entries(json)) {
    const name = names.find((one) => one.toLowerCase() === key.toLowerCase());
    if (name === undefined) throw malformed(what, `unknown field ${JSON.stringify(key.slice(0, 120))}`);
    if (value !== null) fields.set(name, value);
  }
  return fields;
}

/** The list of structs under a name; empty where there is none. */
export function structsOf(fields: Fields, name: string, names: readonly string[]): readonly Fields[] {
  const value = fields.get(name);
  if (value === undefined) return [];
  if (!isList(value)) throw malformed(name, "not a list");
  return value.map((one) => structOf(one, names, name));
}

/** The text under a name; empty where there is none. */
export function textOf(fields: Fields, name: string): string {
  const value = fields.get(name) ?? "";
  if (typeof value !== "string") throw malformed(name, "not a text");
  return value;
}

/** False where there is none. */
export function flagOf(fields: Fields, name: string): boolean {
  const value = fields.get(name) ?? false;
  if (typeof value !== "boolean") throw malformed(name, "neither true nor false");
  return value;
}

/** A map of texts, such as digests; empty where there is none. */
export function textsOf(fields: Fields, name: string): ReadonlyMap<string, string> {
  const value = fields.get(name);
  if (value === undefined) return new Map();
  if (!isJsonObject(value)) throw malformed(name, "not an object");
  return new Map(
    Object.entries(value).map(([key, text]) => {
      if (text !== null && typeof text !== "string")
        throw malformed(name, `${JSON.stringify(key.slice(0, 120))} is not a text`);
      return [key, text ?? ""];
    }),
  );
}

/** A time in RFC 3339, as it is written; null where there is none. */
export function timeOf(fields: Fields, name: string): string | null {
  const text = textOf(fields, name);
  if (!fields.has(name)) return null;
  if (/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(text)) return text;
  throw malformed(name, "not a time");
}

/** What may be anything; an object, or null for everything else. */
export function objectOf(value: Json | undefined): Readonly<Record<string, Json>> | null {
  return isJsonObject(value) ? value : null;
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

function malformed(what: string, why: string): Refusal {
  return new Refusal("ErrorInvalidDssePayload", `${what}: ${why}`);
}
