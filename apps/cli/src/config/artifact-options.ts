import { nearest, TouchmarkError } from "@touchmark/core";
import type { Adapter } from "@touchmark/plugin";
import { adapterByName } from "./adapters.ts";
import { firstIssue, wordedIssue } from "./first-issue.ts";
import type { LoadedConfig } from "./load.ts";
import { ARTIFACT_KEYS, type Artifact } from "./schema.ts";

/** Checks the options of every artifact against its adapter's schema, without touching a file. */
export function checkArtifactOptions(
  loaded: Pick<LoadedConfig, "config" | "path" | "lineOf">,
  adapters: readonly Adapter[],
): void {
  for (const [key, artifact] of Object.entries(loaded.config.artifacts)) {
    const adapter = adapterByName(artifact.use, adapters);
    const parsed = adapter.options.safeParse(adapterOptions(artifact));
    if (parsed.success) continue;
    const issue = firstIssue(parsed.error.issues);
    if (issue?.code === "unrecognized_keys") {
      const unknown = issue.keys[0] ?? "";
      const known = [...ARTIFACT_KEYS, ...optionNames(adapter)];
      const guess = nearest(unknown, known);
      throw new TouchmarkError(
        "HINT_UNKNOWN",
        `${loaded.path}${loaded.lineOf(["artifacts", key, unknown])}  \`${unknown}\` is not a key of artifacts.${key}${guess === null ? "" : `; did you mean \`${guess}\`?`}`,
        { expected: known.join(", "), actual: unknown },
      );
    }
    const path = ["artifacts", key, ...(issue?.path ?? [])];
    const { problem, actual } = wordedIssue(issue, artifact);
    throw new TouchmarkError(
      "CONFIG_INVALID",
      `${loaded.path}${loaded.lineOf(path)}  ${path.map(String).join(".")} ${problem}`,
      { expected: `an option of the adapter ${adapter.name}`, actual },
    );
  }
}

/** What an artifact of the configuration says to its adapter. */
export function adapterOptions(artifact: Artifact): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(artifact).filter(([name]) => !ARTIFACT_KEYS.includes(name)));
}

/** The names of the options that an adapter takes; none where its schema is no object. */
export function optionNames(adapter: Adapter): readonly string[] {
  const schema = adapter.options as { readonly shape?: Readonly<Record<string, unknown>> };
  return Object.keys(schema.shape ?? {});
}

/** True when an option has `{part}` in it. */
export function usesPart(artifact: Artifact): boolean {
  return JSON.stringify(adapterOptions(artifact)).includes("{part}");
}

/** Puts the part in the place of `{part}`, at any depth; null leaves it. */
export function fillPart(value: unknown, part: string | null): unknown {
  if (typeof value === "string") return part === null ? value : value.replaceAll("{part}", part);
  if (Array.isArray(value)) return value.map((item) => fillPart(item, part));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fillPart(member, part)]));
}
