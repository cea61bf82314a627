import { expect, it } from "vitest";
import { checkAssets } from "./asset-name.ts";
import { MAX_ASSETS, MAX_FILE_NAME_BYTES } from "./limits.ts";

const named = (...names: readonly string[]) => names.map((name) => ({ name }));

it("the files of a release have one order", () => {
  expect(checkAssets(named("b", "a.txt", "A"), "r")).toEqual(named("A", "a.txt", "b"));
  expect(checkAssets(named("x".repeat(MAX_FILE_NAME_BYTES)), "r")).toHaveLength(1);
});

it.each<[string, string, string | undefined]>([
  ["a/b", "NAME_REFUSED", "a separator in it"],
  ["tool:1", "NAME_REFUSED", "a separator in it"],
  ["x".repeat(MAX_FILE_NAME_BYTES + 1), "NAME_REFUSED", `${MAX_FILE_NAME_BYTES + 1} bytes`],
  ["\u00e4".repeat(MAX_FILE_NAME_BYTES / 2 + 1), "NAME_REFUSED", undefined],
])("%j is the name of no file", (name, code, actual) => {
  expect(() => checkAssets(named("a", name), "r")).toThrow(
    expect.objectContaining({ code, ...(actual === undefined ? {} : { actual }) }),
  );
});

it("no name comes twice", () => {
  expect(() => checkAssets(named("a", "b", "a"), "r")).toThrow(
    expect.objectContaining({ code: "SERVICE_INVALID", expected: "each name once", actual: '"a"' }),
  );
});

it("there are so many files, and no more", () => {
  const many = (count: number) => named(...Array.from({ length: count }, (_, at) => `${at}`));
  expect(checkAssets(many(MAX_ASSETS), "r")).toHaveLength(MAX_ASSETS);
  expect(() => checkAssets(many(MAX_ASSETS + 1), "r")).toThrow(
    expect.objectContaining({ code: "LIMIT_EXCEEDED", expected: `at most ${MAX_ASSETS}`, actual: "more" }),
  );
});
