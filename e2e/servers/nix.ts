import { spawnSync } from "node:child_process";
import { chmod, copyFile, cp, mkdir, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { debianProgram } from "../peers/debian-programs.mjs";
import { type Ended, runProgram } from "../touchmark-process.ts";

const PROJECT = fileURLToPath(new URL("nix-project", import.meta.url));

/** Single user, no daemon, no sandbox, no substituter: nothing is asked of the machine or a network. */
const CONFIGURATION = [
  "sandbox = false",
  "build-users-group =",
  "experimental-features = nix-command flakes ca-derivations",
  "substitute = false",
  "substituters =",
];

/** For `unshare`: the first argument is mounted on the second for the command that follows, and for nobody else. */
const MOUNTED = ["--mount", "sh", "-euc", 'mount --bind "$1" "$2"; shift 2; exec "$@"', "sh"];

/** `own` is a store below the test's folder; `root` is /nix/store, as users have it, in a mount namespace of the test's own. */
export type NixPlace = "own" | "root";

export interface Nix {
  /** The store as Nix names it in every path. */
  readonly store: string;
  /** The project of `nix-project`, to build or change: attributes `demo` (two outputs), `single`, `download`. */
  readonly project: string;
  /** Where a store path lies for the test itself, to read or damage it. */
  readonly onDisk: (storePath: string) => string;
  /** Runs any program, in the project unless told otherwise, where it sees this store. */
  readonly inside: (program: string, args: readonly string[], cwd?: string) => Promise<Ended>;
  /**
   * Runs one of Nix's own programs in the project.
   *
   * @throws Error with what it wrote when it ends with anything but 0.
   */
  readonly run: (
    program: "nix" | "nix-build" | "nix-hash" | "nix-instantiate" | "nix-store",
    args: readonly string[],
  ) => Promise<Ended>;
  /** Makes the store's folders writable again, so that whoever made `folder` can remove it. */
  readonly stop: () => Promise<void>;
}

/** False where this machine cannot have it: no Debian, or not root and not installed. Tests that need it are then skipped by name. */
export function hasNix(place: NixPlace): boolean {
  if (place === "root" && spawnSync("unshare", ["--mount", "true"]).status !== 0) return false;
  return debianProgram("nix") !== null && debianProgram("busybox") !== null;
}

/** A Nix whose store, database and caches are all under `folder`; what the machine itself has in /nix is never touched. */
export async function startNix(folder: string, place: NixPlace): Promise<Nix> {
  const [disk, project] = [join(folder, "nix"), join(folder, "project")];
  await mkdir(join(disk, "store"), { recursive: true });
  await cp(PROJECT, project, { recursive: true });
  await mkdir(join(project, "tools"));
  await copyFile(debianProgram("busybox") ?? "", join(project, "tools", "busybox"));
  const home = place === "own" ? disk : "/nix";
  // A place to mount on; an empty one harms nobody.
  if (place === "root") await mkdir(home, { recursive: true });
  const env = {
    HOME: folder,
    NIX_STORE_DIR: `${home}/store`,
    NIX_STATE_DIR: `${home}/var/nix`,
    NIX_LOG_DIR: `${home}/var/log/nix`,
    NIX_CONF_DIR: join(folder, "etc"),
    NIX_CONFIG: CONFIGURATION.join("\n"),
  };
  const inside: Nix["inside"] = (program, args, cwd = project) =>
    place === "own"
      ? runProgram(program, args, { cwd, env })
      : runProgram("unshare", [...MOUNTED, disk, home, program, ...args], { cwd, env });
  const run: Nix["run"] = async (program, args) => {
    const ended = await inside(program, args);
    if (ended.status === 0) return ended;
    throw new Error(`${program} ${args.join(" ")} ended with ${ended.status}:\n${ended.stderr}`);
  };
  return {
    store: `${home}/store`,
    project,
    onDisk: (storePath) => join(disk, relative(home, storePath)),
    inside,
    run,
    stop: () => makeWritable(disk),
  };
}

/** Nix takes away everybody's write permission, and a folder must be writable to remove what is in it. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}
