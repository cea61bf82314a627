import { posix } from "node:path";
import {
  compareText,
  issueText,
  isTouchmarkError,
  MAX_METADATA_BYTES,
  parseJson,
  TouchmarkError,
} from "@touchmark/core";
import type { Host, HostFile } from "@touchmark/plugin";
import { parseDocument } from "yaml";
import type * as z from "zod";
import { type Layout, layoutOf, tidy } from "./layout.ts";
import { MAX_CONFIG_BYTES, MAX_YAML_ALIASES } from "./limits.ts";
import { type Artifact, ArtifactsJson, Config, Metadata } from "./schema.ts";

/** One dist folder, read and checked in form; nothing is hashed yet. */
export interface Dist {
  readonly layout: Layout;
  /** Sorted by name and path: GoReleaser's order changes from run to run. */
  readonly artifacts: readonly Artifact[];
  readonly metadata: Metadata;
  readonly config: Config;
  readonly metadataFile: HostFile;
  readonly configFile: HostFile;
}

/**
 * Reads a dist folder's artifacts.json, metadata.json and config.yaml.
 *
 * @param runFolder - where GoReleaser ran, if the user said so.
 * @returns null when GoReleaser left no trace in the folder.
 * @throws TouchmarkError `INPUT_MISSING` when a run broke off before it wrote artifacts.json; `INPUT_INVALID`.
 */
export async function readDist(host: Host, folder: string, runFolder: string | null): Promise<Dist | null> {
  const at = (name: string) => posix.join(tidy(folder), name);
  if ((await host.kind(at("artifacts.json"))) === null) {
    if (!(await runBrokeOff(host, at("metadata.json")))) return null;
    throw new TouchmarkError("INPUT_MISSING", "artifacts.json is missing: the GoReleaser run did not end well", {
      expected: "artifacts.json beside metadata.json; GoReleaser writes it last",
      actual: "metadata.json alone",
    });
  }
  const artifacts = await readJson(host, at("artifacts.json"), "artifacts.json", ArtifactsJson);
  const metadata = await readJson(host, at("metadata.json"), "metadata.json", Metadata);
  const config = await readConfig(host, at("config.yaml"));
  return {
    layout: layoutOf(folder, recordedDist(artifacts, config), runFolder),
    artifacts: artifacts.toSorted((left, right) => compareText(orderOf(left), orderOf(right))),
    metadata,
    config,
    metadataFile: await host.file(at("metadata.json")),
    configFile: await host.file(at("config.yaml")),
  };
}

function orderOf({ name, path, type }: Artifact): string {
  return JSON.stringify([name, path, type]);
}

/** metadata.json is the first file that a run writes. Other tools have files of that name: two keys tell. */
async function runBrokeOff(host: Host, path: string): Promise<boolean> {
  if ((await host.kind(path)) !== "file") return false;
  const { size } = await host.file(path);
  if (size > MAX_CONFIG_BYTES) return false;
  const text = new TextDecoder().decode(await host.readBytes(path, { max: MAX_CONFIG_BYTES }));
  return text.includes('"project_name"') && text.includes('"runtime"');
}

async function readJson<T>(host: Host, path: string, what: string, schema: z.ZodType<T>): Promise<T> {
  const bytes = await readOwnFile(host, path, what, MAX_METADATA_BYTES);
  return checked(parseJson(bytes, { what, maxBytes: MAX_METADATA_BYTES }), what, schema);
}

/** GoReleaser 2 writes all three files in every run, so that one which is not there was lost, and with it what it says. */
async function readOwnFile(host: Host, path: string, what: string, max: number): Promise<Uint8Array> {
  try {
    return await host.readBytes(path, { max });
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "INPUT_MISSING") throw error;
    throw new TouchmarkError("INPUT_MISSING", `${what} is missing from the dist folder`, {
      expected: `${what}, which every run of GoReleaser 2 writes`,
      actual: "nothing at its place",
      cause: error,
    });
  }
}

async function readConfig(host: Host, path: string): Promise<Config> {
  const what = "config.yaml";
  const bytes = await readOwnFile(host, path, what, MAX_CONFIG_BYTES);
  const document = parseDocument(new TextDecoder().decode(bytes), { logLevel: "error" });
  const [problem] = document.errors;
  if (problem !== undefined) throw unreadableConfig(problem.message.split("\n")[0] ?? "", problem);
  try {
    return checked(document.toJS({ maxAliasCount: MAX_YAML_ALIASES }), what, Config);
  } catch (error) {
    throw isTouchmarkError(error) ? error : unreadableConfig("more aliases than a configuration has", error);
  }
}

function unreadableConfig(actual: string, cause: unknown): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", "config.yaml is not GoReleaser's effective configuration", {
    expected: "one YAML mapping",
    actual,
    cause,
  });
}

function checked<T>(value: unknown, what: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TouchmarkError("INPUT_INVALID", `${what} does not look like GoReleaser's`, {
    expected: `${what} as GoReleaser 2 writes it`,
    actual: issueText(parsed.error),
    cause: parsed.error,
  });
}

/**
 * The dist folder that paths in artifacts.json start with: where metadata.json lay. GoReleaser writes `dist` into
 * config.yaml as well, after everything in there that names release files; so a config.yaml that was cut off has none,
 * or another one.
 */
function recordedDist(artifacts: readonly Artifact[], config: Config): string {
  const configured = tidy(config.dist);
  const folders = artifacts.filter(({ type }) => type === "Metadata").map(({ path }) => posix.dirname(tidy(path)));
  const other = folders.find((folder) => folder !== configured);
  if (other === undefined) return configured;
  throw new TouchmarkError("INPUT_INVALID", "artifacts.json and config.yaml do not agree on the dist folder", {
    expected: `dist: ${JSON.stringify(other)} in config.yaml, where metadata.json was written`,
    actual: JSON.stringify(configured),
  });
}
