import { isTouchmarkError, showDigest, stableText, TouchmarkError } from "@touchmark/core";
import { isSameNpmVersion } from "@touchmark/package-identity";
import type { Host } from "@touchmark/plugin";
import type { PackEntry, PackList } from "./pack-entry.ts";
import { type PackageTarball, readPackageTarball } from "./package-tarball.ts";
import { below } from "./path.ts";

/** Where the tarballs of a list may lie. */
export interface TarballPlaces {
  /** Looked in by the file's own name. */
  readonly folder: string;
  /** True to look first where the tool says that it wrote the file, should that place lie inside the granted roots. */
  readonly asWritten: boolean;
}

/**
 * Reads every tarball of a list and compares it with what the tool said of it.
 *
 * @throws TouchmarkError `ARTIFACT_MISSING`, `SUBJECT_CONFLICT` for two packages in one file, `DIGEST_MISMATCH`,
 * `ARTIFACT_UNEXPECTED` and `STALE_OUTPUT` for a tarball that holds another package or version than the list says.
 */
export async function readListedTarballs(
  host: Host,
  list: PackList,
  places: TarballPlaces,
): Promise<readonly PackageTarball[]> {
  const byPath = new Map<string, PackEntry>();
  const tarballs: PackageTarball[] = [];
  for (const entry of list.entries) {
    const path = await findTarball(host, entry, places);
    const earlier = byPath.get(path);
    byPath.set(path, entry);
    if (earlier !== undefined) {
      if (entry.name !== null && stableText(earlier) === stableText(entry)) continue;
      throw new TouchmarkError(
        "SUBJECT_CONFLICT",
        `${entry.fileName} is listed for two packages, and the last one overwrote it`,
        {
          expected: "a file for each package; pack them into different folders (--pack-destination)",
          actual: `${labelOf(earlier)} and ${labelOf(entry)}`,
        },
      );
    }
    const tarball = await readPackageTarball(host, await host.file(path));
    if (tarball === null) {
      throw new TouchmarkError("INPUT_INVALID", `${entry.fileName} is no npm package`, {
        expected: `a gzip'd tar with the package.json of ${labelOf(entry)}`,
        actual: "something else",
      });
    }
    compare(entry, tarball);
    tarballs.push(tarball);
  }
  return tarballs;
}

async function findTarball(host: Host, entry: PackEntry, places: TarballPlaces): Promise<string> {
  if (places.asWritten && entry.absolutePath !== null && (await isFileInRoots(host, entry.absolutePath))) {
    return entry.absolutePath;
  }
  const path = below(places.folder, entry.fileName);
  if ((await host.kind(path)) !== null) return path;
  throw new TouchmarkError("ARTIFACT_MISSING", `${entry.fileName} is listed and not there`, {
    expected: `the tarball of ${labelOf(entry)} in ${places.folder}; the option \`tarballs\` names another folder`,
    actual: "no such file (npm pack --dry-run prints the list alone)",
  });
}

/** The place belongs to the machine that packed; on another one it may be anybody's. */
async function isFileInRoots(host: Host, path: string): Promise<boolean> {
  try {
    return (await host.kind(path)) === "file";
  } catch (error) {
    if (isTouchmarkError(error) && error.code === "OUTSIDE_ROOTS") return false;
    throw error;
  }
}

function compare(entry: PackEntry, tarball: PackageTarball): void {
  for (const { member, digest } of entry.declared) {
    for (const [algorithm, hex] of Object.entries(digest)) {
      if (tarball.digest[algorithm] === hex) continue;
      throw new TouchmarkError(
        "DIGEST_MISMATCH",
        `${entry.fileName} is not the file that was packed as ${labelOf(entry)}`,
        {
          expected: `${algorithm}:${hex} (${member})`,
          actual: `${algorithm}:${tarball.digest[algorithm] ?? showDigest(tarball.digest)}, of ${tarball.label}`,
        },
      );
    }
  }
  if (entry.name !== null && entry.name !== tarball.identity.name) {
    throw new TouchmarkError("ARTIFACT_UNEXPECTED", `${entry.fileName} holds another package than the list says`, {
      expected: labelOf(entry),
      actual: tarball.label,
    });
  }
  // pnpm 12 leaves build metadata out of the list, and npm out of what it publishes.
  if (entry.version !== null && !isSameNpmVersion(entry.version, tarball.identity.version)) {
    throw new TouchmarkError("STALE_OUTPUT", `${entry.fileName} holds another version than the list says`, {
      expected: labelOf(entry),
      actual: tarball.label,
    });
  }
}

function labelOf(entry: PackEntry): string {
  return entry.name === null ? `a package that yarn does not name` : `${entry.name}@${entry.version}`;
}
