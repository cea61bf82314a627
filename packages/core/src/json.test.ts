import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { isTouchmarkError, type TouchmarkError } from "./errors.ts";
import { decodeUtf8, type Json, parseJson, parseJsonText } from "./json.ts";
import { MAX_JSON_MEMBERS, MAX_JSON_VALUES } from "./limits.ts";

// Large inputs, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000 });

const options = { what: "x.json", maxBytes: 64 * 1024 * 1024 };
const utf8 = (text: string) => new TextEncoder().encode(text);
const parse = (text: string) => parseJson(utf8(text), options);
const refused = (code: string, message: string) => expect.objectContaining({ code, message });

test.each([
  ["null", null],
  [' {"a" : [1, -2.5e3, "\\u0041\\n"], "b":{}} \r\n\t', { a: [1, -2500, "A\n"], b: {} }],
  ['{"a":{"b":1},"b":{"b":2},"c":["a","a"]}', { a: { b: 1 }, b: { b: 2 }, c: ["a", "a"] }],
  ['{"a":"__proto__","constructor":1}', { a: "__proto__", constructor: 1 }],
  ['{"\\"":1,"\\\\":2,"\\\\\\"":3}', { '"': 1, "\\": 2, '\\"': 3 }],
  ['"{[,\\"]}"', '{[,"]}'],
])("%s", (text, value) => {
  expect(parse(text)).toEqual(value);
});

describe("what JSON.parse lets pass", () => {
  test.each([
    ["a key twice", '{"a":1,"b":2,"a":3}', 'x.json has the key "a" twice in one object'],
    ["a key twice in a nested object", '[{"x":{"a":1,"a":1}}]', 'x.json has the key "a" twice in one object'],
    ["a key twice, once escaped", '{"a":1,"\\u0061":2}', 'x.json has the key "\\u0061" twice in one object'],
    ["a key twice around a nested object", '{"a":{"b":[1]},"a":1}', 'x.json has the key "a" twice in one object'],
    ["__proto__", '{"__proto__":{"admin":true}}', 'x.json has a key "__proto__"'],
    ["__proto__, escaped", '{"a":[{"\\u005f_proto__":1}]}', 'x.json has a key "__proto__"'],
  ])("%s", (_what, text, message) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(() => parse(text)).toThrow(refused("INPUT_INVALID", message));
  });

  test("64 levels pass, 65 do not; an own limit holds as well", () => {
    const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    expect(() => parse(nested(64))).not.toThrow();
    expect(() => parse(nested(65))).toThrow(refused("INPUT_INVALID", "x.json is nested too deeply"));
    expect(() => parse(`${'{"a":'.repeat(65)}1${"}".repeat(65)}`)).toThrow(
      refused("INPUT_INVALID", "x.json is nested too deeply"),
    );
    expect(() => parseJson(utf8(nested(3)), { ...options, maxDepth: 2 })).toThrow(
      refused("INPUT_INVALID", "x.json is nested too deeply"),
    );
  });

  test("too many values", () => {
    const list = (commas: number) => `[${",0".repeat(commas).slice(1)}]`;
    expect(() => parse(list(MAX_JSON_VALUES))).not.toThrow();
    expect(() => parse(list(MAX_JSON_VALUES + 1))).toThrow(refused("INPUT_TOO_LARGE", "x.json holds too many values"));
  });

  test("too many members in one object", () => {
    const object = (members: number) => `{${Array.from({ length: members }, (_, at) => `"${at}":0`).join(",")}}`;
    expect(() => parse(object(MAX_JSON_MEMBERS))).not.toThrow();
    expect(() => parse(object(MAX_JSON_MEMBERS + 1))).toThrow(
      refused("INPUT_TOO_LARGE", "x.json has an object with too many members"),
    );
  });
});

test.each([
  ["a byte order mark", [0xef, 0xbb, 0xbf, 0x31], "x.json starts with a byte order mark"],
  ["an overlong slash", [0x22, 0xc0, 0xaf, 0x22], "x.json is not valid UTF-8"],
  ["a surrogate in UTF-8", [0x22, 0xed, 0xa0, 0x80, 0x22], "x.json is not valid UTF-8"],
  ["a cut character", [0x22, 0xc3], "x.json is not valid UTF-8"],
  ["UTF-16", [0xff, 0xfe, 0x31, 0x00], "x.json is not valid UTF-8"],
])("%s", (_what, bytes, message) => {
  expect(() => parseJson(Uint8Array.from(bytes), options)).toThrow(refused("INPUT_INVALID", message));
  expect(() => decodeUtf8(Uint8Array.from(bytes), "x.json")).toThrow(refused("INPUT_INVALID", message));
});

test.each([
  ["", "nothing"],
  [" \n", "nothing"],
])("%j is not valid JSON, but %s", (text, actual) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: "INPUT_INVALID", actual }));
});

