import { type BuildOutput, MAX_METADATA_BYTES, TouchmarkError } from "@touchmark/core";
import { type Adapter, API_VERSION, defineAdapter, type Host } from "@touchmark/plugin";
import { readListedTarballs } from "./listed-tarballs.ts";
import { readLockedDependencies } from "./lockfile.ts";
import { NpmPackOptions } from "./options.ts";
import { parsePackList } from "./pack-list.ts";
import { packProject } from "./pack-run.ts";
import { hexDigest } from "./package-tarball.ts";
import { outputOf } from "./packed-output.ts";
import { baseName, folderOf } from "./path.ts";
import { hasNpmTarball, readPresentTarballs } from "./present-tarballs.ts";
import { readPackageManager, readProject } from "./project.ts";

/**
 * Reads what npm, pnpm or yarn packed: the list that the pack command printed (`npm-pack:PACK.json`), or the tarballs of
 * a project's folder (`npm-pack:DIR`), which the option `run` packs first. docs/adapters/npm-pack.md
 */
export const npmPack: Adapter<NpmPackOptions> = defineAdapter<NpmPackOptions>({
  apiVersion: API_VERSION,
  name: "npm-pack",
  completeness: "manifest",
  marks: ["package.json"],
  suggest: { path: "." },
  options: NpmPackOptions,
  fromArgument: (argument) => (argument === null ? {} : { path: argument }),
  collect: async (host, options) => {
    const kind = await host.kind(options.path);
    switch (kind) {
      case "file":
        return collectList(host, options);
      case "folder":
        return options.run ? collectRun(host, options) : collectFolder(host, options);
      case "other":
      case null:
        throw new TouchmarkError(kind === null ? "INPUT_MISSING" : "FILE_REFUSED", `${options.path} cannot be read`, {
          expected: "a project's folder, or the file that holds what npm pack --json printed",
          actual: kind === null ? "nothing" : "a device, a FIFO or a socket",
        });
    }
  },
});

async function collectList(host: Host, options: NpmPackOptions): Promise<BuildOutput> {
  if (options.run || /\.t(?:ar\.)?gz$/i.test(options.path)) {
    throw new TouchmarkError("CONFIG_INVALID", `npm-pack cannot ${options.run ? "run in" : "take"} ${options.path}`, {
      expected: options.run ? "a project's folder" : "a project's folder, or what npm pack --json printed",
      actual: options.run ? "a file" : "a tarball; the adapter files takes single files",
    });
  }
  const bytes = await host.readBytes(options.path, { max: MAX_METADATA_BYTES });
  const list = parsePackList(bytes, options.path);
  const folder = folderOf(options.path);
  const places = { folder: options.tarballs ?? folder, asWritten: options.tarballs === undefined };
  const tarballs = await readListedTarballs(host, list, places);
  const locked = await readLockedDependencies(host, folder, {
    lockfile: options.lockfile,
    packageManager: await readPackageManager(host, folder),
    tool: list.tool,
  });
  const metadata = [{ name: baseName(options.path), digest: { sha256: hexDigest("sha256", bytes) } }];
  return outputOf(tarballs, locked, metadata, options);
}

async function collectFolder(host: Host, options: NpmPackOptions): Promise<BuildOutput | null> {
  const project = await readProject(host, options.path);
  if (project === null) {
    const folder = options.tarballs ?? options.path;
    if (!(await hasNpmTarball(host, folder))) return null;
    throw new TouchmarkError(
      "INPUT_INVALID",
      `${folder} has npm tarballs, and nothing says which ones belong to the release`,
      {
        expected:
          "a package.json in the project's folder (option `tarballs` for this one), or what npm pack --json printed",
        actual: `no package.json in ${options.path}`,
      },
    );
  }
  const tarballs = await readPresentTarballs(host, project, options.tarballs ?? null);
  if (tarballs.length === 0) return null;
  const locked = await readLockedDependencies(host, options.path, {
    lockfile: options.lockfile,
    packageManager: project.packageManager,
    tool: null,
  });
  return outputOf(tarballs, locked, [], options);
}

async function collectRun(host: Host, options: NpmPackOptions): Promise<BuildOutput | null> {
  if (options.tarballs !== undefined) {
    throw new TouchmarkError("CONFIG_INVALID", "npm-pack with `run` packs into the project's folder", {
      expected: "`run` or `tarballs`",
      actual: "both",
    });
  }
  const project = await readProject(host, options.path);
  if (project === null) return null;
  const list = await packProject(host, project);
  const tarballs = await readListedTarballs(host, list, { folder: options.path, asWritten: false });
  const locked = await readLockedDependencies(host, options.path, {
    lockfile: options.lockfile,
    packageManager: project.packageManager,
    tool: list.tool,
  });
  return outputOf(tarballs, locked, [], options);
}
