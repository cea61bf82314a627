import { chmod, copyFile, cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
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

export interface Nix {
  /** Where store paths lie. */
  readonly store: string;
  /** The project of `nix-project`, to build or change: attributes `demo` (two outputs), `single`, `download`. */
  readonly project: string;
  /** What tells Nix, and whoever asks for Nix's variables, where this store is. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Runs one of Nix's programs in the project.
   *
   * @throws Error with what it wrote when it ends with anything but 0.
   */
  readonly run: (program: NixProgram, args: readonly string[]) => Promise<Ended>;
  /** Makes the store's folders writable again, so that whoever made `folder` can remove it. */
  readonly stop: () => Promise<void>;
}

export type NixProgram = "nix" | "nix-build" | "nix-hash" | "nix-instantiate" | "nix-store";

/** False where this machine cannot have it: no Debian, or not root and not installed. Tests that need it are then skipped by name. */
export function hasNix(): boolean {
  return debianProgram("nix") !== null && debianProgram("busybox") !== null;
}

/** A Nix whose store, database and caches are all under `folder`; /nix is neither read nor made. */
export async function startNix(folder: string): Promise<Nix> {
  const [store, project] = [join(folder, "store"), join(folder, "project")];
  await mkdir(folder, { recursive: true });
  await cp(PROJECT, project, { recursive: true });
  await mkdir(join(project, "tools"));
  await copyFile(debianProgram("busybox") ?? "", join(project, "tools", "busybox"));
  const env = {
    HOME: folder,
    NIX_STORE_DIR: store,
    NIX_STATE_DIR: join(folder, "state"),
    NIX_LOG_DIR: join(folder, "log"),
    NIX_CONF_DIR: join(folder, "etc"),
    NIX_CONFIG: CONFIGURATION.join("\n"),
  };
  const run: Nix["run"] = async (program, args) => {
    const ended = await runProgram(program, args, { cwd: project, env });
    if (ended.status === 0) return ended;
    throw new Error(`${program} ${args.join(" ")} ended with ${ended.status}:\n${ended.stderr}`);
  };
  return { store, project, env, run, stop: () => makeWritable(store) };
}

/** Nix takes away everybody's write permission, and a folder must be writable to remove what is in it. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}
