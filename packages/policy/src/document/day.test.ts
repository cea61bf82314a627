import { expect, it } from "vitest";
import { endOfDay, isOver } from "./day.ts";

it("a day ends with its last millisecond, in UTC", () => {
  expect(endOfDay("2024-02-29")).toBe(Date.parse("2024-03-01T00:00:00Z"));
  expect(isOver("2026-12-31", Date.parse("2026-12-31T23:59:59.999Z"))).toBe(false);
  expect(isOver("2026-12-31", Date.parse("2027-01-01T00:00:00Z"))).toBe(true);
});

it.each([
  "2026-02-29",
  "2026-13-01",
  "2026-00-10",
  "0026-01-01",
  "2026-1-1",
  "12026-01-01",
  "2026-01-01T00",
  "",
  "never",
])("%s is no day, and so is over", (text) => {
  expect(endOfDay(text)).toBeNull();
  expect(isOver(text, 0)).toBe(true);
});
