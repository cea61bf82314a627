import { expect, it } from "vitest";
import { column } from "./column.ts";

it("pads every name to the widest, and lets a very wide one stand out", () => {
  const pad = column(["a", "bcd"]);
  expect([pad("a"), pad("bcd")]).toEqual(["a  ", "bcd"]);
  const wide = "x".repeat(60);
  expect(column(["a", wide])("a")).toHaveLength(48);
  expect(column(["a", wide])(wide)).toBe(wide);
});

it("escapes what a name could do to a terminal, and counts what is shown", () => {
  expect(column(["\u001b[2J", "abc"])("abc")).toBe("abc      ");
  expect(column([])("\u202ecod.exe")).toBe("\\u202ecod.exe");
});
