import { TouchmarkError } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { withinTime } from "./within-time.ts";

const { signal } = new AbortController();
const untilStopped = (stop: AbortSignal) =>
  new Promise<never>((_, reject) => {
    stop.addEventListener("abort", () => reject(new TouchmarkError("ABORTED", "interrupted")));
  });

describe("a time limit", () => {
  it("lets through what ends in time, and what fails", async () => {
    expect(await withinTime(1_000, signal, "tuf.example", async () => 5)).toBe(5);
    const failing = () => Promise.reject(new TouchmarkError("SERVICE_INVALID", "no"));
    await expect(withinTime(1_000, signal, "tuf.example", failing)).rejects.toMatchObject({ code: "SERVICE_INVALID" });
  });

  it("is nobody's interruption", async () => {
    await expect(withinTime(20, signal, "tuf.example", untilStopped)).rejects.toMatchObject({
      code: "NETWORK_UNAVAILABLE",
      message: "tuf.example is too slow",
      expected: "everything within 0.02 s",
    });
  });

  it("leaves an interruption by the user what it is", async () => {
    const user = new AbortController();
    setTimeout(() => user.abort(), 20);
    await expect(withinTime(10_000, user.signal, "tuf.example", untilStopped)).rejects.toMatchObject({
      code: "ABORTED",
    });
  });
});
