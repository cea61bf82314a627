import { expect, it } from "vitest";
import { momentOf } from "./moment.ts";

it.each<[string, "first" | "last", string | null]>([
  ["2026-09-01", "first", "2026-09-01T00:00:00.000Z"],
  ["2026-09-01", "last", "2026-09-01T23:59:59.999Z"],
  ["2024-02-29", "first", "2024-02-29T00:00:00.000Z"],
  ["2026-09-01T12:00:00Z", "first", "2026-09-01T12:00:00.000Z"],
  ["2026-09-01T12:00:00Z", "last", "2026-09-01T12:00:00.000Z"],
  ["2026-09-01T12:00:00.5Z", "first", "2026-09-01T12:00:00.500Z"],
  ["2026-09-01T12:00:00.123456789Z", "first", "2026-09-01T12:00:00.123Z"],
  ["2026-09-01T12:00:00+02:00", "first", "2026-09-01T10:00:00.000Z"],
  ["2026-09-01T12:00:00-02:30", "first", "2026-09-01T14:30:00.000Z"],
  ["2026-02-29", "first", null],
  ["2026-02-30T12:00:00Z", "first", null],
  ["2026-13-01", "first", null],
  ["2026-09-01T25:00:00Z", "first", null],
  ["2026-09-01T12:00:00", "first", null],
  ["2026-09-01T12:00Z", "first", null],
  ["2026-09-01T12:00:00.Z", "first", null],
  ["2026-09-01T12:00:00.1234567890Z", "first", null],
  ["2026-09-01T12:00:00+2", "first", null],
  ["2026-09-01 12:00:00Z", "first", null],
  [" 2026-09-01", "first", null],
  ["2026-09-01x", "first", null],
  ["12026-09-01", "first", null],
  ["", "first", null],
])("%j, its %s moment: %s", (text, edge, expected) => {
  expect(momentOf(text, edge)?.toISOString() ?? null).toBe(expected);
});
