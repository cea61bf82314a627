import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inputsFor } from "./inputs.ts";
import { readWithin } from "./parser.ts";
import { allParsers } from "./parsers/all.ts";

const parsers = await allParsers();

describe.each(parsers.map((parser) => [parser.name, parser] as const))("%s", (_name, parser) => {
  it("accepts what is sound", async () => {
    for (const input of parser.sound) expect(await readWithin(parser, input)).toMatchObject({ code: null });
  });

  it("refuses all else with one of its codes, in no time", async () => {
    const property = fc.asyncProperty(inputsFor(parser), async (input) => {
      await readWithin(parser, input);
    });
    await fc.assert(property, { numRuns: 100 });
  });
});

it("every parser has a name of its own", () => {
  expect(new Set(parsers.map(({ name }) => name)).size).toBe(parsers.length);
});
