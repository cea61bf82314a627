import { describe, expect, test } from "vitest";
import * as z from "zod";
import { type Adapter, API_VERSION, defineAdapter, type Expectation, requireAll } from "./adapter.ts";

const adapter: Adapter<{ path: string }> = {
  apiVersion: API_VERSION,
  name: "zig-build2",
  completeness: "listing",
  marks: ["build.zig"],
  suggest: { path: "zig-out" },
  options: z.strictObject({ path: z.string() }),
  fromArgument: (argument) => (argument === null ? {} : { path: argument }),
  collect: async () => null,
};

describe("defineAdapter", () => {
  test("hands the adapter back as it is", () => {
    expect(defineAdapter(adapter)).toBe(adapter);
  });

  test("refuses another contract", () => {
    const newer = { ...adapter, apiVersion: 2 } as unknown as Adapter;
    expect(() => defineAdapter(newer)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", expected: "apiVersion 1", actual: "2" }),
    );
  });

  test.each(["", "Zig", "zig_build", "zig:x", "2zig", "-zig", "zig build", "zig\n", "../zig", "zïg"])(
    "refuses the name %j, which nobody could type after --from",
    (name) => {
      expect(() => defineAdapter({ ...adapter, name })).toThrow(
        expect.objectContaining({ code: "CONFIG_INVALID", actual: JSON.stringify(name) }),
      );
    },
  );
});

describe("requireAll", () => {
  test.each<[string, readonly string[], Expectation]>([
    ["nothing expected", ["a", "b"], null],
    ["nothing expected of nothing", [], null],
    ["the number", ["a", "b"], 2],
    ["none, by number", [], 0],
    ["the names, in any order", ["b", "a"], ["a", "b"]],
    ["a name that is listed twice", ["a"], ["a", "a"]],
  ])("%s", (_what, found, expected) => {
    expect(() => requireAll(found, expected)).not.toThrow();
  });

  test.each<[string, readonly string[], Expectation, object]>([
    ["too few", ["b", "a"], 3, { code: "ARTIFACT_MISSING", expected: "3", actual: "2: a, b" }],
    ["too many", ["b", "a"], 1, { code: "ARTIFACT_UNEXPECTED", expected: "1", actual: "2: a, b" }],
    ["any number is too many for none", ["a"], 0, { code: "ARTIFACT_UNEXPECTED" }],
    [
      "names that are missing, before one that is too many",
      ["a", "x"],
      ["c", "a", "b"],
      {
        code: "ARTIFACT_MISSING",
        message: "b, c should be there",
        expected: "3 artifacts",
        actual: "1 of them; 2 found",
      },
    ],
    [
      "names that are too many",
      ["z", "b", "y", "a"],
      ["b", "a"],
      { code: "ARTIFACT_UNEXPECTED", message: "y, z was not expected", expected: "a, b", actual: "2 more" },
    ],
    ["an empty list of names", ["a"], [], { code: "ARTIFACT_UNEXPECTED" }],
    ["names of nothing", [], ["a"], { code: "ARTIFACT_MISSING" }],
    ["another case", ["A"], ["a"], { code: "ARTIFACT_MISSING" }],
  ])("%s", (_what, found, expected, error) => {
    expect(() => requireAll(found, expected)).toThrow(expect.objectContaining(error));
    const turned = Array.isArray(expected) ? [...expected].reverse() : expected;
    expect(() => requireAll([...found].reverse(), turned)).toThrow(expect.objectContaining(error));
  });

  test("at most 20 names stand in a message", () => {
    const names = Array.from({ length: 30 }, (_, at) => `f${at + 10}`);
    const listed = names.slice(0, 20).join(", ");
    expect(() => requireAll([], names)).toThrow(expect.objectContaining({ message: `${listed} should be there` }));
    expect(() => requireAll(names, [])).toThrow(expect.objectContaining({ message: `${listed} was not expected` }));
    expect(() => requireAll(names, 1)).toThrow(expect.objectContaining({ actual: `30: ${listed}` }));
  });

  test("100,000 names are compared", { timeout: 60_000 }, () => {
    const names = Array.from({ length: 100_000 }, (_, at) => `dist/file-${at}`);
    expect(requireAll(names, [...names].reverse())).toBeUndefined();
    expect(() => requireAll(names, [...names, "more"])).toThrow(expect.objectContaining({ code: "ARTIFACT_MISSING" }));
  });
});
