import { nearest, TouchmarkError } from "@touchmark/core";
import type { Source } from "@touchmark/engine";
import type { Adapter } from "@touchmark/plugin";
import { adapterByName } from "./adapters.ts";
import { adapterOptions, fillPart, optionNames, usesPart } from "./artifact-options.ts";
import type { Artifact, Config } from "./schema.ts";

/** A source and the folders that its user thereby allows it to read. */
export interface GrantedSource {
  readonly source: Source;
  readonly roots: readonly string[];
}

/**
 * Reads every `--from`, and gives `--expect` to the one that looks into folders, else to the one that takes it: an
 * expectation that nobody compares with anything would be a false comfort.
 *
 * @param context.expect - `--expect` values: one number, or names.
 * @throws TouchmarkError `ADAPTER_UNKNOWN`; `USAGE`, also when no adapter or more than one could be meant.
 */
export function sourcesFromArguments(
  from: readonly string[],
  adapters: readonly Adapter[],
  context: { readonly part: string | null; readonly expect: readonly string[] },
): readonly GrantedSource[] {
  const sources = from.map((argument) => sourceFromArgument(argument, adapters, context.part));
  if (context.expect.length === 0) return sources;
  const takers = sources.filter(({ source }) => optionNames(source.adapter).includes("expect"));
  const listings = takers.filter(({ source }) => source.adapter.completeness === "listing");
  const [meant, another] = listings.length > 0 ? listings : takers;
  if (meant === undefined || another !== undefined) {
    throw usage(
      meant === undefined ? "nothing here takes --expect" : "--expect could be meant for several --from",
      "one --from that lists files, such as files:GLOB; `expect` in the configuration says it for each artifact",
      from.length === 0 ? "no --from" : from.join(", "),
    );
  }
  const { source, roots } = meant;
  const expecting = {
    source: { ...source, options: { ...source.options, expect: expectation(context.expect) } },
    roots,
  };
  return sources.map((one) => (one === meant ? expecting : one));
}

/** Reads `--from ADAPTER[:PATH]` and `--from ADAPTER+run:PATH`. Naming a path grants reading it. */
function sourceFromArgument(argument: string, adapters: readonly Adapter[], part: string | null): GrantedSource {
  const { name, runs, path } = wordsOf(argument);
  if (path === "") throw usage(`--from ${argument} names no path`, "ADAPTER:PATH, such as goreleaser:dist", argument);
  const adapter = adapterByName(name, adapters);
  const options = { ...adapter.fromArgument(path) };
  if (runs) options["run"] = true;
  return {
    source: { adapter, options, artifact: adapter.name, part, name: null, label: argument },
    roots: path === null ? [] : (adapter.pathsIn?.(path) ?? [path]).map(literalPrefix),
  };
}

/** The name of the adapter in `--from ADAPTER[:PATH]`; nobody may have it. */
export function adapterNameOf(argument: string): string {
  return wordsOf(argument).name;
}

function wordsOf(argument: string): { readonly name: string; readonly runs: boolean; readonly path: string | null } {
  const colon = argument.indexOf(":");
  const word = colon === -1 ? argument : argument.slice(0, colon);
  const runs = word.endsWith("+run");
  return {
    name: runs ? word.slice(0, -"+run".length) : word,
    runs,
    path: colon === -1 ? null : argument.slice(colon + 1),
  };
}

/**
 * Where the tools of the sources keep what they make, which naming their adapters grants.
 *
 * @param trusted - the adapters that may say so: those that come with Touchmark.
 */
export function placesOf(granted: readonly GrantedSource[], trusted: readonly Adapter[]): readonly string[] {
  return granted.flatMap(({ source: { adapter, options } }) =>
    trusted.includes(adapter) ? (adapter.places?.(options) ?? []) : [],
  );
}

/**
 * The sources of one artifact of the configuration: one for each part when an option has `{part}` in it, else one.
 *
 * @param part - the part that this job built; null collects what can be collected here.
 */
export function sourcesFromConfig(
  key: string,
  config: Config,
  adapters: readonly Adapter[],
  part: string | null,
): readonly GrantedSource[] {
  const artifact = artifactByKey(key, config);
  if (part !== null && artifact.parts !== undefined && !artifact.parts.includes(part)) {
    throw new TouchmarkError("PART_UNKNOWN", `${part} is not a part of ${key}`, {
      expected: artifact.parts.join(", "),
      actual: part,
    });
  }
  const adapter = adapterByName(artifact.use, adapters);
  const parts = part === null && usesPart(artifact) ? (artifact.parts ?? [null]) : [part];
  return parts.map((one) => ({
    source: {
      adapter,
      options: fillPart(adapterOptions(artifact), one) as Readonly<Record<string, unknown>>,
      artifact: key,
      part: one,
      name: artifact.name ?? null,
      label: `artifacts.${key}`,
    },
    roots: artifact.read ?? [],
  }));
}

/** The artifact of that key; a near miss is named. */
function artifactByKey(key: string, config: Config): Artifact {
  const artifact = Object.hasOwn(config.artifacts, key) ? config.artifacts[key] : undefined;
  if (artifact !== undefined) return artifact;
  const known = Object.keys(config.artifacts);
  const guess = nearest(key, known);
  throw usage(
    `there is no artifact "${key}" in the configuration`,
    guess === null ? known.join(", ") : `did you mean ${guess}?`,
    key,
  );
}

/** The folder that a pattern or path starts from: what the user grants by naming it. */
export function literalPrefix(pattern: string): string {
  const magic = pattern.search(/[*?[\]{}()!]/);
  if (magic === -1) return pattern;
  const slash = pattern.lastIndexOf("/", magic);
  return slash === -1 ? "." : pattern.slice(0, slash) || "/";
}

function expectation(values: readonly string[]): number | readonly string[] {
  const [only] = values;
  if (values.length === 1 && only !== undefined && /^\d{1,9}$/.test(only)) return Number(only);
  return values;
}

function usage(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("USAGE", message, { expected, actual });
}
