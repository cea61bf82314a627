import { expect, test } from "vitest";
import * as z from "zod";
import { boundedArray } from "./bounded-array.ts";

const item = z.strictObject({ n: z.number() });
const schema = z.strictObject({ list: boundedArray(item, 3, 1) });

function issues(list: unknown): readonly { path: PropertyKey[]; message: string }[] {
  return schema.safeParse({ list }).error?.issues ?? [];
}

test("a list within the bounds comes through", () => {
  expect(schema.parse({ list: [{ n: 1 }, { n: 2 }] })).toEqual({ list: [{ n: 1 }, { n: 2 }] });
});

test.each([
  ["too many", [1, 2, 3, 4], "4 entries, expected 1 to 3"],
  ["too few", [], "0 entries, expected 1 to 3"],
])("%s: one issue, and no item is looked at", (_what, list, message) => {
  expect(issues(list)).toMatchObject([{ path: ["list"], message }]);
});

test("the first wrong item is the only issue, with its path", () => {
  expect(issues([{ n: 1 }, { n: "2" }, {}])).toMatchObject([{ path: ["list", 1, "n"] }]);
});

test.each([[undefined], [null], ["abc"], [{ length: 1, 0: { n: 1 } }]])("%j is no array", (list) => {
  expect(issues(list)).toMatchObject([{ path: ["list"], message: "expected an array" }]);
});

test("items come out as their schema reads them", () => {
  expect(boundedArray(z.string().transform(Number), 2).parse(["1", "2"])).toEqual([1, 2]);
});

test("what is plain needs no schema, all else does", () => {
  const tens = boundedArray(z.number().max(5), 3, 0, (value) => (value === 10 ? 10 : undefined));
  expect(tens.parse([10, 1])).toEqual([10, 1]);
  expect(tens.safeParse([10, 11]).error?.issues).toMatchObject([{ path: [1] }]);
});
