import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeJson, stableText } from "./canonical-json.ts";
import { parseJson } from "./json.ts";

const inexact = (actual: string) => expect.objectContaining({ code: "INPUT_INVALID", actual });

test.each([
  [{ b: 1, a: [true, null, "x"] }, '{"a":[true,null,"x"],"b":1}'],
  [{ "10": 1, "9": 2, "-": 3, a: 4 }, '{"-":3,"10":1,"9":2,"a":4}'],
  [[{ b: [{ "2": { y: 1, x: "\n" } }], a: 1 }], '[{"a":1,"b":[{"2":{"x":"\\n","y":1}}]}]'],
  [{ outer: { z: 1, y: { d: 1, c: 2 } } }, '{"outer":{"y":{"c":2,"d":1},"z":1}}'],
  [{ here: 1, gone: undefined }, '{"here":1}'],
  [[], "[]"],
  [{}, "{}"],
  ['\u0000\u001f"\\/\u2028é😀', '"\\u0000\\u001f\\"\\\\/\u2028é😀"'],
  ["\ud800", '"\\ud800"'],
  [-0, "0"],
  [0.1, "0.1"],
  [1e-7, "1e-7"],
  [Number.MAX_SAFE_INTEGER, "9007199254740991"],
  [Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
])("%j", (value, text) => {
  expect(stableText(value)).toBe(text);
  expect(new TextDecoder().decode(encodeJson(value))).toBe(text);
});

test("the vector of RFC 8785 section 3.2.3: keys by UTF-16 code unit", () => {
  const keys = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 };
  expect(Object.values(JSON.parse(stableText(Object.entries(keys)))).length).toBe(7);
  expect(stableText(keys)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
});

test("a key called __proto__ is written, not lost", () => {
  expect(stableText(JSON.parse('{"__proto__":1,"a":2}'))).toBe('{"__proto__":1,"a":2}');
});

test("an object of another realm is a plain object", () => {
  expect(stableText(runInNewContext("({ a: [1] })"))).toBe('{"a":[1]}');
});

test.each([
  ["NaN", Number.NaN, "the number NaN"],
  ["an infinity", Number.NEGATIVE_INFINITY, "the number -Infinity"],
  ["an integer that may have lost digits", 2 ** 53, "the number 9007199254740992"],
  ["a huge one", 1e300, "the number 1e+300"],
  ["undefined", undefined, "undefined"],
  ["undefined in an array", [undefined], "undefined"],
  // biome-ignore lint/suspicious/noSparseArray: a hole is what is looked for
  ["a hole in an array", [1, , 2], "undefined"],
  ["a bigint", 1n, "bigint"],
  ["a function", () => 1, "function"],
  ["a symbol", Symbol("s"), "symbol"],
  ["a date", new Date(0), "a Date object"],
  ["a map", new Map([["a", 1]]), "a Map object"],
  ["bytes", Uint8Array.of(1), "a Uint8Array object"],
  ["an object with a made-up toJSON", { toJSON: () => 1 }, "function"],
])("%s is refused, since another value would have the same text", (_what, value, actual) => {
  expect(() => stableText(value)).toThrow(inexact(actual));
  expect(() => stableText({ nested: [value] })).toThrow(inexact(actual));
});

test.each([
  ["hidden", Object.defineProperty({ a: 1 }, "toJSON", { value: () => 2 })],
  ["inherited", Object.assign(Object.create(Object.assign(Object.create(null), { toJSON: () => 2 })), { a: 1 })],
])("a %s toJSON is not asked", (_what, value) => {
  expect(stableText(value)).toBe('{"a":1}');
  expect(stableText([value])).toBe('[{"a":1}]');
});

test("64 levels are written, 65 are not", () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  expect(stableText(nested(64))).toHaveLength(129);
  expect(() => stableText(nested(65))).toThrow(inexact("more than 64 levels"));
});

describe("laws", () => {
  const json = fc.jsonValue({ noUnicodeString: false, maxDepth: 5 }).filter((value) => {
    const text = JSON.stringify(value);
    return !text.includes("__proto__") && !/e\+|\d{16}/.test(text);
  });

  test("parseJson after encodeJson gives the value, -0 aside", () => {
    fc.assert(
      fc.property(json, (value) => {
        const parsed = parseJson(encodeJson(value), { what: "x", maxBytes: 1e6 });
        expect(parsed).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("the order of keys does not matter, and different values have different texts", () => {
    fc.assert(
      fc.property(json, json, (left, right) => {
        expect(stableText(reversed(left))).toBe(stableText(left));
        const same = JSON.stringify(sortedPairs(left)) === JSON.stringify(sortedPairs(right));
        expect(stableText(left) === stableText(right)).toBe(same);
      }),
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, member]) => [key, reversed(member)]));
}

/** An independent normal form: objects as sorted lists of pairs, which no object can be mistaken for. */
function sortedPairs(value: unknown): unknown {
  if (Array.isArray(value)) return { array: value.map(sortedPairs) };
  if (value === null || typeof value !== "object") return value;
  const pairs = Object.entries(value).map(([key, member]) => [key, sortedPairs(member)]);
  return { object: pairs.sort((left, right) => (String(left[0]) < String(right[0]) ? -1 : 1)) };
}
