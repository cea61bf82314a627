import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildVerifyProgram } from "./declare-verify.ts";
import { type ReadArguments, readArguments } from "./read-arguments.ts";
import { OPTIONS_OF_VERIFY } from "./verify-options.ts";

/** What commander makes of `verify` with these arguments; its message when it refuses them. */
async function byCommander(args: readonly string[]): Promise<ReadArguments | string> {
  let read: ReadArguments | undefined;
  const program = buildVerifyProgram(async (_, positional, options) => {
    read = { positional, options: { ...options } as ReadArguments["options"] };
  });
  for (const command of program.commands) command.configureOutput({ writeOut: () => {} });
  try {
    await program.parseAsync(["verify", ...args], { from: "user" });
  } catch (error) {
    return (error as Error).message;
  }
  if (read === undefined) throw new Error("neither read nor refused");
  return read;
}

const byNode = (...args: string[]) => readArguments(args, OPTIONS_OF_VERIFY);

const longOf = (flags: string) => /--[a-z-]+/.exec(flags)?.[0] ?? "";
const names = OPTIONS_OF_VERIFY.map(({ flags }) => longOf(flags));
const word = fc.oneof(
  fc.constantFrom(
    "dist",
    "",
    "-",
    "-x",
    "-q",
    "-h",
    "a=b",
    "=",
    "--",
    "--no-json",
    "--help",
    "--help-advanced",
    "--ke",
    "-V",
  ),
  fc.string({ maxLength: 4 }),
);
const argument = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...names) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...names), word).map(([name, value]) => `${name}=${value}`) },
  { weight: 2, arbitrary: word },
);
/** Options as people write them, which both must read. */
const often = OPTIONS_OF_VERIFY.filter(({ flags }) => /--(?:no-)?policy(?: |$)|--key /.test(flags));
const proper = fc
  .oneof(fc.constantFrom(...often), fc.constantFrom(...OPTIONS_OF_VERIFY))
  .chain(({ flags, choices }): fc.Arbitrary<readonly string[]> => {
    const name = longOf(flags);
    if (!flags.includes("<")) return fc.constant([name]);
    const value = choices === undefined ? fc.string({ minLength: 1, maxLength: 5 }) : fc.constantFrom(...choices);
    return fc.oneof(
      value.map((text) => [`${name}=${text}`]),
      value.map((text) => [name, text]),
    );
  });

describe("arguments that Node reads", () => {
  it("are read by commander alike, whatever they are", async () => {
    let both = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.array(argument, { maxLength: 6 }),
          fc
            .array(fc.oneof(proper, fc.constantFrom<readonly string[]>(["dist"], ["sha256:ab"])), { maxLength: 6 })
            .map((parts) => parts.flat()),
        ),
        async (args) => {
          const own = args.filter((arg) => arg !== "--"); // cut off before, with what follows
          const read = readArguments(own, OPTIONS_OF_VERIFY);
          if (read === null) return;
          both += 1;
          expect(await byCommander(own)).toEqual(read);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(both).toBeGreaterThan(300);
  });

  it("are each option that verify has, but those with choices and for help", () => {
    const declared: string[] = [];
    const program = buildVerifyProgram(async () => {});
    for (const option of program.commands.find((command) => command.name() === "verify")?.options ?? []) {
      declared.push(option.long ?? "");
    }
    expect(declared.filter((name) => !names.includes(name))).toEqual(["--help-advanced"]);
    for (const { flags, choices } of OPTIONS_OF_VERIFY) {
      const name = longOf(flags);
      const read = flags.includes("<") ? byNode("dist", name, "x") : byNode("dist", name);
      if (choices === undefined) expect(read?.positional).toEqual(["dist"]);
      else expect(read).toBeNull();
    }
  });

  it("have their values by commander's names", () => {
    expect(
      byNode(
        "a",
        "--max-roots-age",
        "30d",
        "--key",
        "k1",
        "b",
        "--key=k2",
        "--no-policy",
        "--json",
        "--source=x",
        "--source",
        "y",
      ),
    ).toEqual({
      positional: ["a", "b"],
      options: { maxRootsAge: "30d", key: ["k1", "k2"], policy: false, json: true, source: "y" },
    });
  });

  it.each([
    ["no target", ["--offline"]],
    ["a short option", ["dist", "-q"]],
    ["help", ["dist", "--help"]],
    ["an unknown option", ["dist", "--kye", "k"]],
    ["an option that begins like ours", ["dist", "--of"]],
    ["a name that every object has", ["dist", "--constructor"]],
    ["a value for what has none", ["dist", "--json=x"]],
    ["no value", ["dist", "--key"]],
    ["a value that looks like an option", ["dist", "--key", "--json"]],
    ["a choice", ["dist", "--runner", "self-hosted"]],
    ["a policy and none", ["dist", "--policy", "p", "--no-policy"]],
  ])("are not %s", (_, args) => {
    expect(byNode(...args)).toBeNull();
  });
});
