import path from "node:path";
import { checkParts, combine, MAX_EVIDENCE_BYTES, parseSubjectsFile, type SubjectsFile } from "@touchmark/core";
import { loadConfig } from "../config/load.ts";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";
import type { CommonOptions } from "../render/terminal.ts";
import { expectedPartsOf, openHost } from "../workbench.ts";
import { showCollected, writeSubjectsFile } from "./collect.ts";

interface CombineOptions extends CommonOptions {
  readonly config?: string;
  readonly output: string;
}

/** `touchmark combine`: folds the subjects files of many jobs into one; the order does not matter. */
export async function combineCommand(
  context: Context,
  positional: readonly string[],
  options: CombineOptions,
): Promise<number> {
  const files: SubjectsFile[] = [];
  for (const file of positional) {
    files.push(parseSubjectsFile(await readInput(context.cwd, file, MAX_EVIDENCE_BYTES), file));
  }
  const combined = combine(files);
  if (options.config !== undefined) {
    const loaded = await loadConfig({ cwd: context.cwd, named: options.config, userCode: true });
    if (loaded !== null) checkParts(combined, expectedPartsOf(loaded.config));
  }
  const host = openHost(context, [path.dirname(options.output)], false);
  try {
    await writeSubjectsFile(host, options.output, combined);
  } finally {
    await host.close();
  }
  return showCollected(context, combined, options.output);
}
