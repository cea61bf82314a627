import { issueText, isTouchmarkError, type Json, parseJson, TouchmarkError } from "@touchmark/core";
import type * as z from "zod";
import { MAX_MANIFEST_BYTES } from "./limits.ts";

/**
 * JSON out of an image or a layout.
 *
 * @throws TouchmarkError `IMAGE_MALFORMED` for what is no JSON, or not as the schema wants it; `INPUT_TOO_LARGE` above 4 MiB.
 */
export function readImageJson<T>(schema: z.ZodType<T>, bytes: Uint8Array, what: string): T {
  return checkImageJson(schema, parseImageJson(bytes, what), what);
}

/** The first half of {@link readImageJson}. */
export function parseImageJson(bytes: Uint8Array, what: string): Json {
  try {
    return parseJson(bytes, { what, maxBytes: MAX_MANIFEST_BYTES });
  } catch (cause) {
    if (!isTouchmarkError(cause) || cause.code !== "INPUT_INVALID") throw cause;
    const { message, expected, actual } = cause;
    throw new TouchmarkError("IMAGE_MALFORMED", message, { expected, actual, cause });
  }
}

/** The second half of {@link readImageJson}. */
export function checkImageJson<T>(schema: z.ZodType<T>, json: unknown, what: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new TouchmarkError("IMAGE_MALFORMED", `${what} is not as the specification of images wants it`, {
    expected: "https://github.com/opencontainers/image-spec/tree/v1.1.1",
    actual: issueText(parsed.error),
    cause: parsed.error,
  });
}

/** For a document or a layout that contradicts itself or lacks something. */
export function malformed(what: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("IMAGE_MALFORMED", `${what} is not what it should be`, { expected, actual });
}

/** @throws TouchmarkError `LIMIT_EXCEEDED`. */
export function checkCount(count: number, max: number, what: string): void {
  if (count <= max) return;
  throw new TouchmarkError("LIMIT_EXCEEDED", `${what} holds too much`, {
    expected: `at most ${max}`,
    actual: String(count),
  });
}
