import { posix } from "node:path";
import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import type { Host, HostFile } from "@touchmark/plugin";
import type { Dist } from "./dist-folder.ts";
import { placeOf } from "./layout.ts";
import type { ExtraFileRule } from "./schema.ts";
import { fillTemplate } from "./template.ts";

/** What one rule of `extra_files` finds. */
export interface ExtraFiles {
  readonly glob: string;
  /** Null when the glob or the name cannot be worked out here: its template needs what metadata.json does not know. */
  readonly files: readonly { readonly name: string; readonly file: HostFile }[] | null;
}

/**
 * Finds the files of `checksum.extra_files` or `release.extra_files` where GoReleaser would: globs are relative to the
 * folder in which it ran, a folder that matches stands for all files in it, the name is the template or the base name
 * (internal/extrafiles/extra_files.go). Rules with an empty glob are dropped, as there.
 */
export async function findExtraFiles(
  host: Host,
  dist: Dist,
  rules: readonly ExtraFileRule[],
): Promise<readonly ExtraFiles[]> {
  const found: ExtraFiles[] = [];
  for (const rule of rules) {
    const glob = fillTemplate(rule.glob ?? "", dist.metadata);
    if (glob === "") continue;
    const name = fillTemplate(rule.name_template ?? "", dist.metadata);
    const place = glob === null ? null : placeOf(dist.layout, glob);
    const files = place === null || name === null ? null : await matches(host, place, glob ?? "");
    found.push({
      glob: rule.glob ?? "",
      files: files?.map((file) => ({ name: name || posix.basename(file.path), file })) ?? null,
    });
  }
  return found;
}

async function matches(host: Host, place: string, glob: string): Promise<readonly HostFile[]> {
  if (!/[*?[\]{}]/.test(glob)) {
    const kind = await host.kind(place);
    if (kind === null) return [];
    return kind === "folder" ? await host.glob(`${place}/**`) : [await host.file(place)];
  }
  const direct = await host.glob(place);
  const inside = await host.glob(`${place}/**`);
  return [...new Map([...direct, ...inside].map((file) => [file.path, file])).values()];
}

/**
 * Files of `release.extra_files`: GoReleaser uploads them, and artifacts.json lists them (as `File`) only after it did.
 *
 * @throws TouchmarkError `ARTIFACT_MISSING` when a rule finds nothing, `INPUT_INVALID` when it cannot be worked out and
 * artifacts.json does not list what it found either.
 */
export async function releasedExtraFiles(
  host: Host,
  dist: Dist,
): Promise<readonly { readonly name: string; readonly file: HostFile }[]> {
  const { release } = dist.config;
  if (release?.disable === true || release?.disable === "true") return [];
  const uploaded = dist.artifacts.some(({ type }) => type === "File");
  const found = await findExtraFiles(host, dist, release?.extra_files ?? []);
  return found.flatMap(({ glob, files }) => {
    if (files !== null && files.length > 0) return files;
    if (uploaded) return [];
    throw files === null
      ? new TouchmarkError(
          "INPUT_INVALID",
          `release.extra_files: which files ${JSON.stringify(glob)} names is not known here`,
          {
            expected:
              "a dist in the place where GoReleaser wrote it, or the option runFolder; a template of .ProjectName, .Version, .Tag, .Commit",
            actual: "another place, or a template that needs more",
          },
        )
      : new TouchmarkError("ARTIFACT_MISSING", `release.extra_files: ${JSON.stringify(glob)} matches no file`, {
          expected: "at least one file, in the folder in which GoReleaser ran",
          actual: "none",
        });
  });
}

/** A file, or null where nothing stands. */
export async function fileOrNull(host: Host, place: string): Promise<HostFile | null> {
  try {
    return await host.file(place);
  } catch (error) {
    if (isTouchmarkError(error) && error.code === "INPUT_MISSING") return null;
    throw error;
  }
}
