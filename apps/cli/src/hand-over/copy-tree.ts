import { lstat, readdir, readlink } from "node:fs/promises";
import path from "node:path";
import { TouchmarkError } from "@touchmark/core";
import type { Staging } from "@touchmark/host-node";
import type { Host } from "@touchmark/plugin";

/** Entries of one tree: as many as are hashed (`Host.digestTree`). Unit: entries. */
const MAX_TREE_ENTRIES = 1_000_000;

/**
 * Copies a folder with all that is in it: links as links, and of a file's mode only whether it is executable, which is what
 * NAR knows. Nothing is compared here: whoever wants to know what was copied hashes the copy.
 *
 * @param from - where the tree truly lies; may be read by `host`.
 * @param to - its name in the staging.
 */
export async function copyTree(from: string, to: string, staging: Staging, host: Host): Promise<void> {
  let copied = 0;
  await copy(from, to);

  async function copy(source: string, name: string): Promise<void> {
    copied += 1;
    if (copied > MAX_TREE_ENTRIES) {
      throw new TouchmarkError("LIMIT_EXCEEDED", `${to} holds too many files`, {
        expected: `at most ${MAX_TREE_ENTRIES} entries`,
        actual: "more",
      });
    }
    const stats = await lstat(source);
    if (stats.isSymbolicLink()) {
      await staging.link(name, await readlink(source));
    } else if (stats.isDirectory()) {
      await staging.folder(name);
      for (const entry of await readdir(source)) await copy(path.join(source, entry), `${name}/${entry}`);
    } else {
      const executable = (stats.mode & 0o100) !== 0;
      await staging.write(name, host.openRead(source), { algorithm: "sha256", executable });
    }
  }
}
