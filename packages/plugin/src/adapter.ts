import { type BuildOutput, TouchmarkError } from "@touchmark/core";
import type * as z from "zod";
import type { Host } from "./host.ts";

/** The version of this contract; a plugin that names another one is refused. */
export const API_VERSION = 1;

/** A builder plugin: reads what one build tool made and emits subjects. */
export interface Adapter<Options = unknown> {
  readonly apiVersion: typeof API_VERSION;
  /** What people type: `use: zig`, `--from zig:PATH`. Lower case letters, digits and hyphens. */
  readonly name: string;
  /** `manifest`: the tool lists its outputs. `listing`: we look, and the user says what to expect (`expect`). */
  readonly completeness: "manifest" | "listing";
  /** File names and patterns by which `init` recognises a project before anything is built; no code runs. */
  readonly marks: readonly string[];
  /** What `init` writes as options when a mark is found. */
  readonly suggest: Readonly<Record<string, unknown>>;
  /** The options in a configuration; strict, so that a misspelled key is an error. */
  readonly options: z.ZodType<Options>;
  /** Options from the text after the colon of `--from NAME:PATH`; null when there was none. */
  fromArgument(argument: string | null): Readonly<Record<string, unknown>>;
  /**
   * The paths in the text after the colon of `--from`, where it holds more than one path: naming one grants reading it.
   * Absent: the text is one path.
   */
  readonly pathsIn?: (argument: string) => readonly string[];
  /**
   * True where the options lead to a registry that the build's own metadata names; the host then allows the network.
   * Absent: it never does.
   */
  readonly usesNetwork?: (options: Readonly<Record<string, unknown>>) => boolean;
  /**
   * Folders outside the working directory where the tool keeps what it makes, such as the Nix store: naming the adapter
   * grants reading them. Only of adapters that come with Touchmark; a dry run shows them.
   */
  readonly places?: (options: Readonly<Record<string, unknown>>) => readonly string[];
  /**
   * Reads the outputs.
   *
   * @returns null when this tool left no trace here.
   * @throws TouchmarkError when it did, and something is broken or missing; never a partial list.
   */
  collect(host: Host, options: Options): Promise<BuildOutput | null>;
}

/**
 * Checks an adapter's own words when it is made, so that a bad one cannot be used.
 *
 * @throws TouchmarkError `CONFIG_INVALID` for another apiVersion or a name that cannot be typed.
 */
export function defineAdapter<Options>(adapter: Adapter<Options>): Adapter<Options> {
  if (adapter.apiVersion !== API_VERSION) {
    throw new TouchmarkError("CONFIG_INVALID", `the adapter "${adapter.name}" was made for another plugin contract`, {
      expected: `apiVersion ${API_VERSION}`,
      actual: String(adapter.apiVersion),
    });
  }
  if (!/^[a-z][a-z0-9-]*$/.test(adapter.name)) {
    throw new TouchmarkError("CONFIG_INVALID", "an adapter has a name that cannot be typed after --from", {
      expected: "lower case letters, digits and hyphens",
      actual: JSON.stringify(adapter.name),
    });
  }
  return adapter;
}

/** What the user expects of a listing: names, or how many; null where they said nothing. */
export type Expectation = readonly string[] | number | null;

/**
 * Compares what a listing adapter found with what the user expects.
 *
 * @param found - subject names.
 * @throws TouchmarkError `ARTIFACT_MISSING` and `ARTIFACT_UNEXPECTED`, naming them.
 */
export function requireAll(found: readonly string[], expected: Expectation): void {
  if (expected === null) return;
  if (typeof expected === "number") {
    if (found.length === expected) return;
    throw new TouchmarkError(
      found.length < expected ? "ARTIFACT_MISSING" : "ARTIFACT_UNEXPECTED",
      `the number of artifacts is not the expected one`,
      { expected: String(expected), actual: `${found.length}: ${[...found].sort().slice(0, 20).join(", ")}` },
    );
  }
  const [there, wanted] = [new Set(found), new Set(expected)];
  const missing = [...wanted].filter((name) => !there.has(name)).sort();
  if (missing.length > 0) {
    throw new TouchmarkError("ARTIFACT_MISSING", `${missing.slice(0, 20).join(", ")} should be there`, {
      expected: `${wanted.size} artifacts`,
      actual: `${wanted.size - missing.length} of them; ${there.size} found`,
    });
  }
  const extra = [...there].filter((name) => !wanted.has(name)).sort();
  if (extra.length > 0) {
    throw new TouchmarkError("ARTIFACT_UNEXPECTED", `${extra.slice(0, 20).join(", ")} was not expected`, {
      expected: [...wanted].sort().slice(0, 20).join(", "),
      actual: `${extra.length} more`,
    });
  }
}
