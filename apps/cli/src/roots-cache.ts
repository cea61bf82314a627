import { createHash } from "node:crypto";
import { homedir } from "node:os";
import path from "node:path";
import { isTouchmarkError } from "@touchmark/core";
import { exclusively } from "@touchmark/host-node";
import { type KeptFile, MAX_TIMESTAMP_BYTES, type UpdatedRoots } from "@touchmark/roots-tuf";
import type { Context } from "./context.ts";
import { readInput } from "./read-input.ts";
import { replaceFiles } from "./replace-files.ts";

/** What is kept of updates from one mirror. Anybody may have written it: it is verified anew each time. */
export interface RootsCache {
  /** Absolute. */
  readonly folder: string;
  readonly read: KeptFile;
  /**
   * Keeps an update, unless another process has kept a newer one meanwhile.
   *
   * @throws TouchmarkError `OUTPUT_UNWRITABLE`, `DISK_FULL`, `OUTPUT_CONFLICT`, `ABORTED`.
   */
  keep(updated: UpdatedRoots): Promise<void>;
}

/** @param mirror - in the one form that `mirrorUrl` gives. */
export function openRootsCache(context: Context, mirror: URL): RootsCache {
  const name = createHash("sha256").update(mirror.href).digest("hex");
  const folder = path.join(cacheHome(context), "touchmark", "tuf", name);
  const read: KeptFile = async (file, max) => {
    try {
      return await readInput(folder, file, max);
    } catch (error) {
      if (isTouchmarkError(error)) return null; // missing, or not what we wrote: the mirror has it
      throw error;
    }
  };
  return {
    folder,
    read,
    keep: async (updated) => {
      const shown = path.join(folder, "timestamp.json");
      await exclusively(shown, shown, context.signal, async () => {
        const current = await read("timestamp.json", MAX_TIMESTAMP_BYTES);
        if (current !== null && updated.isOlderThan(current)) return;
        await replaceFiles(context, folder, await changed(updated.files, read));
      });
    },
  };
}

/** https://specifications.freedesktop.org/basedir-spec/latest/: a relative path is to be ignored. */
function cacheHome({ env }: Context): string {
  const named = env["XDG_CACHE_HOME"] ?? "";
  return path.isAbsolute(named) ? named : path.join(env["HOME"] || homedir(), ".cache");
}

type NamedBytes = readonly { readonly name: string; readonly bytes: Uint8Array }[];

async function changed(files: UpdatedRoots["files"], read: KeptFile): Promise<NamedBytes> {
  const list = [];
  for (const [name, bytes] of files) {
    const before = await read(name, bytes.byteLength);
    if (before === null || !Buffer.from(bytes).equals(before)) list.push({ name, bytes });
  }
  return list;
}
