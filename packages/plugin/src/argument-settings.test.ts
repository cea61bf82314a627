import { expect, it } from "vitest";
import { argumentSettings } from "./argument-settings.ts";

const read = (argument: string) => argumentSettings(argument, "tool", ["layout", "only"], ["only"]);

it.each([
  ["a.json", "a.json", []],
  ["a,b/c,=d", "a,b/c,=d", []],
  [",layout=x", "", ["layout=x"]],
  ["a,layout=out,1.tar,only=b,only=c=d", "a", ["layout=out,1.tar", "only=b", "only=c=d"]],
])("%s", (argument, path, settings) => {
  const found = read(argument);
  expect([found.path, found.settings.map(({ key, value }) => `${key}=${value}`)]).toEqual([path, settings]);
});

it.each(["a,layot=x", "a,layout=", "a,layout=x,layout=y"])("refuses %s", (argument) => {
  expect(() => read(argument)).toThrow(expect.objectContaining({ code: "USAGE" }));
});
