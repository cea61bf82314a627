import { TouchmarkError } from "@touchmark/core";
import { argumentSettings, type Expectation } from "@touchmark/plugin";
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
 * Reads `PATH,store=FOLDER,files=true`.
 *
 * @throws TouchmarkError `USAGE` for a value that is none; as `argumentSettings`.
 */
export function optionsFromArgument(argument: string | null): Readonly<Record<string, unknown>> {
  const { path, settings } = argumentSettings(argument ?? "", "nix", KEYS);
  const options: Record<string, unknown> = path === "" ? {} : { path };
  for (const { key, value } of settings) {
    if (key === "files" && value !== "true" && value !== "false") {
      throw new TouchmarkError("USAGE", "--from nix has a setting that cannot be read", {
        expected: "files=true",
        actual: `files=${value}`,
      });
    }
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
