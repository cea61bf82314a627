import { jsonChunks } from "../src/render/json-document.ts";
import type { Terminal } from "../src/render/terminal.ts";

/** A terminal for tests: `text` is what would be printed to stdout, `noted` what goes to stderr with --verbose. */
export function recordingTerminal(
  options: { readonly json?: boolean } = {},
): Terminal & { text(): string; noted(): string } {
  const chunks: string[] = [];
  const notes: string[] = [];
  return {
    json: options.json === true,
    quiet: false,
    verbose: false,
    interactive: false,
    result: (text) => chunks.push(`${text}\n`),
    resultDocument: (document) => chunks.push(...jsonChunks(document), "\n"),
    resultBytes: (bytes) => chunks.push(new TextDecoder().decode(bytes)),
    note: (text) => notes.push(text),
    prompt: (text) => notes.push(text),
    detail: (text) => notes.push(text),
    progress() {},
    paint: (_format, text) => text,
    close() {},
    text: () => chunks.join(""),
    noted: () => notes.join("\n"),
  };
}
