import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { npmTarballFileName } from "@touchmark/package-identity";
import type { Host } from "@touchmark/plugin";
import { PACK_TIMEOUT_MS } from "./limits.ts";
import type { PackList } from "./pack-entry.ts";
import { parsePackList } from "./pack-list.ts";
import { below } from "./path.ts";
import { type PackageFolder, type Project, publishable } from "./project.ts";

/**
 * Packs a project into its own folder: every package that can be published, or the only one there is.
 *
 * Where the host forbids foreign code, no lifecycle script runs and no pnpmfile is loaded: the tarball then holds what
 * lies in the folder, and what a `prepack` script would have built is missing.
 *
 * @throws TouchmarkError `RUN_FAILED`; `INPUT_INVALID` for a project of yarn's, whose pack runs scripts in any case;
 * `ARTIFACT_MISSING` when the tool packed less than it was asked to; `NOTHING_FOUND`.
 */
export async function packProject(host: Host, project: Project): Promise<PackList> {
  const packages = toPack(project);
  const tool = await toolOf(host, project);
  const list =
    tool === "pnpm" ? await packWithPnpm(host, project, packages) : await packWithNpm(host, project, packages);
  for (const each of packages) {
    if (list.entries.some((entry) => entry.name === each.name)) continue;
    throw new TouchmarkError("ARTIFACT_MISSING", `${tool} pack left ${each.name ?? each.folder} out`, {
      expected: packages
        .map(({ name }) => name)
        .slice(0, 20)
        .join(", "),
      actual: list.entries
        .map(({ name }) => name)
        .slice(0, 20)
        .join(", "),
    });
  }
  return list;
}

function toPack(project: Project): readonly PackageFolder[] {
  const packages = publishable(project);
  if (packages.length > 0) {
    refuseSameFile(packages);
    return packages;
  }
  if (project.workspaces.length === 0) return [project.root]; // private, and asked for by name
  throw new TouchmarkError("NOTHING_FOUND", `${project.root.folder} has no package that can be published`, {
    expected: "a workspace with name and version that is not private",
    actual: `${project.workspaces.length} workspaces`,
  });
}

/** `@x/y` and `x-y` of one version share a file name: the second would overwrite the first. */
function refuseSameFile(packages: ReturnType<typeof publishable>): void {
  const byFile = new Map<string, string>();
  for (const { name, version } of packages) {
    const file = npmTarballFileName(name, version);
    const earlier = byFile.get(file);
    if (earlier !== undefined) {
      throw new TouchmarkError("SUBJECT_CONFLICT", `two packages would be packed into ${file}`, {
        expected: "a file for each package; pack them into different folders and give each list",
        actual: `${earlier} and ${name}`,
      });
    }
    byFile.set(file, name);
  }
}

/** pnpm and yarn write real versions in place of `workspace:` ranges, so that npm must not pack for them. */
async function toolOf(host: Host, { root, packageManager }: Project): Promise<"npm" | "pnpm"> {
  const stated = packageManager?.split("@")[0];
  const has = async (fileName: string) => (await host.kind(below(root.folder, fileName))) !== null;
  if (stated === "pnpm" || (stated === undefined && (await has("pnpm-lock.yaml")))) return "pnpm";
  if (stated === "npm" || (stated === undefined && !(await has(".yarnrc.yml")))) return "npm";
  if (stated === "yarn" && packageManager?.startsWith("yarn@1.")) return "npm";
  throw new TouchmarkError(
    "INPUT_INVALID",
    `${root.folder} is packed with ${stated ?? "yarn"}, which cannot be run without scripts`,
    {
      expected: "npm or pnpm; else run the pack command before, with --json, and give npm-pack:FILE",
      actual: packageManager ?? ".yarnrc.yml",
    },
  );
}

/** One run for all: npm takes workspaces by their folders. Flags on the line win over .npmrc. */
async function packWithNpm(host: Host, project: Project, packages: readonly PackageFolder[]): Promise<PackList> {
  const { root } = project;
  const workspaces = packages.filter((each) => each !== root);
  const prefix = root.folder === "." ? 0 : root.folder.replace(/\/$/, "").length + 1;
  const selection = workspaces.map(({ folder }) => `--workspace=${folder.slice(prefix)}`);
  if (selection.length > 0 && packages.includes(root)) selection.push("--include-workspace-root");
  const args = ["pack", "--json", "--dry-run=false", "--pack-destination=.", "--loglevel=error", ...selection];
  if (!host.userCode) args.push("--ignore-scripts");
  const env = { npm_config_update_notifier: "false" };
  const { stdout } = await host.run("npm", args, { cwd: root.folder, timeoutMs: PACK_TIMEOUT_MS, env });
  return parsePackList(stdout, "the output of npm pack");
}

/** One run for each package: pnpm 9 packs no workspaces. */
async function packWithPnpm(host: Host, { root }: Project, packages: readonly PackageFolder[]): Promise<PackList> {
  const lists: PackList[] = [];
  for (const { folder } of packages) {
    const up = folder === root.folder ? "." : upFrom(folder, root.folder);
    const args = ["pack", "--json", "--pack-destination", up];
    // pnpm knows no --ignore-scripts for pack, and loads .pnpmfile.cjs for its beforePacking hook.
    if (!host.userCode) args.push("--config.ignore-scripts=true", "--config.ignore-pnpmfile=true");
    const stdout = await runPnpm(host, args, folder);
    lists.push(parsePackList(stdout, "the output of pnpm pack"));
  }
  return { tool: "pnpm", entries: lists.flatMap(({ entries }) => entries) };
}

async function runPnpm(host: Host, args: readonly string[], cwd: string): Promise<Uint8Array> {
  // Else pnpm would fetch and run the version that packageManager names; pnpm 11 reads the two with its own prefix.
  const env = host.userCode
    ? {}
    : {
        npm_config_manage_package_manager_versions: "false",
        pnpm_config_manage_package_manager_versions: "false",
        pnpm_config_pm_on_fail: "ignore",
      };
  try {
    return (await host.run("pnpm", args, { cwd, timeoutMs: PACK_TIMEOUT_MS, env })).stdout;
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "RUN_FAILED") throw error;
    const { expected, actual } = error;
    throw new TouchmarkError(
      "RUN_FAILED",
      `this project is packed with pnpm (packageManager or pnpm-lock.yaml): ${error.message}`,
      {
        expected,
        actual,
        cause: error,
      },
    );
  }
}

function upFrom(folder: string, root: string): string {
  const below = root === "." ? folder : folder.slice(root.replace(/\/$/, "").length + 1);
  return below
    .split("/")
    .map(() => "..")
    .join("/");
}
