import { TouchmarkError } from "@touchmark/core";
import { isSameNpmVersion, npmTarballFileName } from "@touchmark/package-identity";
import type { Host, HostFile } from "@touchmark/plugin";
import { type PackageTarball, readPackageTarball } from "./package-tarball.ts";
import { below } from "./path.ts";
import { type Project, type PublishablePackage, publishable } from "./project.ts";

/**
 * Reads the tarballs that lie in a project's folder and in those of its workspaces, and compares them with what the
 * package.json files say: each package that can be published has a tarball of its present version, and nothing else is
 * there. Files that are no npm packages are passed over.
 *
 * @param folder - where all tarballs lie; null for the project's own folders.
 * @returns none when nothing was packed and nothing could be published.
 * @throws TouchmarkError `STALE_OUTPUT` for another version, `ARTIFACT_UNEXPECTED` for another package,
 * `ARTIFACT_MISSING`, `SUBJECT_CONFLICT` for one that another package of the same file name overwrote.
 */
export async function readPresentTarballs(
  host: Host,
  project: Project,
  folder: string | null,
): Promise<readonly PackageTarball[]> {
  const packages = [project.root, ...project.workspaces];
  const folders = folder === null ? packages.map((each) => each.folder) : [folder];
  const tarballs: PackageTarball[] = [];
  for (const file of await tarballFiles(host, folders)) {
    const tarball = await readPackageTarball(host, file);
    if (tarball === null) continue;
    checkKnown(tarball, project);
    tarballs.push(tarball);
  }
  for (const each of publishable(project)) {
    if (!tarballs.some(({ identity }) => identity.name === each.name))
      throw missing(each, project, folder ?? project.root.folder);
  }
  return tarballs;
}

/** npm tarballs directly in a folder: where a package.json is missing, they show that somebody packed. */
export async function hasNpmTarball(host: Host, folder: string): Promise<boolean> {
  for (const file of await tarballFiles(host, [folder])) {
    if ((await readPackageTarball(host, file)) !== null) return true;
  }
  return false;
}

async function tarballFiles(host: Host, folders: readonly string[]): Promise<readonly HostFile[]> {
  const byPath = new Map<string, HostFile>();
  for (const folder of folders) {
    for (const file of await host.glob(below(folder, "*.tgz"))) byPath.set(file.path, file);
  }
  return [...byPath.values()];
}

function checkKnown(tarball: PackageTarball, project: Project): void {
  const { identity, file, label } = tarball;
  const known = [project.root, ...project.workspaces].filter(({ name }) => name === identity.name);
  if (known.length === 0) {
    throw new TouchmarkError(
      "ARTIFACT_UNEXPECTED",
      `${file.path} is the tarball of a package that is not of this project`,
      {
        expected: `one of ${publishable(project)
          .map(({ name }) => name)
          .slice(0, 20)
          .join(", ")}`,
        actual: label,
      },
    );
  }
  if (known.some(({ version }) => version !== null && isSameNpmVersion(version, identity.version))) return;
  throw new TouchmarkError("STALE_OUTPUT", `${file.path} is the tarball of another version than package.json has`, {
    expected: `${identity.name}@${known[0]?.version ?? "without a version"}; remove old tarballs before packing`,
    actual: label,
  });
}

/** `@x/y` and `x-y` of one version share a file name, so that packing both into one folder leaves the last one. */
function missing(wanted: PublishablePackage, project: Project, folder: string): TouchmarkError {
  const { name, version } = wanted;
  const file = npmTarballFileName(name, version);
  const other = publishable(project).find(
    (each) => each !== wanted && npmTarballFileName(each.name, each.version) === file,
  );
  if (other !== undefined) {
    return new TouchmarkError(
      "SUBJECT_CONFLICT",
      `two packages are packed into ${file}, and the last one overwrote it`,
      {
        expected: "a file for each package; pack them into different folders (--pack-destination) and give each list",
        actual: `${name} and ${other.name}`,
      },
    );
  }
  return new TouchmarkError("ARTIFACT_MISSING", `${name}@${version} has no tarball`, {
    expected: `${file} in ${folder}; npm pack makes it, npm-pack+run:${folder} packs first`,
    actual: "none",
  });
}
