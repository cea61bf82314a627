import * as z from "zod/mini";
// Not by z.core, which brings all of it.
import { $constructor } from "zod/v4/core";
import { isTouchmarkError } from "./errors.ts";
import { isJsonObject } from "./json.ts";

// What documents are full of. Each of these is one schema, where zod's own words for it make two to seven: making them takes
// a start longer than reading a document by them. They say nothing of themselves to those who describe schemas.

interface ReaderDefinition extends z.core.$ZodTypeDef {
  readonly read: (value: unknown, payload: z.core.ParsePayload) => unknown;
}

const Type: $constructor<z.ZodMiniType> = z.ZodMiniType;
const Reader = $constructor<z.ZodMiniType, ReaderDefinition>("Reader", (schema, definition) => {
  Type.init(schema, definition);
  schema._zod.parse = (payload) => {
    payload.value = definition.read(payload.value, payload);
    return payload;
  };
});

/**
 * A schema that is a function, which may refuse by {@link refuseValue}. Unlike zod's transform it is needed where it stands: an
 * object without it does not pass.
 */
export function readWith<Value>(read: (value: unknown, payload: z.core.ParsePayload) => Value): z.ZodMiniType<Value> {
  return new Reader({ type: "custom", read }) as z.ZodMiniType<Value>;
}

/** Text of `min` to `max` UTF-16 code units. */
export function boundedText(max: number, min = 0): z.ZodMiniType<string> {
  return decodedText(max, (text) => text, min);
}

/** The same, or null: "unset == null == empty" (https://slsa.dev/spec/v1.2/build-provenance#parsing-rules). */
export function optionalText(max: number): z.ZodMiniType<string | null> {
  return nullishAs(
    decodedText(max, (text) => (text === "" ? null : text)),
    null,
  );
}

/**
 * What a text of `min` to `max` UTF-16 code units stands for.
 *
 * @param decode - may refuse by {@link refuseValue}; a TouchmarkError says what is wrong as well.
 */
export function decodedText<Value>(
  max: number,
  decode: (text: string, payload: z.core.ParsePayload) => Value,
  min = 0,
): z.ZodMiniType<Value> {
  return readWith((value, payload) => {
    if (typeof value !== "string") return refuseValue(payload, `expected text, got ${kindOf(value)}`);
    const { length } = value;
    if (length < min || length > max) {
      return refuseValue(payload, `expected ${min === 0 ? "at most" : `${min} to`} ${max} characters, got ${length}`);
    }
    try {
      return decode(value, payload);
    } catch (error) {
      if (!isTouchmarkError(error)) throw error;
      return refuseValue(payload, error.message);
    }
  });
}

/** An object of what `parseJson` read, as it is: nothing is copied. */
export const AnyObject = readWith((value, payload): Readonly<Record<string, unknown>> => {
  return isJsonObject(value) ? value : refuseValue(payload, `expected an object, got ${kindOf(value)}`);
});

/** What a schema reads; something else in place of null and of what is not there. */
export function nullishAs<Value, Other>(schema: z.core.$ZodType<Value>, other: Other): z.ZodMiniType<Value | Other> {
  Object.freeze(other); // one for all documents
  return z.transform((value, payload): Value | Other => {
    return value === undefined || value === null ? other : readBy(schema, value, payload);
  });
}

/** What another schema reads; its first issue becomes this one's. */
export function readBy<Value>(
  schema: z.core.$ZodType<Value>,
  value: unknown,
  payload: z.core.ParsePayload,
  path: readonly PropertyKey[] = [],
): Value {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  return refuseValue(payload, first?.message ?? "not as expected", [...path, ...(first?.path ?? [])], value);
}

/** Refuses a value. */
export function refuseValue(
  payload: z.core.ParsePayload,
  message: string,
  path: readonly PropertyKey[] = [],
  input: unknown = payload.value,
): never {
  payload.issues.push({ code: "custom", input, path: [...path], message });
  return z.NEVER;
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : typeof value;
}
