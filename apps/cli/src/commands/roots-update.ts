import path from "node:path";
import { TouchmarkError } from "@touchmark/core";
import { openRoots } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { type MirrorFlags, onlineRoots } from "../online-roots.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { replaceFiles } from "../replace-files.ts";
import { ROOTS_UPDATE_REPORT, type RootsUpdateReport } from "../reports/roots.ts";

/**
 * `touchmark roots update`: asks a TUF repository for its newest roots. What is written replaces a file of the same name: that
 * is what an update is for, and the repository's chain of signatures keeps it from going back.
 */
export async function rootsUpdate(
  context: Context,
  _positional: readonly string[],
  options: CommonOptions & MirrorFlags & { readonly output?: string },
): Promise<number> {
  const { output = null } = options;
  const { source, rootVersion, folder } = await onlineRoots(context, options);
  const roots = await openRoots(source);
  if (output !== null)
    await replaceFiles(context, path.dirname(output), [{ name: path.basename(output), bytes: source.bytes }]);
  else if (folder === null) {
    throw new TouchmarkError("OUTPUT_UNWRITABLE", "the roots cannot be kept, and no file was named for them", {
      expected: "--output FILE, or a cache folder that can be written (XDG_CACHE_HOME)",
    });
  }
  const { terminal } = context;
  const digest = `sha256:${roots.digest}`;
  if (terminal.json) {
    const document: RootsUpdateReport = {
      schema: ROOTS_UPDATE_REPORT,
      name: roots.label,
      digest,
      date: roots.date,
      rootVersion,
      kept: folder,
      written: output,
    };
    terminal.resultDocument(document);
    return 0;
  }
  terminal.result(`${safe(roots.label)}  ${digest}  of ${roots.date}, by version ${rootVersion} of its TUF root`);
  if (output !== null) terminal.result(`wrote ${safe(output)}`);
  if (folder !== null) terminal.result(`kept in ${safe(folder)}, for --online`);
  return 0;
}
