import { expect, test } from "vitest";
import { DECLARED, DIRTY, isReservedAnnotation, REPORTED_BY } from "./annotations.ts";

test.each([
  DECLARED,
  DIRTY,
  REPORTED_BY,
  "https://touchmark.dev/anything",
  "HTTPS://Touchmark.DEV/declared",
  "http://touchmark.dev/declared",
  "https://touchmark.dev:443/declared",
  "https://www.touchmark.dev/declared",
  " https://touchmark.dev/declared",
  "https://touch\u200bmark.dev/declared",
  "https://ｔｏｕｃｈｍａｒｋ.dev/declared",
  "https://touchmark\u3002dev/declared",
  "https://touchmark\uff0edev/declared",
])("%j is ours or looks like it", (key) => {
  expect(isReservedAnnotation(key)).toBe(true);
});

test.each(["dev", "https://example.com/declared", "touchmark", "touchmark-dev", "https://touchmark.example/"])(
  "%j is free",
  (key) => {
    expect(isReservedAnnotation(key)).toBe(false);
  },
);
