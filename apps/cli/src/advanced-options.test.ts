import { CommanderError } from "commander";
import { expect, it } from "vitest";
import { advancedHelp, isAdvanced } from "./advanced-options.ts";
import { buildProgram } from "./program.ts";

const verifyOf = (program: ReturnType<typeof buildProgram>) => {
  const verify = program.commands.find((command) => command.name() === "verify");
  if (verify === undefined) throw new Error("no verify");
  return verify;
};

const shown = (name: string) => new RegExp(`^ +${name} `, "m");

it("fields of certificates are left out of --help, which says where they are", () => {
  const verify = verifyOf(buildProgram(async () => {}));
  const names = verify.options.filter(isAdvanced).map(({ long }) => long ?? "");
  expect(names).toContain("--build-signer-digest");
  const plain = verify.helpInformation();
  expect(plain).toContain("--help-advanced");
  for (const name of names) expect(plain).not.toMatch(shown(name));
  const all = advancedHelp(verify) ?? "";
  for (const name of names) expect(all).toMatch(shown(name));
  expect(verify.helpInformation()).toBe(plain);
});

it("--help-advanced needs no target, and does nothing else", async () => {
  const executed: string[] = [];
  const program = buildProgram(async (name) => void executed.push(name));
  const written: string[] = [];
  verifyOf(program).configureOutput({ writeOut: (text) => written.push(text) });
  await expect(program.parseAsync(["verify", "--help-advanced"], { from: "user" })).rejects.toMatchObject({
    exitCode: 0,
    constructor: CommanderError,
  });
  expect(written.join("")).toContain("--source-repository-id");
  expect(executed).toEqual([]);
});