test.each([
  '{"a":1',
  '{"a',
  '{"a\\',
  '{"\\x":1,"\\x":2}'.slice(0, 8),
  "{a:1}",
  "[1,]",
  "[1]]",
  "1 2",
  "'a'",
  "NaN",
  '{"a":1}}',
  "// c\n1",
])("%s is not valid JSON", (text) => {
  expect(() => parse(text)).toThrow(refused("INPUT_INVALID", "x.json is not valid JSON"));
});

test("a file above the limit is not even decoded", () => {
  const bytes = Uint8Array.of(0xff, 0xff, 0xff);
  expect(() => parseJson(bytes, { ...options, maxBytes: 2 })).toThrow(
    expect.objectContaining({ code: "INPUT_TOO_LARGE", expected: "at most 2 bytes", actual: "3 bytes" }),
  );
  expect(() => parseJsonText("[1]", { ...options, maxBytes: 2 })).toThrow(
    expect.objectContaining({ code: "INPUT_TOO_LARGE", actual: "3 characters" }),
  );
  expect(parseJsonText("[1]", { ...options, maxBytes: 3 })).toEqual([1]);
});

test.each([
  ["brackets", "["],
  ["objects", "{},"],
  ["escapes", '"\\\\\\"'],
  ["quotes", '"'],
  ["keys", '{"\\u0061":1,'],
])("16 MiB of %s are answered", { timeout: 60_000 }, (_what, unit) => {
  const bytes = utf8(unit.repeat(Math.ceil((16 * 1024 * 1024) / unit.length)));
  expect(() => parseJson(bytes, options)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^INPUT_/) }));
});

describe("against an independent reference", () => {
  // Small alphabets, so that repeated keys, __proto__ and almost-JSON are common.
  const { value } = fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("1", "-0.5e1", "null", "true", '""', '"a"', '"\\u0061"', '"\\\\"', '"\\""', "1.", '"\u0001"'),
      tie("array"),
      tie("object"),
    ),
    array: fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
    object: fc
      .array(fc.tuple(fc.constantFrom('"a"', '"b"', '"\\u0061"', '"__proto__"', '"\\\\"', "a"), tie("value")), {
        maxLength: 3,
      })
      .map((members) => `{${members.map(([key, item]) => `${key}: ${item}`).join(" ,")}}`),
  }));
  const damaged = fc
    .tuple(value, fc.nat(), fc.constantFrom("", '"', "\\", "{", "]", ",", ":", " ", "\n", "\u00e9"), fc.nat(2))
    .map(([text, at, put, cut]) => {
      const from = at % (text.length + 1);
      return text.slice(0, from) + put + text.slice(from + cut);
    });
  const noise = fc.string({ unit: fc.constantFrom(...'{}[]",:\\ a1u0'), maxLength: 20 });

  test("accepted is what the reference accepts, and the value is JSON.parse's", () => {
    fc.assert(
      fc.property(fc.oneof(value, damaged, noise), fc.boolean(), (text, mark) => {
        const bytes = utf8(mark ? `\ufeff${text}` : text);
        const expected = mark ? null : reference(text, 5);
        const got = attempt(() => parseJson(bytes, { ...options, maxDepth: 5 }));
        if (expected === null) expect(got).toMatchObject({ code: "INPUT_INVALID" });
        else expect(got).toEqual(expected.value);
      }),
      { numRuns: 5000 },
    );
  });

  test("any bytes: invalid UTF-8 is refused, the rest is judged as text", () => {
    const bytes = fc.uint8Array({ maxLength: 8 }).map((inner) => Uint8Array.of(0x22, ...inner, 0x22));
    fc.assert(
      fc.property(bytes, (input) => {
        const text = Buffer.from(input).toString("utf8");
        const valid = Buffer.from(text, "utf8").equals(input);
        const expected = valid ? reference(text, 64) : null;
        const got = attempt(() => parseJson(input, options));
        if (expected === null) expect(got).toMatchObject({ code: "INPUT_INVALID" });
        else expect(got).toEqual(expected.value);
      }),
      { numRuns: 2000 },
    );
  });
});

function attempt(read: () => Json): Json | TouchmarkError {
  try {
    return read();
  } catch (error) {
    if (isTouchmarkError(error)) return error;
    throw error;
  }
}

/** JSON.parse decides what JSON is; a recursive walk over its tokens finds keys and depth. Slow and plain. */
function reference(text: string, maxDepth: number): { value: unknown } | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\]:,]/g) ?? [];
  const sound = (depth: number): boolean => {
    const open = tokens.shift();
    if (open !== "{" && open !== "[") return true;
    if (depth === maxDepth) return false;
    const keys: string[] = [];
    while (tokens[0] !== "}" && tokens[0] !== "]" && tokens.length > 0) {
      if (open === "{") {
        keys.push(JSON.parse(tokens.shift() ?? "") as string);
        tokens.shift(); // the colon
      }
      if (/^[{["]/.test(tokens[0] ?? "") && !sound(depth + 1)) return false;
      if (tokens[0] === ",") tokens.shift();
    }
    tokens.shift();
    return new Set(keys).size === keys.length && !keys.includes("__proto__");
  };
  return sound(0) ? { value } : null;
}
