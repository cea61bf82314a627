import type { Command } from "commander";
import { expect, it } from "vitest";
import { buildProgram } from "./program.ts";
import { loadAction } from "./run-any.ts";

const program = buildProgram(async () => {});
const names = (command: Command): readonly string[] =>
  command.commands.flatMap((one) =>
    one.commands.length === 0 ? [one.name()] : names(one).map((name) => `${one.name()} ${name}`),
  );

it("every command that is declared has code", async () => {
  const declared = names(program).filter((name) => name !== "help");
  expect(declared).toContain("keys generate");
  for (const name of declared) expect(await loadAction(program, name)).toBeTypeOf("function");
});
