import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { allInParallel, inParallel } from "./in-parallel.ts";

it("runs at most so many at once, and gives the outcomes in order", async () => {
  let running = 0;
  let most = 0;
  const outcomes = await inParallel([30, 1, 20, 2, 10, 3], 2, async (ms) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, ms));
    running -= 1;
    if (ms === 20) throw new Error("20");
    return ms;
  });
  expect(most).toBe(2);
  expect(outcomes.map((one) => (one.status === "fulfilled" ? one.value : "failed"))).toEqual([
    30,
    1,
    "failed",
    2,
    10,
    3,
  ]);
});

it("does nothing for nothing", async () => {
  expect(await inParallel([], 4, () => Promise.reject(new Error("never")))).toEqual([]);
});

it("gives all results, in the order of the items", async () => {
  const results = await allInParallel([30, 1, 20, 1], 2, async (ms) => {
    await pause(ms);
    return ms;
  });
  expect(results).toEqual([30, 1, 20, 1]);
  expect(await allInParallel([], 8, async () => 1)).toEqual([]);
});

it("throws the first failure by order, and begins nothing after one", async () => {
  const begun: number[] = [];
  const failing = allInParallel([0, 1, 2, 3], 2, async (item) => {
    begun.push(item);
    await pause(item === 0 ? 20 : 1);
    throw new Error(`failed ${item}`);
  });
  await expect(failing).rejects.toThrow("failed 0");
  expect(begun).toEqual([0, 1]);
});
