import { expect, it } from "vitest";
import { inParallel } from "./in-parallel.ts";

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
