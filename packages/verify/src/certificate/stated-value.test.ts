import { describe, expect, it } from "vitest";
import { member, statedAt } from "./stated-value.ts";

const mismatch = (expected: string, actual: string) =>
  expect.objectContaining({ code: "PREDICATE_MISMATCH", expected, actual });

describe("a member", () => {
  it("is what stands at the path", () => {
    expect(member({ a: { b: [1] } }, "a", "b")).toEqual([1]);
    expect(member({ a: 1 })).toEqual({ a: 1 });
    expect(member({ a: null }, "a")).toBeNull();
  });

  it("is undefined where the path ends early", () => {
    expect(member({ a: {} }, "a", "b", "c")).toBeUndefined();
    expect(member({ a: null }, "a", "b")).toBeUndefined();
    expect(member(null, "a")).toBeUndefined();
    expect(member(undefined, "a")).toBeUndefined();
  });

  it("is never what every object has", () => {
    expect(member({}, "toString")).toBeUndefined();
    expect(member({ a: {} }, "a", "constructor", "name")).toBeUndefined();
  });

  it.each([
    ["string", "b"],
    ["number", 1],
    ["a list", [{ b: 1 }]],
    ["boolean", false],
  ])("cannot stand in another type: %s", (type, a) => {
    expect(() => member({ a }, "a", "b")).toThrow(mismatch("an object", type));
  });
});

describe("a stated text", () => {
  it("is text, or the digits of a number that is exact", () => {
    expect(statedAt({ a: "x" }, "a")).toBe("x");
    expect(statedAt({ a: 42 }, "a")).toBe("42");
    expect(statedAt({ a: 0 }, "a")).toBe("0");
    expect(statedAt({ a: Number.MAX_SAFE_INTEGER }, "a")).toBe("9007199254740991");
  });

  it.each([[{}], [{ a: null }], [{ a: "" }]])("is null for %j", (value) => {
    expect(statedAt(value, "a")).toBeNull();
  });

  it.each([
    [true, "boolean"],
    [false, "boolean"],
    [{}, "object"],
    [[], "a list"],
    [["x"], "a list"],
    [0.5, "number"],
    [2 ** 53, "number"],
  ])("is not %j", (a, type) => {
    expect(() => statedAt({ a }, "a")).toThrow(mismatch("text", type));
  });
});
