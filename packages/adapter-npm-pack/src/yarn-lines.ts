import { decodeUtf8, MAX_METADATA_BYTES, parseJsonText, TouchmarkError } from "@touchmark/core";
import * as z from "zod";
import type { PackEntry, PackList } from "./pack-entry.ts";
import { readPackedFileName } from "./packed-file-name.ts";

const Line = z.object({ base: z.string().optional(), output: z.string().min(1).optional() });
const Failure = z.object({ type: z.literal("error"), data: z.string() });

/** How the lines start that yarn prints; lifecycle scripts and `yarn workspaces foreach` add others. */
const OWN_LINE = /^\{"(?:base|location|output|type)":/;

/**
 * Reads what yarn 4 prints: `{base}`, `{location}` for each file, `{output}`, each on a line of its own.
 *
 * @returns null when no line is one of yarn's.
 * @throws TouchmarkError `INPUT_INVALID` for a package without its output, a last line without an end, an error that yarn
 * printed.
 */
export function parseYarnLines(bytes: Uint8Array, what: string): PackList | null {
  if (!['{"base":', '{"output":', '{"type":"error"'].some((start) => hasLine(bytes, start))) return null;
  const text = decodeUtf8(bytes, what);
  if (!text.endsWith("\n")) throw cutOff(what, "a last line without an end");
  const entries: PackEntry[] = [];
  let open = false;
  for (const line of text.split(/\r?\n/).filter((each) => OWN_LINE.test(each))) {
    const { base, output } = readLine(line, what);
    if (base !== undefined) {
      if (open) throw cutOff(what, "a package without its output");
      open = true;
    }
    if (output !== undefined) {
      if (!open) throw cutOff(what, "an output without its package");
      open = false;
      entries.push({ name: null, version: null, ...readPackedFileName(output, `a package in ${what}`), declared: [] });
    }
  }
  if (open) throw cutOff(what, "a package without its output");
  return { tool: "yarn", entries };
}

function readLine(line: string, what: string): z.infer<typeof Line> {
  const json = parseJsonText(line, { what, maxBytes: MAX_METADATA_BYTES });
  const failure = Failure.safeParse(json);
  if (failure.success) {
    throw new TouchmarkError("INPUT_INVALID", `${what} holds the error of a pack command that failed`, {
      expected: "a list of packed packages",
      actual: failure.data.data.slice(0, 500),
    });
  }
  const parsed = Line.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new TouchmarkError("INPUT_INVALID", `${what} has a line that yarn pack does not print`, {
    expected: "base and output as texts",
    actual: parsed.error.issues[0]?.message ?? "invalid",
    cause: parsed.error,
  });
}

/** True when a line starts so. */
function hasLine(bytes: Uint8Array, start: string): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.subarray(0, start.length).equals(Buffer.from(start)) || buffer.includes(`\n${start}`);
}

function cutOff(what: string, actual: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${what} was cut off`, {
    expected: "each package of yarn pack --json with its output",
    actual,
  });
}
