import { decodeUtf8, parseJson, TouchmarkError } from "@touchmark/core";
import { MAX_MANIFEST_BYTES } from "@touchmark/package-identity";
import type { Host } from "@touchmark/plugin";
import * as z from "zod";
import { MAX_PACKAGES, MAX_YAML_BYTES } from "./limits.ts";
import { below, folderOf } from "./path.ts";
import { parseYaml } from "./yaml-text.ts";

/** A folder with a package.json. */
export interface PackageFolder {
  readonly folder: string;
  readonly name: string | null;
  readonly version: string | null;
  readonly private: boolean;
}

/** A package that its registry would take: named, versioned, not private. */
export interface PublishablePackage extends PackageFolder {
  readonly name: string;
  readonly version: string;
}

/** A project's folder and its workspaces, as its package.json or pnpm-workspace.yaml lists them. */
export interface Project {
  readonly root: PackageFolder;
  readonly workspaces: readonly PackageFolder[];
  /** `pnpm@10.34.9`; null where package.json does not say. */
  readonly packageManager: string | null;
}

const PackageJson = z.object({
  name: z.string().min(1).optional(),
  version: z.string().min(1).optional(),
  private: z.unknown().optional(),
  workspaces: z.union([z.array(z.string()), z.object({ packages: z.array(z.string()).optional() })]).optional(),
  packageManager: z.string().optional(),
});
const PnpmWorkspace = z.object({ packages: z.array(z.string()).optional() });

/**
 * Reads a project.
 *
 * @returns null when the folder has no package.json.
 * @throws TouchmarkError `INPUT_INVALID` for a package.json or pnpm-workspace.yaml that cannot be read, for a workspace
 * outside of the folder, for two workspaces of one name; `INPUT_MISSING` for a listed workspace that is not there.
 */
export async function readProject(host: Host, folder: string): Promise<Project | null> {
  const path = below(folder, "package.json");
  if ((await host.kind(path)) === null) return null;
  const manifest = await readManifest(host, path);
  const patterns = (await pnpmPatterns(host, folder)) ?? npmPatterns(manifest.workspaces);
  const project: Project = {
    root: packageOf(folder, manifest),
    workspaces: await readWorkspaces(host, folder, patterns),
    packageManager: manifest.packageManager ?? null,
  };
  refuseSameName(publishable(project));
  return project;
}

/** `packageManager` of the package.json in a folder; null where there is none. */
export async function readPackageManager(host: Host, folder: string): Promise<string | null> {
  const path = below(folder, "package.json");
  return (await host.kind(path)) === null ? null : ((await readManifest(host, path)).packageManager ?? null);
}

/** The packages of a project that can be published; npm refuses the others. */
export function publishable(project: Project): readonly PublishablePackage[] {
  return [project.root, ...project.workspaces].filter(
    (each): each is PublishablePackage => !each.private && each.name !== null && each.version !== null,
  );
}

async function readManifest(host: Host, path: string): Promise<z.infer<typeof PackageJson>> {
  const bytes = await host.readBytes(path, { max: MAX_MANIFEST_BYTES });
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf; // npm allows a byte order mark
  const json = parseJson(marked ? bytes.subarray(3) : bytes, { what: path, maxBytes: MAX_MANIFEST_BYTES });
  const parsed = PackageJson.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new TouchmarkError("INPUT_INVALID", `${path} is not a package.json that npm would take`, {
    expected: "name and version as texts, workspaces as a list",
    actual: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`,
    cause: parsed.error,
  });
}

function packageOf(folder: string, manifest: z.infer<typeof PackageJson>): PackageFolder {
  const { name = null, version = null } = manifest;
  return { folder, name, version, private: Boolean(manifest.private) };
}

function npmPatterns(workspaces: z.infer<typeof PackageJson>["workspaces"]): readonly string[] {
  return Array.isArray(workspaces) ? workspaces : (workspaces?.packages ?? []);
}

/** pnpm reads only its own file; null where that is not there or lists nothing. */
async function pnpmPatterns(host: Host, folder: string): Promise<readonly string[] | null> {
  const path = below(folder, "pnpm-workspace.yaml");
  if ((await host.kind(path)) === null) return null;
  const text = decodeUtf8(await host.readBytes(path, { max: MAX_YAML_BYTES }), path);
  const parsed = PnpmWorkspace.safeParse(parseYaml(text, path)[0] ?? {});
  if (parsed.success) return parsed.data.packages ?? null;
  throw new TouchmarkError("INPUT_INVALID", `${path} lists its packages in a way that we do not know`, {
    expected: "packages: a list of folders",
    actual: parsed.error.issues[0]?.message ?? "invalid",
    cause: parsed.error,
  });
}

async function readWorkspaces(
  host: Host,
  folder: string,
  patterns: readonly string[],
): Promise<readonly PackageFolder[]> {
  const paths = new Set<string>();
  for (const pattern of patterns) {
    const isNegative = pattern.startsWith("!");
    const found = await findManifests(host, folder, isNegative ? pattern.slice(1) : pattern, !isNegative);
    for (const path of found) isNegative ? paths.delete(path) : paths.add(path);
  }
  paths.delete(below(folder, "package.json"));
  if (paths.size > MAX_PACKAGES) {
    throw new TouchmarkError("LIMIT_EXCEEDED", `${folder} has too many workspaces`, {
      expected: `at most ${MAX_PACKAGES}`,
      actual: String(paths.size),
    });
  }
  const workspaces: PackageFolder[] = [];
  for (const path of [...paths].sort()) workspaces.push(packageOf(folderOf(path), await readManifest(host, path)));
  return workspaces;
}

/** package.json files of the folders that a pattern names; dependencies that lie below them are nobody's workspaces. */
async function findManifests(
  host: Host,
  folder: string,
  pattern: string,
  required: boolean,
): Promise<readonly string[]> {
  const plain = pattern.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
  if (plain === "." || plain === "") return [];
  if (plain.startsWith("/") || plain.split("/").includes("..") || plain.includes("\\")) {
    throw new TouchmarkError("INPUT_INVALID", `${folder} lists a workspace outside of itself`, {
      expected: "folders below the project, with forward slashes; or the JSON that the pack command printed",
      actual: JSON.stringify(pattern.slice(0, 200)),
    });
  }
  const files = await host.glob(below(folder, `${plain}/package.json`));
  if (files.length === 0 && required && !/[*?[\]{}()!+@]/.test(plain)) {
    throw new TouchmarkError("INPUT_MISSING", `the workspace ${plain} has no package.json`, {
      expected: below(folder, `${plain}/package.json`),
      actual: "nothing",
    });
  }
  return files.map(({ path }) => path).filter((path) => !path.split("/").includes("node_modules"));
}

function refuseSameName(packages: readonly PublishablePackage[]): void {
  const byName = new Map<string, PublishablePackage>();
  for (const each of packages) {
    const earlier = byName.get(each.name);
    if (earlier !== undefined) {
      throw new TouchmarkError("INPUT_INVALID", `two workspaces have the name ${each.name}`, {
        expected: "a name of its own for each package",
        actual: `${earlier.folder} and ${each.folder}`,
      });
    }
    byName.set(each.name, each);
  }
}
