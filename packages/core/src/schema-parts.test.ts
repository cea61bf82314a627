import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { TouchmarkError } from "./errors.ts";
import {
  AnyObject,
  boundedText,
  decodedText,
  nullishAs,
  optionalText,
  readBy,
  readWith,
  refuseValue,
} from "./schema-parts.ts";

/** The issues of a member of an object, as `path: message`. */
function issues(schema: z.ZodMiniType, ...member: readonly [] | readonly [unknown]): readonly string[] {
  const object = z.strictObject({ of: z.strictObject({ it: schema }) });
  const parsed = object.safeParse({ of: member.length === 0 ? {} : { it: member[0] } });
  return parsed.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
}

describe("text", () => {
  it.each(["ab", "abc"])("within its bounds comes through: %j", (text) => {
    expect(boundedText(3, 2).parse(text)).toBe(text);
  });

  it.each<[unknown, string]>([
    ["a", "expected 2 to 3 characters, got 1"],
    ["abcd", "expected 2 to 3 characters, got 4"],
    [7, "expected text, got number"],
    [null, "expected text, got null"],
    [undefined, "expected text, got nothing"],
    [["ab"], "expected text, got an array"],
    [{ length: 2 }, "expected text, got object"],
  ])("%j is refused", (value, message) => {
    expect(issues(boundedText(3, 2), value)).toEqual([`of.it: ${message}`]);
  });

  it("must be there, and may be empty where nothing says otherwise", () => {
    expect(issues(boundedText(3))).toEqual(["of.it: expected text, got nothing"]);
    expect(boundedText(3).parse("")).toBe("");
    expect(issues(boundedText(3), "abcd")).toEqual(["of.it: expected at most 3 characters, got 4"]);
    expect(issues(z.optional(boundedText(3)))).toEqual([]);
  });

  it("that is optional is null wherever it says nothing", () => {
    expect(["", null, undefined, "a"].map((text) => optionalText(1).parse(text))).toEqual([null, null, null, "a"]);
    expect(z.object({ it: optionalText(1) }).parse({})).toEqual({ it: null });
    expect(issues(optionalText(1), "ab")).toEqual(["of.it: expected at most 1 characters, got 2"]);
  });

  it("stands for what it is decoded to, and is refused with the decoder's words", () => {
    const number = decodedText(5, (text, payload) => {
      if (text === "never") throw new TouchmarkError("INPUT_INVALID", "no such number");
      if (text === "break") throw new TypeError("a defect");
      return Number.isNaN(Number(text)) ? refuseValue(payload, "no number") : Number(text);
    });
    expect(number.parse("12")).toBe(12);
    expect(issues(number, "x")).toEqual(["of.it: no number"]);
    expect(issues(number, "never")).toEqual(["of.it: no such number"]);
    expect(() => issues(number, "break")).toThrow(TypeError);
  });
});

describe("any object", () => {
  it("comes through as it is", () => {
    const value = { a: [1], b: {} };
    expect(AnyObject.parse(value)).toBe(value);
  });

  it.each<[unknown, string]>([
    [[], "an array"],
    [null, "null"],
    ["{}", "string"],
    [undefined, "nothing"],
  ])("%j is none", (value, kind) => {
    expect(issues(AnyObject, value)).toEqual([`of.it: expected an object, got ${kind}`]);
  });

  it("must be there", () => {
    expect(issues(AnyObject)).toEqual(["of.it: expected an object, got nothing"]);
  });
});

describe("what may be null", () => {
  const list = nullishAs(z.array(z.int()), "none");

  it("is something else where it says nothing", () => {
    expect([null, undefined, [1]].map((value) => list.parse(value))).toEqual(["none", "none", [1]]);
    expect(z.object({ it: list }).parse({})).toEqual({ it: "none" });
  });

  it("is one and the same wherever it says nothing, and cannot be changed", () => {
    const empty = nullishAs(AnyObject, {}).parse(null);
    expect(() => Object.assign(empty, { a: 1 })).toThrow(TypeError);
  });

  it("is refused as its schema does, by the path of the first issue", () => {
    expect(issues(list, [1, "2", {}])).toEqual([expect.stringMatching(/^of\.it\.1: /)]);
    expect(issues(list, "none")).toHaveLength(1);
  });
});

it("a schema that asks another one takes its first issue, below a path", () => {
  const pair = readWith((value, payload) => readBy(z.object({ a: boundedText(1) }), value, payload, [0]));
  expect(pair.parse({ a: "x" })).toEqual({ a: "x" });
  expect(issues(pair, { a: "xy" })).toEqual(["of.it.0.a: expected at most 1 characters, got 2"]);
});
