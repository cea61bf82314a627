import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { boundedMap } from "./bounded-map.ts";

it("keeps the order of the items, and the limit", async () => {
  let running = 0;
  let most = 0;
  const results = await boundedMap([30, 1, 20, 1], 2, async (ms) => {
    running += 1;
    most = Math.max(most, running);
    await setTimeout(ms);
    running -= 1;
    return ms;
  });
  expect(results).toEqual([30, 1, 20, 1]);
  expect(most).toBe(2);
});

it("throws the first failure by order, and begins nothing after one", async () => {
  const begun: number[] = [];
  const failing = boundedMap([0, 1, 2, 3], 2, async (item) => {
    begun.push(item);
    await setTimeout(item === 0 ? 20 : 1);
    throw new Error(`failed ${item}`);
  });
  await expect(failing).rejects.toThrow("failed 0");
  expect(begun).toEqual([0, 1]);
});

it("maps nothing to nothing", async () => {
  expect(await boundedMap([], 8, async () => 1)).toEqual([]);
});
