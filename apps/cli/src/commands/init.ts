import path from "node:path";
import { isTouchmarkError, MAX_SMALL_FILE_BYTES, parseJson, TouchmarkError } from "@touchmark/core";
import type { NodeHost } from "@touchmark/host-node";
import type { Adapter } from "@touchmark/plugin";
import { stringify } from "yaml";
import { ADAPTERS } from "../builtins.ts";
import { loadAdapters } from "../config/adapters.ts";
import { DEFAULT_NAMES } from "../config/load.ts";
import { Config } from "../config/schema.ts";
import type { Context } from "../context.ts";
import { column } from "../render/column.ts";
import { counted } from "../render/counted.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { openHost } from "../workbench.ts";

/** Where editors find the JSON Schema. */
export const SCHEMA_URL = "https://touchmark.dev/schema/config-v1.json";
const FILE_NAME = "touchmark.yaml";

/** Folders below the repository that are looked into; build tools' marks stand near the top. */
const DEPTHS = ["", "*/", "*/*/"];
const SKIPPED = /(?:^|\/)(?:node_modules|vendor|\.git|dist|build|target|test|tests|fixtures|testdata|examples)\//;

interface Found {
  readonly adapter: Adapter;
  /** The file by which it was recognised. */
  readonly mark: string;
  readonly key: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** `touchmark init`: recognises build tools by their marks and writes a configuration; runs nothing. */
export async function init(
  context: Context,
  _positional: readonly string[],
  options: CommonOptions & { readonly force?: boolean },
): Promise<number> {
  const host = openHost(context, [], false);
  try {
    await refuseToReplace(host, options.force === true);
    const adapters = await loadAdapters(ADAPTERS);
    const { found, left } = await recognise(host, adapters);
    if (found.length === 0) {
      throw new TouchmarkError("NOTHING_FOUND", "no build tool was recognised here", {
        expected: `one of ${[...new Set(adapters.flatMap((adapter) => adapter.marks))].join(", ")}`,
        actual: `${left.length === 0 ? "none" : `${left.join(", ")} only, of which nothing is published`}; touchmark attest --from files:GLOB works without a configuration`,
      });
    }
    const config = configOf(found, path.basename(context.cwd));
    const text = `# yaml-language-server: $schema=${SCHEMA_URL}\n${stringify(config)}`;
    await host.writeFiles(".", [{ name: FILE_NAME, bytes: new TextEncoder().encode(text) }]);
    return showInit(context, found, left);
  } finally {
    await host.close();
  }
}

async function refuseToReplace(host: NodeHost, force: boolean): Promise<void> {
  if (force) return;
  for (const name of DEFAULT_NAMES) {
    if ((await host.kind(name)) === null) continue;
    throw new TouchmarkError("OUTPUT_CONFLICT", `${name} is there already`, {
      expected: "no configuration, or --force",
      actual: name,
    });
  }
}

interface Recognised {
  readonly found: readonly Found[];
  /** Marks of packages that nobody publishes. */
  readonly left: readonly string[];
}

async function recognise(host: NodeHost, adapters: readonly Adapter[]): Promise<Recognised> {
  const found: Found[] = [];
  const left: string[] = [];
  for (const adapter of adapters) {
    for (const mark of adapter.marks.flatMap((one) => DEPTHS.map((depth) => depth + one))) {
      for (const { path: file } of await host.glob(mark)) {
        // A tool with two configurations in one folder still has one output.
        const known = found.some((one) => one.adapter === adapter && path.dirname(one.mark) === path.dirname(file));
        if (known || SKIPPED.test(file)) continue;
        if (await isReleased(adapter, file, host)) found.push(describe(adapter, file, found));
        else left.push(file);
      }
    }
  }
  return { found, left };
}

/** A private npm package is never published, so it is no artifact of a release. */
async function isReleased(adapter: Adapter, file: string, host: NodeHost): Promise<boolean> {
  if (adapter.name !== "npm-pack") return true;
  try {
    const bytes = await host.readBytes(file, { max: MAX_SMALL_FILE_BYTES });
    const manifest = parseJson(bytes, { what: file, maxBytes: MAX_SMALL_FILE_BYTES });
    if (manifest === null || typeof manifest !== "object" || Array.isArray(manifest)) return false;
    const { private: isPrivate, name, version } = manifest as Readonly<Record<string, unknown>>;
    return isPrivate !== true && typeof name === "string" && typeof version === "string";
  } catch (error) {
    if (!isTouchmarkError(error) || error.code === "ABORTED") throw error;
    return false;
  }
}

function describe(adapter: Adapter, mark: string, earlier: readonly Found[]): Found {
  const folder = path.dirname(mark);
  const options = folder === "." ? adapter.suggest : rebase(adapter.suggest, folder);
  const plain =
    folder === "."
      ? adapter.name
      : path
          .basename(folder)
          .replaceAll(/[^A-Za-z0-9._-]/g, "-")
          .replace(/^[^A-Za-z0-9]+/, "");
  const taken = new Set(earlier.map((one) => one.key));
  let key = plain || adapter.name;
  for (let number = 2; taken.has(key); number += 1) key = `${plain || adapter.name}-${number}`;
  return { adapter, mark, key, options };
}

/** Paths among the suggested options are relative to the folder in which the mark stands. */
function rebase(options: Readonly<Record<string, unknown>>, folder: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key,
      typeof value === "string" ? path.posix.join(folder, value) : value,
    ]),
  );
}

function configOf(found: readonly Found[], folderName: string): Config {
  return Config.parse({
    version: 1,
    release: { name: folderName },
    artifacts: Object.fromEntries(found.map(({ key, adapter, options }) => [key, { use: adapter.name, ...options }])),
    publish: { files: { folder: "touchmark-out" } },
  });
}

/** What the build has to leave behind, for `attest` to find it. */
function readText(options: Readonly<Record<string, unknown>>): string {
  const paths = Object.values(options).filter((value) => typeof value === "string");
  return safe(paths.join(", "));
}

function showInit(context: Context, found: readonly Found[], left: readonly string[]): number {
  const { terminal } = context;
  if (terminal.json) {
    const artifacts = found.map(({ key, adapter, mark }) => ({ key, adapter: adapter.name, mark }));
    terminal.result(JSON.stringify({ config: FILE_NAME, artifacts, left }, null, 2));
    return 0;
  }
  const keys = column([...found.map(({ key }) => key), FILE_NAME]);
  const names = column(found.map(({ adapter }) => adapter.name));
  const marks = column(found.map(({ mark }) => mark));
  for (const { key, adapter, mark, options } of found) {
    terminal.result(`  found   ${keys(key)}  ${names(adapter.name)}  ${marks(mark)}  reads ${readText(options)}`);
  }
  for (const file of left)
    terminal.result(`  left    ${safe(file)}: private, or without name and version, so nothing of it is published`);
  terminal.result(`  wrote   ${keys(FILE_NAME)}  ${counted(found.length, "artifact")}`);
  terminal.result("");
  terminal.result("Only you can decide:");
  terminal.result("  1  who signs: `touchmark keys generate`, then `sign: {key: touchmark.key}` here or --key FILE");
  terminal.result(
    "  2  what else you upload by hand (install scripts, manifests): add `use: files` with `include` and `expect`",
  );
  terminal.result("  3  how the release is called: release.name gives the evidence its file names");
  terminal.result("Next: touchmark check && touchmark attest --dry-run");
  return 0;
}
