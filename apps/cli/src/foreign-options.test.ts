import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { FOREIGN_OPTIONS, foreignOption } from "./foreign-options.ts";
import { buildProgram } from "./program.ts";

/** What commander says to an option. */
function complaint(option: string): string {
  const program = buildProgram(async () => {});
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
  try {
    program.parse(["verify", "dist", option, "x"], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.message;
    throw error;
  }
  return "nothing";
}

const options = buildProgram(async () => {}).commands.find((command) => command.name() === "verify")?.options ?? [];

describe("an option of another program", () => {
  it.each(FOREIGN_OPTIONS)("%s is not ours, and leads to options that are", (option) => {
    for (const written of [option, `${option}=x`]) {
      const found = foreignOption(complaint(written));
      expect(found?.message).toMatch(new RegExp(`^unknown option ${option} \\((?:cosign|gh|slsa-verifier)`));
      const named = found?.expected.match(/--[a-z-]+/g) ?? [];
      expect(named).not.toEqual([]);
      for (const name of named) expect(options.map(({ long }) => long)).toContain(name);
    }
  });

  it.each(["--certificate-identitty", "--constructor", "--key"])("%s is none", (option) => {
    expect(foreignOption(complaint(option))).toBeNull();
  });
});
