import { expect, it } from "vitest";
import { readMaxAge } from "./max-age.ts";

const DAY = 86_400_000;

it.each<[string, number | null]>([
  ["12h", DAY / 2],
  ["180d", 180 * DAY],
  ["8w", 56 * DAY],
  ["1h", DAY / 24],
  ["3653d", 3_653 * DAY],
  ["3654d", null],
  ["0d", null],
  ["12", null],
  ["h", null],
  ["1.5h", null],
  ["-1d", null],
  ["12hours", null],
  ["12m", null],
  ["1000000h", null],
  [" 12h", null],
  ["", null],
])("an age of %j is %s", (text, expected) => {
  expect(readMaxAge(text)).toBe(expected);
});
