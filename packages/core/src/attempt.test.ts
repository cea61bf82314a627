import { expect, test } from "vitest";
import { attempt, attemptOrNull } from "./attempt.ts";
import { TouchmarkError } from "./errors.ts";

test("gives what is read, or the error of ours", () => {
  const ours = new TouchmarkError("INPUT_INVALID", "broken");
  expect(attempt(() => 1)).toBe(1);
  expect(
    attempt(() => {
      throw ours;
    }),
  ).toBe(ours);
});

test("lets a mistake of the program through", () => {
  expect(() =>
    attempt(() => {
      throw new TypeError("a mistake");
    }),
  ).toThrow(TypeError);
});

test("or null, where it does not matter why", () => {
  expect(attemptOrNull(() => 1)).toBe(1);
  expect(
    attemptOrNull(() => {
      throw new TouchmarkError("INPUT_INVALID", "broken");
    }),
  ).toBeNull();
});
