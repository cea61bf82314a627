import { TouchmarkError } from "./errors.ts";
import { MAX_JSON_DEPTH, MAX_JSON_MEMBERS, MAX_JSON_VALUES } from "./limits.ts";

/** A parsed JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
type JsonObject = { readonly [key: string]: Json };

/** True for a JSON object, and for no list. */
export function isJsonObject(json: unknown): json is JsonObject {
  return json !== null && typeof json === "object" && !Array.isArray(json);
}

export interface ParseJsonOptions {
  /** What is being read, for the message: `"artifacts.json"`. */
  readonly what: string;
  /** Refused above this size, before anything is parsed. Unit: bytes. */
  readonly maxBytes: number;
  /** Levels of arrays and objects; {@link MAX_JSON_DEPTH} when absent. */
  readonly maxDepth?: number;
}

/**
 * Parses JSON that nobody vouches for.
 *
 * Stricter than `JSON.parse` (RFC 8259 leaves these open, and two parsers that differ are an attack): the bytes must be
 * valid UTF-8 without a byte order mark, no object may repeat a key, no key may be `__proto__`, nesting and the number of
 * values are bounded.
 *
 * @throws TouchmarkError `INPUT_TOO_LARGE` above `maxBytes` and above the limits of values and members; `INPUT_INVALID`
 * for anything else, with the offset where there is one.
 */
export function parseJson(bytes: Uint8Array, options: ParseJsonOptions): Json {
  if (bytes.byteLength > options.maxBytes) {
    throw new TouchmarkError("INPUT_TOO_LARGE", `${options.what} is too large to read`, {
      expected: `at most ${options.maxBytes} bytes`,
      actual: `${bytes.byteLength} bytes`,
    });
  }
  return parseJsonText(decodeUtf8(bytes, options.what), options);
}

/**
 * {@link parseJson} for text that was already decoded; the size limit then counts UTF-16 code units.
 *
 * @throws TouchmarkError as {@link parseJson}.
 */
export function parseJsonText(text: string, options: ParseJsonOptions): Json {
  if (text.length > options.maxBytes) {
    throw new TouchmarkError("INPUT_TOO_LARGE", `${options.what} is too large to read`, {
      expected: `at most ${options.maxBytes} bytes`,
      actual: `${text.length} characters`,
    });
  }
  // Before JSON.parse, which needs many times the size of text that is nothing but brackets.
  refuseAmbiguity(text, options.what, options.maxDepth ?? MAX_JSON_DEPTH);
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new TouchmarkError("INPUT_INVALID", `${options.what} is not valid JSON`, {
      expected: "one complete JSON value",
      actual: text.trim() === "" ? "nothing" : (cause as SyntaxError).message,
      cause,
    });
  }
}

/**
 * Decodes UTF-8 without replacement characters.
 *
 * @throws TouchmarkError `INPUT_INVALID` for invalid UTF-8 or a byte order mark.
 */
export function decodeUtf8(bytes: Uint8Array, what: string): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new TouchmarkError("INPUT_INVALID", `${what} starts with a byte order mark`, {
      expected: "UTF-8 without a byte order mark",
      actual: "EF BB BF",
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new TouchmarkError("INPUT_INVALID", `${what} is not valid UTF-8`, {
      expected: "UTF-8 text",
      actual: "bytes that are not UTF-8",
      cause,
    });
  }
}

/**
 * Looks for what `JSON.parse` lets pass: repeated keys, `__proto__`, depth, too many values. Never accepts anything: text
 * that is not JSON may pass here, and then fails there.
 */
function refuseAmbiguity(text: string, what: string, maxDepth: number): void {
  const open: (Set<string> | null)[] = []; // one entry per open container: its keys, or null for an array
  let expectKey = false;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
        open.push(new Set());
        expectKey = true;
        values += 1;
        break;
      case 0x5b: // [
        open.push(null);
        expectKey = false;
        values += 1;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        expectKey = false;
        break;
      case 0x2c: // ,
        expectKey = open[open.length - 1] !== null;
        values += 1;
        break;
      case 0x22: {
        const end = endOfString(text, at);
        if (end === -1) return;
        if (expectKey) {
          noteKey(text.slice(at, end + 1), open[open.length - 1], what, at);
          expectKey = false;
        }
        at = end;
        break;
      }
    }
    if (open.length > maxDepth) {
      throw new TouchmarkError("INPUT_INVALID", `${what} is nested too deeply`, {
        expected: `at most ${maxDepth} levels`,
        actual: `more, at offset ${at}`,
      });
    }
    if (values > MAX_JSON_VALUES) {
      throw new TouchmarkError("INPUT_TOO_LARGE", `${what} holds too many values`, {
        expected: `at most ${MAX_JSON_VALUES}`,
        actual: `more, at offset ${at}`,
      });
    }
  }
}

/** @returns -1 for a string that does not end. */
function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at !== -1 && precedingBackslashes(text, at) % 2 === 1) at = text.indexOf('"', at + 1);
  return at;
}

function precedingBackslashes(text: string, at: number): number {
  let count = 0;
  while (text.charCodeAt(at - 1 - count) === 0x5c) count += 1;
  return count;
}

function noteKey(literal: string, keys: Set<string> | null | undefined, what: string, at: number): void {
  const key = literal.includes("\\") ? unescapeKey(literal) : literal.slice(1, -1);
  if (key === "__proto__") {
    throw new TouchmarkError("INPUT_INVALID", `${what} has a key "__proto__"`, {
      expected: "no such key",
      actual: `one at offset ${at}`,
    });
  }
  if (keys?.has(key)) {
    throw new TouchmarkError("INPUT_INVALID", `${what} has the key ${literal.slice(0, 80)} twice in one object`, {
      expected: "each key once",
      actual: `again at offset ${at}`,
    });
  }
  if (keys?.size === MAX_JSON_MEMBERS) {
    throw new TouchmarkError("INPUT_TOO_LARGE", `${what} has an object with too many members`, {
      expected: `at most ${MAX_JSON_MEMBERS}`,
      actual: `more, at offset ${at}`,
    });
  }
  keys?.add(key);
}

function unescapeKey(literal: string): string {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return literal; // not JSON: what follows says so
  }
}
