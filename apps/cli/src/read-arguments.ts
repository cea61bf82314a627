import { parseArgs } from "node:util";
import type { DeclaredOption } from "./verify-options.ts";

/** What a command line says. */
export interface ReadArguments {
  readonly positional: readonly string[];
  /** By the names that commander gives options: `maxRootsAge`. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[]>>;
}

/**
 * Reads the command line that most calls have: long options that are declared, each with a value where it wants one, and at
 * least one positional argument. A start that has it read by Node needs no parser that knows helps, abbreviations and mistakes.
 *
 * @param args - what follows the command's name, without `--` and what follows that.
 * @returns null for anything else, be it right or wrong: commander tells which. What is not null, commander reads alike.
 */
export function readArguments(args: readonly string[], declared: readonly DeclaredOption[]): ReadArguments | null {
  const kinds: Record<string, { type: "boolean" | "string"; multiple: boolean }> = {};
  for (const { flags, repeatable = false, choices } of declared) {
    if (choices !== undefined) continue;
    const long = flags.slice(flags.indexOf("--") + 2);
    const end = long.indexOf(" ");
    kinds[end === -1 ? long : long.slice(0, end)] = { type: end === -1 ? "boolean" : "string", multiple: repeatable };
  }
  const parsed = parse(args, kinds);
  if (parsed === null || parsed.positionals.length === 0) return null;
  const options: Record<string, string | boolean | readonly string[]> = {};
  for (const [name, value] of Object.entries(parsed.values)) {
    const refused = name.startsWith("no-");
    const key = (refused ? name.slice(3) : name).replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    // `--policy X --no-policy`: the later one counts, and which that was is not told here.
    if (Object.hasOwn(options, key)) return null;
    options[key] = refused ? false : (value as string | boolean | string[]);
  }
  return { positional: parsed.positionals, options };
}

function parse(args: readonly string[], options: NonNullable<Parameters<typeof parseArgs>[0]>["options"]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch {
    return null;
  }
}
