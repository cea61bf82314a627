import { expect, expectTypeOf, test } from "vitest";
import { type Code, EXIT_BY_CODE, isTouchmarkError, TouchmarkError } from "./errors.ts";

test("an error says what, expected, got and why", () => {
  const cause = new Error("below");
  const error = new TouchmarkError("DIGEST_MISMATCH", "tool", { expected: "a", actual: "b", cause });
  expect(error).toMatchObject({ name: "TouchmarkError", code: "DIGEST_MISMATCH", expected: "a", actual: "b", cause });
  expect(error).toBeInstanceOf(Error);
});

test("what is not said is null, and an absent cause is absent", () => {
  const error = new TouchmarkError("USAGE", "x");
  expect(error).toMatchObject({ expected: null, actual: null });
  expect(Object.hasOwn(error, "cause")).toBe(false);
});

test.each([
  ["NOT_COVERED", 1],
  ["USAGE", 2],
  ["ABORTED", 3],
] as const)("%s ends with %d", (code, status) => {
  expect(new TouchmarkError(code, "x").exitStatus).toBe(status);
});

test("every code is spelled alike and has an exit status", () => {
  const odd = Object.entries(EXIT_BY_CODE).filter(
    ([code, status]) => !/^[A-Z]+(_[A-Z]+)*$/.test(code) || ![1, 2, 3].includes(status),
  );
  expect(odd).toEqual([]);
});

test("an error of another copy of this module is one of ours", () => {
  const copy = Object.assign(new Error("x"), { name: "TouchmarkError", code: "USAGE" });
  expect(isTouchmarkError(copy)).toBe(true);
  expect(isTouchmarkError(new TouchmarkError("USAGE", "x"))).toBe(true);
});

test.each([
  ["no error", { name: "TouchmarkError", code: "USAGE" }],
  ["another name", Object.assign(new Error("x"), { code: "USAGE" })],
  ["another code", Object.assign(new Error("x"), { name: "TouchmarkError", code: "ENOENT" })],
  ["a code of the prototype", Object.assign(new Error("x"), { name: "TouchmarkError", code: "constructor" })],
  ["no code", Object.assign(new Error("x"), { name: "TouchmarkError" })],
  ["a code that is no text", Object.assign(new Error("x"), { name: "TouchmarkError", code: 1 })],
  ["nothing", null],
])("%s is not ours", (_what, value) => {
  expect(isTouchmarkError(value)).toBe(false);
});

test("types", () => {
  expectTypeOf<Code>().toEqualTypeOf<keyof typeof EXIT_BY_CODE>();
  expectTypeOf(new TouchmarkError("USAGE", "x").exitStatus).toEqualTypeOf<1 | 2 | 3>();
  // @ts-expect-error the list of codes is closed
  new TouchmarkError("NO_SUCH_CODE", "x");
});
