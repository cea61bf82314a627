import { describe, expect, it } from "vitest";
import { durationOf } from "./duration.ts";

describe("a span of time", () => {
  it.each([
    ["1m", 60_000],
    ["12h", 43_200_000],
    ["30d", 2_592_000_000],
    ["8w", 4_838_400_000],
  ])("%s", (text, ms) => {
    expect(durationOf(text, "--x")).toBe(ms);
  });

  it.each(["", "0d", "30", "d", "-1d", "1.5d", "30 d", "30D", "1y", "30d ", "9999999999d", "4000d", "1e3d"])(
    "%j is none",
    (text) => {
      expect(() => durationOf(text, "--x")).toThrow(expect.objectContaining({ code: "USAGE" }));
    },
  );
});
