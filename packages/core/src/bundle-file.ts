import { attempt } from "./attempt.ts";
import { type Bundle, checkSize, parseBundle } from "./bundle.ts";
import { TouchmarkError } from "./errors.ts";
import { MAX_BUNDLE_LINES } from "./limits.ts";

/** One line of a JSON Lines file, or the whole of a file that is one JSON value. */
export interface EvidenceLine {
  /** From 1. */
  readonly line: number;
  readonly bytes: Uint8Array;
}

/** A line, and the bundle that it holds. */
export interface BundleLine extends EvidenceLine {
  /** The bundle, or why it is none. */
  readonly bundle: Bundle | TouchmarkError;
}

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;

/**
 * Splits a `.sigstore.json` or `.intoto.jsonl` file into bundles. A file that is one JSON value, also over several
 * lines, gives one entry; else each line that is not blank gives one, so that a broken line spoils no other.
 *
 * @throws TouchmarkError `EVIDENCE_TOO_LARGE` above 64 MiB or above 10,000 lines.
 */
export function parseBundleFile(bytes: Uint8Array): readonly BundleLine[] {
  return splitEvidenceFile(bytes).map((each) => ({ ...each, bundle: attempt(() => parseBundle(each.bytes)) }));
}

/**
 * Splits a file of evidence as {@link parseBundleFile} does, whatever its lines hold.
 *
 * @param maxLines - for those who do not keep what they make of each line.
 * @throws TouchmarkError `EVIDENCE_TOO_LARGE` above 64 MiB or above the limit of lines.
 */
export function splitEvidenceFile(bytes: Uint8Array, maxLines = MAX_BUNDLE_LINES): readonly EvidenceLine[] {
  checkSize(bytes);
  return isOneValue(bytes) ? [{ line: 1, bytes }] : eachLine(bytes, maxLines);
}

/**
 * True when nothing but white space follows the first JSON object, and for a file on one line. A broken object that
 * swallows the rest is one value only where no later line starts an object of its own.
 */
function isOneValue(bytes: Uint8Array): boolean {
  const start = skipBlank(bytes, 0);
  const newline = bytes.indexOf(NEWLINE, start);
  if (newline === -1 || skipBlank(bytes, newline) === bytes.byteLength) return true;
  if (bytes[start] !== OPEN_BRACE) return false;
  const end = endOfObject(bytes, start);
  return end === null ? !startsObjectLater(bytes, newline) : skipBlank(bytes, end) === bytes.byteLength;
}

/** @returns the offset behind the brace that closes, or null when none does before the text is plainly broken. */
function endOfObject(bytes: Uint8Array, start: number): number | null {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < bytes.byteLength; at += 1) {
    const byte = bytes[at];
    if (quoted) {
      if (byte === NEWLINE) return null; // RFC 8259 section 7: no string holds a line end
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (byte === OPEN_BRACE || byte === 0x5b) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}

function startsObjectLater(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) {
    if (bytes[at + 1] === OPEN_BRACE) return true;
  }
  return false;
}

function eachLine(bytes: Uint8Array, maxLines: number): readonly EvidenceLine[] {
  const lines: EvidenceLine[] = [];
  let line = 1;
  let start = 0;
  while (start < bytes.byteLength) {
    const filled = skipBlank(bytes, start);
    if (filled === bytes.byteLength) break;
    // Blank lines are counted and cost nothing else: a file may hold 64 million of them.
    for (let at = start; at < filled; at += 1) {
      if (bytes[at] !== NEWLINE) continue;
      line += 1;
      start = at + 1;
    }
    const newline = bytes.indexOf(NEWLINE, filled);
    const end = newline === -1 ? bytes.byteLength : newline;
    if (lines.length === maxLines) {
      throw new TouchmarkError("EVIDENCE_TOO_LARGE", "the file has too many lines of evidence", {
        expected: `at most ${maxLines}`,
        actual: "more",
      });
    }
    lines.push({ line, bytes: bytes.subarray(start, end) });
    start = end + 1;
    line += 1;
  }
  return lines;
}

/** @returns the offset of the first byte from `start` on that is not JSON's white space. */
function skipBlank(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.byteLength) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== NEWLINE && byte !== 0x0d) break;
    at += 1;
  }
  return at;
}
