import type { OutputFile } from "@touchmark/host-node";
import type { Context } from "./context.ts";
import { hostFor } from "./host-for.ts";

/**
 * Writes files into a folder, all or none, in place of those that are there.
 *
 * @throws TouchmarkError `OUTPUT_CONFLICT` for what is not a regular file, `OUTPUT_UNWRITABLE`, `DISK_FULL`, `ABORTED`.
 */
export async function replaceFiles(context: Context, folder: string, files: readonly OutputFile[]): Promise<void> {
  const host = hostFor(context, { env: {} });
  try {
    await host.writeFiles(folder, files);
  } finally {
    await host.close();
  }
}
