import { TouchmarkError } from "@touchmark/core";
import type { Expectation } from "@touchmark/plugin";
import * as z from "zod";
import { NIX_STORE } from "./store-path.ts";

export interface NixOptions {
  /** What `nix build --json` printed, a `result` link, a store path, a file or a tree; all `result` links when absent. */
  readonly path?: string | readonly string[] | undefined;
  /** The folder in which store paths lie. */
  readonly store: string;
  readonly expect?: Exclude<Expectation, null> | undefined;
  /** Also a subject for each regular file of a tree. */
  readonly files: boolean;
  /** .drv files that made the outputs, where the input does not name them. */
  readonly drv?: string | readonly string[] | undefined;
  /** What `nix path-info --json` printed, or a narinfo file. */
  readonly pathInfo?: string | undefined;
  /** A flake.lock; the one beside the input when absent, none when false. */
  readonly lock?: string | false | undefined;
}

const Path = z.string().min(1).max(4096);
const Paths = z.union([Path, z.array(Path).min(1).max(10_000)]);

export const NixOptions: z.ZodType<NixOptions> = z.strictObject({
  path: Paths.optional().describe("nix build --json output, result links, store paths, files or trees"),
  store: Path.default(NIX_STORE).describe("the folder in which store paths lie"),
  expect: z
    .union([z.array(z.string().min(1)).min(1), z.number().int().positive()])
    .optional()
    .describe("names of the outputs that must be there and no others, or how many"),
  files: z.boolean().default(false).describe("also a subject for each regular file of a tree"),
  drv: Paths.optional().describe("the .drv files that made the outputs"),
  pathInfo: Path.optional().describe("what nix path-info --json printed, to compare with"),
  lock: z
    .union([Path, z.literal(false)])
    .optional()
    .describe("a flake.lock, or false for none"),
});

/** Keys that may follow a path on the command line. */
const KEYS = ["store", "files", "drv", "pathInfo", "lock"];

/**
 * Reads `PATH,store=FOLDER,files=true`: options follow the path, each after a comma.
 *
 * @throws TouchmarkError `USAGE` for a key that is none or stands there twice, and for a value that is none.
 */
export function optionsFromArgument(argument: string | null): Readonly<Record<string, unknown>> {
  if (argument === null) return {};
  const [path = "", ...rest] = argument.split(/,(?=[A-Za-z]+=)/);
  const options: Record<string, unknown> = path === "" ? {} : { path };
  for (const one of rest) {
    const equals = one.indexOf("=");
    const [key, value] = [one.slice(0, equals), one.slice(equals + 1)];
    if (!KEYS.includes(key) || Object.hasOwn(options, key)) throw usage(argument, KEYS.join(", "), key);
    if (value === "") throw usage(argument, `${key}=VALUE`, "no value");
    if (key === "files" && value !== "true" && value !== "false") throw usage(argument, "files=true", `files=${value}`);
    options[key] = key === "files" ? value === "true" : key === "lock" && value === "false" ? false : value;
  }
  return options;
}

/** The input, and what else of an argument is a path; the store is the adapter's place. */
export function pathsInArgument(argument: string): readonly string[] {
  const { path, drv, pathInfo, lock } = optionsFromArgument(argument);
  return [path, drv, pathInfo, lock].filter((one): one is string => typeof one === "string");
}

/** Where the store lies. */
export function placesOf({ store = NIX_STORE }: Readonly<Record<string, unknown>>): readonly string[] {
  return typeof store === "string" ? [store] : [];
}

function usage(argument: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("USAGE", `--from nix:${argument} has an option that cannot be read`, { expected, actual });
}
