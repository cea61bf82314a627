import fc from "fast-check";
import { expect, it } from "vitest";
import type { Fact } from "./fact.ts";
import { jsonFacts } from "./json-facts.ts";

function count(facts: readonly Fact[]): number {
  return facts.reduce((sum, fact) => sum + 1 + count(fact.facts), 0);
}

it("counts what it does not show, in width and in depth", () => {
  const wide = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`k${at}`, at]));
  expect(jsonFacts(wide).at(-1)).toEqual({ name: "and 24 more", value: "", facts: [] });
  expect(jsonFacts({ a: wide })[0]?.facts.at(-1)?.name).toBe("and 32 more");
  let deep: unknown = { end: true, other: false };
  for (let level = 0; level < 6; level += 1) deep = { below: deep };
  expect(JSON.stringify(jsonFacts(deep))).toContain("(2 more below)");
  expect(JSON.stringify(jsonFacts(deep))).not.toContain("end");
});

it("is never longer than a page, whatever it is given", () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), (json) => count(jsonFacts(json)) < 200));
  const list = Array.from({ length: 30 }, () => Array.from({ length: 30 }, () => ({ a: { b: 1 }, c: { d: 2 } })));
  expect(count(jsonFacts(list))).toBeLessThan(200);
});
