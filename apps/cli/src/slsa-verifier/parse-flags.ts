import { COMMANDS, type CommandFlags, type CommandName, type Flag } from "./flags.ts";
import { UsageError } from "./usage-error.ts";

/** What was typed. */
export interface Typed {
  readonly positional: readonly string[];
  /** Somebody asks for help; nothing else was looked at. */
  readonly asksHelp: boolean;
  /** Null where the flag was not given; the last one where it was given twice. */
  text(name: string): string | null;
  /** @throws UsageError where it was not given. */
  required(name: string): string;
  list(name: string): readonly string[];
  /** Null where it was not given. */
  switch(name: string): boolean | null;
}

type Values = ReadonlyMap<string, readonly string[]>;

/**
 * Reads a command line as slsa-verifier does: a value follows its flag or its `=`, whatever it begins with; `--` ends the
 * flags; a switch takes a value only behind `=`.
 * Source: https://pkg.go.dev/github.com/spf13/pflag
 *
 * @throws UsageError for what slsa-verifier would not take either.
 */
export function parseFlags(command: CommandName, args: readonly string[]): Typed {
  const { flags }: CommandFlags = COMMANDS[command];
  const { values, positional, asksHelp } = split(args, flags);
  if (!asksHelp) checkTogether(values, flags);
  const last = (name: string) => values.get(name)?.at(-1) ?? null;
  return {
    positional,
    asksHelp,
    text: last,
    required: (name) => {
      const value = last(name);
      if (value === null) throw missing([name]);
      return value;
    },
    list: (name) => values.get(name) ?? [],
    switch: (name) => {
      const value = last(name);
      return value === null ? null : truth(name, value);
    },
  };
}

function split(args: readonly string[], flags: readonly Flag[]) {
  const values = new Map<string, string[]>();
  const positional: string[] = [];
  let asksHelp = false;
  const rest = args[Symbol.iterator]();
  for (const arg of rest) {
    if (arg === "--") {
      positional.push(...rest);
      break;
    }
    if (arg === "--help" || arg === "-h") asksHelp = true;
    else if (arg.startsWith("--")) {
      const [, name = "", value] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
      const flag = flags.find((one) => one.name === name);
      if (flag === undefined) throw new UsageError(`unknown flag: --${name}`);
      const typed = value ?? (flag.kind === "switch" ? "true" : rest.next().value);
      if (typed === undefined) throw new UsageError(`flag needs an argument: --${name}`);
      if (flag.kind === "switch") truth(name, typed);
      values.set(name, [...(values.get(name) ?? []), typed]);
    } else if (arg.startsWith("-") && arg !== "-") {
      throw new UsageError(`unknown shorthand flag: ${JSON.stringify(arg.slice(1, 2))} in ${arg}`);
    } else positional.push(arg);
  }
  return { values, positional, asksHelp };
}

function checkTogether(values: Values, flags: readonly Flag[]): void {
  const absent = flags.filter(({ name, isRequired }) => isRequired === true && !values.has(name));
  if (absent.length > 0) throw missing(absent.map(({ name }) => name));
  const exclusive = ["source-tag", "source-versioned-tag"];
  if (exclusive.every((name) => values.has(name))) {
    throw new UsageError(
      "if any flags in the group [source-versioned-tag source-tag] are set none of the others can be; " +
        `[${exclusive.join(" ")}] were all set`,
    );
  }
}

/** Source: https://pkg.go.dev/strconv#ParseBool */
function truth(name: string, text: string): boolean {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(text)) return false;
  throw new UsageError(`invalid argument ${JSON.stringify(text)} for "--${name}" flag: neither true nor false`);
}

function missing(names: readonly string[]): UsageError {
  return new UsageError(`required flag(s) ${names.map((name) => `"${name}"`).join(", ")} not set`);
}
