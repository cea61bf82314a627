import path from "node:path";
import { encodeSubjectsFile, type SubjectsFile, TouchmarkError } from "@touchmark/core";
// Not by the index: verification would be loaded with it.
import { gather } from "@touchmark/engine/prepare";
import type { NodeHost } from "@touchmark/host-node";
import type { Context } from "../context.ts";
import { partLines } from "../render/attest-summary.ts";
import { counted } from "../render/counted.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { type Allowed, type InputOptions, openWorkbench } from "../workbench.ts";

interface CollectOptions extends InputOptions, CommonOptions {
  readonly part?: string;
  readonly output: string;
}

/** Code of the project runs here as it did in the build; nobody is asked about the run. */
const COLLECTING: Allowed = { plugins: true, scripts: true, contacts: async () => [] };

/** `touchmark collect`: what a build job runs, without any signing right. */
export async function collectCommand(
  context: Context,
  positional: readonly string[],
  options: CollectOptions,
): Promise<number> {
  if (options.from !== undefined && positional.length > 0) {
    throw new TouchmarkError("USAGE", "--from replaces the artifacts of the configuration", {
      expected: "--from, or the keys of artifacts",
      actual: `--from and ${positional.join(", ")}`,
    });
  }
  const selection = { artifacts: positional, part: options.part ?? null };
  const bench = await openWorkbench(context, options, selection, COLLECTING);
  try {
    const file = await gather({ ...bench, subjectsFiles: options.subjects ?? [] }, bench.host);
    await writeSubjectsFile(bench.host, options.output, file);
    return showCollected(context, file, options.output);
  } finally {
    await bench.host.close();
  }
}

/** Writes the file whole or not at all. */
export async function writeSubjectsFile(host: NodeHost, output: string, file: SubjectsFile): Promise<void> {
  const name = path.basename(output);
  await host.writeFiles(path.dirname(output), [{ name, bytes: encodeSubjectsFile(file) }]);
}

/** Says what is in the file that was written. */
export function showCollected(context: Context, file: SubjectsFile, output: string): number {
  const { terminal } = context;
  if (terminal.json) {
    terminal.result(JSON.stringify({ output, parts: file.parts, subjects: file.subjects.length }, null, 2));
    return 0;
  }
  for (const line of partLines(file)) terminal.note(line);
  terminal.result(
    `${terminal.paint("green", "COLLECTED")}  ${counted(file.subjects.length, "subject")} in ${safe(output)}; nothing is signed`,
  );
  return 0;
}
