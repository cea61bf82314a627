import path from "node:path";
import type { ExpectedPart } from "@touchmark/core";
import { type Checkout, TouchmarkError } from "@touchmark/core";
import type { Source } from "@touchmark/engine";
import type { HostOptions, NodeHost } from "@touchmark/host-node";
import type { Adapter, HandedToken, PlatformRun } from "@touchmark/plugin";
import { ADAPTERS, readCheckout } from "./builtins.ts";
import { adaptersOf, loadAdapters, usedAdapters } from "./config/adapters.ts";
import { checkArtifactOptions } from "./config/artifact-options.ts";
import { type LoadedConfig, loadConfig } from "./config/load.ts";
import type { Config } from "./config/schema.ts";
import {
  adapterNameOf,
  type GrantedSource,
  placesOf,
  sourcesFromArguments,
  sourcesFromConfig,
} from "./config/sources.ts";
import type { Context } from "./context.ts";
import { hostFor } from "./host-for.ts";
import { kindAt } from "./kind-at.ts";
import { type PlatformOptions, platformOf } from "./platform-of.ts";
import { progressOption } from "./render/progress.ts";
import { retryOption } from "./render/retry-note.ts";
import { safe } from "./render/terminal.ts";

/** Flags of the commands that collect. */
export interface InputOptions extends PlatformOptions {
  readonly from?: readonly string[];
  readonly subjects?: readonly string[];
  readonly config?: string | false;
  readonly expect?: readonly string[];
  readonly allowRead?: readonly string[];
  /** Where `attest` writes. */
  readonly out?: string;
}

/** Where evidence goes when nobody says. */
export const DEFAULT_FOLDER = "touchmark-out";

/** Which artifacts and parts to collect from a configuration. */
export interface Selection {
  /** Keys of the configuration; empty collects all. */
  readonly artifacts: readonly string[];
  readonly part: string | null;
}

/** What a command lets happen. */
export interface Allowed {
  /** A configuration in TypeScript, and adapters of other packages. */
  readonly plugins: boolean;
  /** Scripts of packages that are packed on the way. */
  readonly scripts: boolean;
  /** The identity token that the user hands in; absent: none. */
  token?(config: Config | null): Promise<HandedToken | null>;
  /** Whom the command talks to beside registries: the CI platform, for its word about the run, and signing services. */
  contacts(run: PlatformRun, config: Config | null): Promise<readonly string[]>;
}

/** Everything that `collect` and `attest` work with. Close the host when done. */
export interface Workbench {
  readonly host: NodeHost;
  readonly run: PlatformRun;
  /** Read while the sources are collected; null outside a repository. */
  readonly checkout: Promise<Checkout | null>;
  readonly config: Config | null;
  readonly sources: readonly Source[];
  /** What adapters were allowed to read beyond the working directory. */
  readonly roots: readonly string[];
  /** Where evidence goes. */
  readonly outputFolder: string;
  readonly expectedParts: readonly ExpectedPart[] | null;
}

/**
 * Reads flags and configuration, grants the roots that the user named, and detects the platform.
 *
 * @param allowed - of other people's code nothing may run beside a signing key.
 */
