import { TouchmarkError } from "@touchmark/core";
import type { NamedPiece } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { readEvidenceInput } from "../evidence-input.ts";
import { inspectFile } from "../inspect/inspect-file.ts";
import { inspectedLines } from "../render/inspected.ts";
import type { CommonOptions } from "../render/terminal.ts";
import { INSPECT_REPORT, type InspectedFile } from "../reports/inspect.ts";

interface InspectOptions extends CommonOptions {
  readonly payload?: boolean;
}

/**
 * `touchmark inspect FILE…`: what evidence says of itself. Nothing is verified, and every part says so.
 *
 * @returns 1 where something in a file is no evidence, beside what is.
 */
export async function inspectCommand(
  context: Context,
  positional: readonly string[],
  options: InspectOptions,
): Promise<number> {
  const { terminal } = context;
  if (options.payload === true) return printPayload(context, positional);
  const files: InspectedFile[] = [];
  for (const file of positional) {
    const inspected = await inspectFile(context, file);
    files.push(inspected);
    if (terminal.json) continue;
    for (const line of inspectedLines(inspected, terminal.paint)) terminal.result(line);
  }
  if (terminal.json) terminal.resultDocument({ schema: INSPECT_REPORT, unverified: true, files });
  return files.some((file) => file.kind === "evidence" && file.problems.length > 0) ? 1 : 0;
}

/** One payload only: several after another would be bytes that nobody signed. */
async function printPayload(context: Context, files: readonly string[]): Promise<number> {
  const found: NamedPiece[] = [];
  for (const file of files) {
    const { pieces, findings } = await readEvidenceInput(context, file);
    const [problem] = findings;
    if (problem !== undefined) throw new TouchmarkError(problem.code, problem.message, problem);
    found.push(...pieces);
  }
  const [only] = found;
  if (only === undefined || found.length > 1 || only.piece.kind === "signature") {
    throw new TouchmarkError("USAGE", "--payload prints the payload of one bundle", {
      expected: "a file with one bundle",
      actual: found.length === 1 ? "a signature over a file, which has no payload" : `${found.length} bundles`,
    });
  }
  context.terminal.resultBytes(only.piece.bundle.payload);
  return 0;
}
