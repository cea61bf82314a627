import type { BuildOutput, DigestSet, ResourceDescriptor } from "@touchmark/core";
import { TouchmarkError } from "@touchmark/core";
import { defineAdapter, type Host, type HostFile } from "@touchmark/plugin";
import { type Dist, readDist } from "./dist-folder.ts";
import { checkDigestsFile, imageSubjects } from "./images.ts";
import { GoreleaserOptions } from "./options.ts";
import { findReleased, hashReleased, type Release } from "./released-files.ts";
import { type Role, roleOf } from "./roles.ts";
import type { Artifact } from "./schema.ts";
import { isSnapshot, sourceOf } from "./source.ts";

/** Annotation on metadata.json: what was built is a snapshot, no release of the tag that metadata.json names. */
const SNAPSHOT = "goreleaser.snapshot";

/**
 * Reads what GoReleaser 2 made: whatever it uploads is a subject (archives, packages, binaries, SBOMs, checksum lists,
 * signatures, extra files, images by digest); metadata.json, config.yaml and digests.txt are byproducts; the commit is a
 * dependency. Every file is hashed, and compared with each digest that GoReleaser wrote down for it.
 */
export const goreleaser = defineAdapter<GoreleaserOptions>({
  apiVersion: 1,
  name: "goreleaser",
  completeness: "manifest",
  marks: [".goreleaser.yaml", ".goreleaser.yml", "goreleaser.yaml", "goreleaser.yml"],
  suggest: { dist: "dist" },
  options: GoreleaserOptions,
  fromArgument: (argument) => (argument === null ? {} : { dist: argument }),
  collect,
});

async function collect(host: Host, options: GoreleaserOptions): Promise<BuildOutput | null> {
  const dists = await readDists(host, options);
  if (dists === null) return null;
  requireOneRelease(dists);

  const release: { files: Release["files"][number][]; listings: Release["listings"][number][] } = {
    files: [],
    listings: [],
  };
  const images: Artifact[] = [];
  const byproducts: { file: HostFile; descriptor: ResourceDescriptor }[] = [];
  const sources: ResourceDescriptor[] = [];
  for (const dist of dists) {
    const source = await sourceOf(host, dist);
    if (source !== null) sources.push(source);
    const roles = new Map(dist.artifacts.map((artifact) => [artifact, roleOf(artifact, options)]));
    const ownImages = withRole(roles, "image");
    images.push(...ownImages);
    const found = await findReleased(host, dist, roles);
    release.files.push(...found.files);
    release.listings.push(...found.listings);
    byproducts.push(...notesOf(dist, await checkDigestsFile(host, dist, ownImages)));
  }
  const subjects = [...(await hashReleased(host, release)), ...imageSubjects(images)];
  if (subjects.length === 0) throw emptyRelease(dists);
  return {
    subjects,
    resolvedDependencies: [sources.find(({ uri }) => uri !== undefined) ?? sources[0]].filter(
      (source) => source !== undefined,
    ),
    byproducts: await describe(host, byproducts),
  };
}

/** @returns null when GoReleaser left no trace in any of the folders. */
async function readDists(host: Host, options: GoreleaserOptions): Promise<readonly Dist[] | null> {
  const folders = typeof options.dist === "string" ? [options.dist] : [...new Set(options.dist)];
  const dists: (Dist | null)[] = [];
  for (const folder of folders) dists.push(await readDist(host, folder, options.runFolder ?? null));
  if (dists.every((dist) => dist === null)) return null;
  const empty = dists.indexOf(null);
  if (empty === -1) return dists.filter((dist) => dist !== null);
  throw new TouchmarkError("INPUT_MISSING", `${folders[empty]} holds nothing that GoReleaser wrote`, {
    expected: `artifacts.json in each of ${folders.length} dist folders`,
    actual: "none in this one",
  });
}

/** Parts of one release are of one commit and one version; anything else is two releases in one statement. */
function requireOneRelease(dists: readonly Dist[]): void {
  const releases = [
    ...new Set(dists.map(({ metadata }) => `version ${metadata.version} of commit ${metadata.commit}`)),
  ].sort();
  if (releases.length < 2) return;
  throw new TouchmarkError("ORIGIN_MISMATCH", "the dist folders are not of one release", {
    expected: releases[0] ?? null,
    actual: releases.slice(1, 4).join("; "),
  });
}

function withRole(roles: ReadonlyMap<Artifact, Role>, wanted: Role): readonly Artifact[] {
  return [...roles].filter(([, role]) => role === wanted).map(([artifact]) => artifact);
}

function emptyRelease(dists: readonly Dist[]): TouchmarkError {
  const binaries = dists.flatMap(({ artifacts }) => artifacts).filter(({ type }) => type === "Binary").length;
  return new TouchmarkError("SUBJECTS_EMPTY", "GoReleaser released nothing here", {
    expected:
      "at least one archive, package, uploaded binary or image; for `goreleaser build`, the option binaries: true",
    actual: binaries === 0 ? "no artifact in artifacts.json" : `${binaries} built binaries, none of them uploaded`,
  });
}

/** GoReleaser's own notes. artifacts.json is not among them: its order, and so its digest, changes from run to run. */
function notesOf(
  dist: Dist,
  digestsFile: HostFile | null,
): readonly { file: HostFile; descriptor: ResourceDescriptor }[] {
  const snapshot = isSnapshot(dist) ? { annotations: { [SNAPSHOT]: true } } : {};
  return [
    { file: dist.metadataFile, descriptor: { name: "metadata.json", mediaType: "application/json", ...snapshot } },
    { file: dist.configFile, descriptor: { name: "config.yaml", mediaType: "application/yaml" } },
    ...(digestsFile === null
      ? []
      : [{ file: digestsFile, descriptor: { name: digestsFile.name, mediaType: "text/plain" } }]),
  ];
}

async function describe(
  host: Host,
  notes: readonly { readonly file: HostFile; readonly descriptor: ResourceDescriptor }[],
): Promise<readonly ResourceDescriptor[]> {
  const digests: readonly DigestSet[] = await host.digest(
    notes.map(({ file }) => file),
    ["sha256"],
  );
  return notes.map(({ descriptor }, index) => ({ ...descriptor, digest: digests[index] ?? {} }));
}
