import { describe, expect, it } from "vitest";
import { reasonOf } from "../test/reason.ts";
import { flagOf, objectOf, structOf, structsOf, textOf, textsOf, timeOf } from "./go-json.ts";

const NAMES = ["text", "flag", "list", "map", "time"];
const read = (json: Parameters<typeof structOf>[0]) => structOf(json, NAMES, "the test");

it("names count in any case, and null is as if it were not there", () => {
  const fields = read({ TEXT: "a", Flag: true, map: null });
  expect([textOf(fields, "text"), flagOf(fields, "flag"), textsOf(fields, "map").size]).toEqual(["a", true, 0]);
});

it("what is absent is empty", () => {
  const fields = read(undefined);
  expect([
    textOf(fields, "text"),
    flagOf(fields, "flag"),
    structsOf(fields, "list", []),
    textsOf(fields, "map").size,
    timeOf(fields, "time"),
  ]).toEqual(["", false, [], 0, null]);
});

it("a digest may be null, which is empty", () => {
  expect(textsOf(read({ map: { sha256: null } }), "map").get("sha256")).toBe("");
});

describe("what Go would not read", () => {
  it.each([
    ["a list for a struct", () => read([])],
    ["a text for a struct", () => read("x")],
    ["an unknown member", () => read({ other: 1 })],
    ["a number for a text", () => textOf(read({ text: 1 }), "text")],
    ["a text for a flag", () => flagOf(read({ flag: "true" }), "flag")],
    ["an object for a list", () => structsOf(read({ list: {} }), "list", [])],
    ["an unknown member in a list", () => structsOf(read({ list: [{ a: 1 }] }), "list", ["b"])],
    ["a list for a map", () => textsOf(read({ map: [] }), "map")],
    ["a number in a map of texts", () => textsOf(read({ map: { a: 1 } }), "map")],
    ["a day for a time", () => timeOf(read({ time: "2026-01-01" }), "time")],
    ["an empty time", () => timeOf(read({ time: "" }), "time")],
    ["a time without a zone", () => timeOf(read({ time: "2026-01-01T00:00:00" }), "time")],
  ])("%s", (_what, check) => {
    expect(reasonOf(check)).toBe("ErrorInvalidDssePayload");
  });
});

it.each(["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123+02:00"])("%s is a time", (time) => {
  expect(timeOf(read({ time }), "time")).toBe(time);
});

it("only objects are objects", () => {
  expect([objectOf({ a: 1 }), objectOf([]), objectOf(null), objectOf("x"), objectOf(undefined)]).toEqual([
    { a: 1 },
    null,
    null,
    null,
    null,
  ]);
});