export async function openWorkbench(
  context: Context,
  options: InputOptions,
  selection: Selection,
  allowed: Allowed,
): Promise<Workbench> {
  const fromFlags = options.from ?? [];
  const loaded = await loadConfig({ cwd: context.cwd, named: options.config ?? null, userCode: allowed.plugins });
  const wanted = [...fromFlags.map(adapterNameOf), ...usedAdapters(loaded)];
  const adapters = await adaptersOf(ADAPTERS, loaded, allowed.plugins, wanted);
  if (loaded !== null) checkArtifactOptions(loaded, adapters);
  const granted =
    fromFlags.length > 0 || (options.expect ?? []).length > 0
      ? sourcesFromArguments(fromFlags, adapters, { part: selection.part, expect: options.expect ?? [] })
      : fromConfig(loaded, adapters, selection, (options.subjects ?? []).length > 0);
  // The very objects that come with Touchmark, not what has their names.
  const builtins = await loadAdapters(
    ADAPTERS.filter(({ name }) => granted.some((one) => one.source.adapter.name === name)),
  );
  const roots = [
    ...new Set([
      // What lies beside a list (its files) or a subjects file belongs to it.
      ...[...granted.flatMap((one) => one.roots), ...(options.subjects ?? [])].map((named) => folderOf(context, named)),
      ...placesOf(granted, builtins),
      ...(options.allowRead ?? []),
    ]),
  ];
  const outputFolder = options.out ?? loaded?.config.publish?.files?.folder ?? DEFAULT_FOLDER;
  // What is written is read again, to verify it.
  const usesNetwork = granted.some(({ source }) => source.adapter.usesNetwork?.(source.options) ?? false);
  const token = (await allowed.token?.(loaded?.config ?? null)) ?? null;
  const run = platformOf(context.env, options, token);
  const contacts = await allowed.contacts(run, loaded?.config ?? null);
  const host = openHost(context, [...roots, outputFolder], allowed.scripts, {
    // Which registries is for the build's own metadata to say; nobody has read it yet.
    network: usesNetwork ? { kind: "any" } : { kind: "services", hosts: contacts },
    stdin: () => (process.stdin.isTTY ? null : process.stdin),
  });
  const checkout = readCheckout(host, ".");
  checkout.catch(() => undefined); // whoever needs it sees the error; when nobody comes that far, there was another one
  const { terminal } = context;
  terminal.detail(`configuration: ${loaded === null ? "none" : safe(loaded.path)}`);
  terminal.detail(`platform: ${run.platform}`);
  if (terminal.verbose) terminal.detail(`checkout: ${checkoutText(await checkout)}`);
  for (const { source } of granted) {
    const part = source.part === null ? "" : `, part ${safe(source.part)}`;
    terminal.detail(`collects: ${safe(source.label)} with ${source.adapter.name}${part}`);
  }
  for (const file of options.subjects ?? []) terminal.detail(`takes: ${safe(file)}`);
  for (const root of roots) terminal.detail(`may read: ${safe(root)}`);
  if (usesNetwork) terminal.detail("may contact: the registries that hold the images");
  for (const contact of contacts) terminal.detail(`may contact: ${safe(contact)}`);
  return {
    host,
    run,
    checkout,
    config: loaded?.config ?? null,
    sources: granted.map((one) => one.source),
    roots,
    outputFolder,
    // --from replaces `artifacts`, and with it the parts that they expect.
    expectedParts: fromFlags.length > 0 || loaded === null ? null : expectedPartsOf(loaded.config),
  };
}

/** A folder itself; of a file, the folder in which it lies. */
function folderOf(context: Context, named: string): string {
  return kindAt(path.resolve(context.cwd, named)) === "file" ? path.dirname(named) : named;
}

function checkoutText(checkout: Checkout | null): string {
  return checkout === null ? "none" : `${checkout.commit}${checkout.dirty ? ", with changes" : ""}`;
}

/** A host over the working directory and what the user granted; without a network unless one is given. */
export function openHost(
  context: Context,
  roots: readonly string[],
  userCode: boolean,
  access: Pick<HostOptions, "network" | "stdin"> = {},
): NodeHost {
  const { terminal } = context;
  return hostFor(context, { ...access, roots, userCode, ...progressOption(terminal), ...retryOption(terminal) });
}

function fromConfig(
  loaded: LoadedConfig | null,
  adapters: readonly Adapter[],
  selection: Selection,
  hasSubjects: boolean,
): readonly GrantedSource[] {
  if (loaded === null) {
    if (hasSubjects) return [];
    throw new TouchmarkError("USAGE", "nothing says what the release is made of", {
      expected: "--from ADAPTER:PATH, --subjects FILE, or a touchmark.yaml (touchmark init writes one)",
      actual: "none of them",
    });
  }
  // With subjects files and no artifact named, the parts come from other jobs.
  if (hasSubjects && selection.artifacts.length === 0) return [];
  const keys = selection.artifacts.length > 0 ? selection.artifacts : Object.keys(loaded.config.artifacts);
  return keys.flatMap((key) => sourcesFromConfig(key, loaded.config, adapters, selection.part));
}

/** Every part of the configuration; an artifact without `parts` is one part. */
export function expectedPartsOf(config: Config): readonly ExpectedPart[] {
  return Object.entries(config.artifacts).flatMap(([artifact, { parts }]): readonly ExpectedPart[] =>
    parts === undefined ? [{ artifact, part: null }] : parts.map((part) => ({ artifact, part })),
  );
}
