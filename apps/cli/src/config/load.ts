import { access } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { MAX_SMALL_FILE_BYTES, nearest, TouchmarkError } from "@touchmark/core";
import type * as z from "zod";
import { readInput } from "../read-input.ts";
import { firstIssue, wordedIssue } from "./first-issue.ts";
import { Config } from "./schema.ts";
import { readYamlText, type YamlText } from "./yaml-text.ts";

/** Where a configuration is looked for when nobody names one. */
export const DEFAULT_NAMES = [
  "touchmark.yaml",
  "touchmark.yml",
  "touchmark.config.ts",
  "touchmark.config.mjs",
] as const;

export interface LoadedConfig {
  readonly config: Config;
  /** As the user would type it. */
  readonly path: string;
  /** The folder it stands in: the packages of its adapters are resolved from here. */
  readonly folder: string;
  /** `:12` for the place of a key in the file, or of the section it is missing in; empty for a file of code. */
  readonly lineOf: (keys: readonly PropertyKey[]) => string;
  /** Adapters that a configuration in TypeScript imported itself, by the name it gives them. */
  readonly imported: Readonly<Record<string, unknown>>;
}

export interface LoadOptions {
  readonly cwd: string;
  /** What the user named with `-c`; null looks for {@link DEFAULT_NAMES}; false, for `--no-config`, reads none. */
  readonly named: string | false | null;
  /** False in a process that holds a signing key: a configuration that is code is not run. */
  readonly userCode: boolean;
}

/**
 * Reads the configuration.
 *
 * @returns null when none was named and none is there.
 * @throws TouchmarkError `INPUT_MISSING`; `CONFIG_INVALID` and `HINT_UNKNOWN` with the line; `USER_CODE_REFUSED` for
 * code beside a key.
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig | null> {
  if (options.named === false) return null;
  const found = options.named ?? (await firstPresent(options.cwd));
  if (found === null) return null;
  const absolute = path.resolve(options.cwd, found);
  const value = /\.(?:ts|mts|mjs|js)$/.test(found)
    ? await evaluate(absolute, found, options.userCode)
    : await readYamlText(await readInput(options.cwd, found, MAX_SMALL_FILE_BYTES), found, "CONFIG_INVALID");
  const { data, imported } = takeImported(value.data);
  const config = validate(data, found, value.lineOf);
  return { config, path: found, folder: path.dirname(absolute), lineOf: value.lineOf, imported };
}

/** A configuration in TypeScript may hold adapters themselves where YAML holds the names of packages. */
function takeImported(data: unknown): { readonly data: unknown; readonly imported: Readonly<Record<string, unknown>> } {
  const adapters = data !== null && typeof data === "object" && "adapters" in data ? data.adapters : undefined;
  if (adapters === null || typeof adapters !== "object") return { data, imported: {} };
  const entries = Object.entries(adapters);
  const imported = Object.fromEntries(entries.filter(([, value]) => typeof value === "object"));
  const named = Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === "object" ? "(imported)" : value]),
  );
  return { data: { ...(data as object), adapters: named }, imported };
}

async function firstPresent(cwd: string): Promise<string | null> {
  for (const name of DEFAULT_NAMES) {
    const there = await access(path.join(cwd, name)).then(
      () => true,
      () => false,
    );
    if (there) return name;
  }
  return null;
}

type RawConfig = Pick<YamlText, "data" | "lineOf">;

/** A configuration that is code runs only where no key is: in `collect`, `check` and `attest --dry-run`. */
async function evaluate(absolute: string, shown: string, userCode: boolean): Promise<RawConfig> {
  if (!userCode) {
    throw new TouchmarkError(
      "USER_CODE_REFUSED",
      `${shown} is code, and no code of others runs where releases are signed`,
      {
        expected: `touchmark collect in one step; then, in another, touchmark attest --subjects FILE --no-config`,
        actual: shown,
      },
    );
  }
  try {
    const { createJiti } = await import("jiti/static");
    const jiti = createJiti(pathToFileURL(absolute).href, { interopDefault: false });
    const module = await jiti.import<{ readonly default?: unknown }>(absolute);
    if (module.default === undefined) throw new Error("it has no default export");
    return { data: module.default, lineOf: () => "" };
  } catch (cause) {
    throw new TouchmarkError("CONFIG_INVALID", `${shown} cannot be run`, {
      expected: "a module whose default export is the configuration",
      actual: (cause as Error).message.split("\n")[0] ?? null,
      cause,
    });
  }
}

function validate(data: unknown, shown: string, lineOf: RawConfig["lineOf"]): Config {
  const parsed = Config.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = firstIssue(parsed.error.issues);
  if (issue?.code === "unrecognized_keys") throw unknownKey(issue, shown, lineOf);
  const place = issue === undefined ? "" : lineOf(issue.path);
  const { problem, actual } = wordedIssue(issue, data);
  throw new TouchmarkError(
    "CONFIG_INVALID",
    `${shown}${place}  ${issue?.path.map(String).join(".") || "the configuration"} ${problem}`,
    { expected: "what docs/configuration.md says", actual, cause: parsed.error },
  );
}

function unknownKey(
  issue: z.core.$ZodIssueUnrecognizedKeys,
  shown: string,
  lineOf: RawConfig["lineOf"],
): TouchmarkError {
  const key = issue.keys[0] ?? "";
  const where = issue.path.map(String).join(".");
  const known = knownKeys(issue.path);
  const guess = nearest(key, known);
  return new TouchmarkError(
    "HINT_UNKNOWN",
    `${shown}${lineOf([...issue.path, key])}  \`${key}\` is not a key of ${where === "" ? "the configuration" : where}${guess === null ? "" : `; did you mean \`${guess}\`?`}`,
    { expected: known.join(", "), actual: key },
  );
}

/** The keys of a section, by its path; sections stand at the top or one below it. */
function knownKeys(at: readonly PropertyKey[]): readonly string[] {
  const shape = Config.shape;
  const [section, inner] = at;
  if (section === undefined) return Object.keys(shape);
  if (section === "publish" && inner === "files") {
    return Object.keys(shape.publish.unwrap().shape.files.unwrap().shape);
  }
  if (section === "release" || section === "sign" || section === "publish" || section === "require") {
    return Object.keys(shape[section].unwrap().shape);
  }
  return [];
}
