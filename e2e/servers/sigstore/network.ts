import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { debianProgram } from "../../peers/debian-programs.mjs";

/** A network of a test's own: nothing but its loopback. */
const NAMESPACES = ["--mount", "--net"];
/** Whoever is not root is root in a user namespace. */
const AS_ROOT = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
const JOIN_AS_ROOT = process.getuid?.() === 0 ? [] : ["--user", "--preserve-credentials"];
/** Arguments: a hosts file, a busybox, the command. */
const SET_UP = 'mount --bind "$1" /etc/hosts; "$2" ip link set lo up; shift 2; exec "$@"';
/** Another mount namespace has another working directory. */
const CHANGE_FOLDER = 'cd "$1"; shift; exec "$@"';

type Command = readonly [program: string, ...args: string[]];

/** False where this machine cannot have one; what needs it is then skipped by name. */
export function hasNetwork(): boolean {
  if (process.platform !== "linux") return false;
  const busybox = debianProgram("busybox");
  return busybox !== null && spawnSync("unshare", [...made("/etc/hosts", busybox, ["true"])]).status === 0;
}

/**
 * The command that runs another one, which must stay, in a new network.
 *
 * @param hosts - the loopback address of each name.
 */
export async function inNewNetwork(
  folder: string,
  hosts: Readonly<Record<string, string>>,
  command: Command,
): Promise<Command> {
  const file = join(folder, "hosts");
  const lines = Object.entries({ localhost: "127.0.0.1", ...hosts }).map(([name, address]) => `${address} ${name}\n`);
  await writeFile(file, lines.join(""));
  return ["unshare", ...made(file, debianProgram("busybox") ?? "", command)];
}

/** The command that runs another one in the network of a process. */
export function inNetworkOf(process: string, folder: string, command: Command): Command {
  const join = ["--target", process, ...JOIN_AS_ROOT, ...NAMESPACES];
  return ["nsenter", ...join, "sh", "-euc", CHANGE_FOLDER, "sh", folder, ...command];
}

function made(hosts: string, busybox: string, command: readonly string[]): string[] {
  return [...AS_ROOT, ...NAMESPACES, "sh", "-euc", SET_UP, "sh", hosts, busybox, ...command];
}
