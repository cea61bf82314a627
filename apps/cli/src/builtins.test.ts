import { expect, it } from "vitest";
import { ADAPTERS } from "./builtins.ts";

it("every adapter loads under the name that it is listed by, each once and in order", async () => {
  const names = ADAPTERS.map(({ name }) => name);
  expect(await Promise.all(ADAPTERS.map(async ({ load }) => (await load()).name))).toEqual(names);
  expect([...new Set(names)].sort()).toEqual(names);
});
