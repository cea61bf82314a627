import { MAX_EVIDENCE_BYTES, MAX_EVIDENCE_LINES, TouchmarkError } from "@touchmark/core";

/** One line that is not blank; of one that is too long, only where it stands. */
export interface StreamedLine {
  /** From 1. */
  readonly line: number;
  /** Without the line end; null for a line above the limit. */
  readonly bytes: Uint8Array | null;
}

interface LineLimits {
  /** Unit: bytes. */
  readonly maxLine: number;
  /** Unit: lines that are not blank. */
  readonly maxLines: number;
}

const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * The lines of a JSON Lines file that is larger than what is read as a whole. Memory is one line, however large the file is;
 * a broken or a long line spoils no other.
 *
 * @param chunks - the file from its first byte to its last; each may be overwritten when the next is asked for.
 * @throws TouchmarkError `EVIDENCE_TOO_LARGE` for a file that is no JSON Lines but one value, before anything of it is given;
 * above the limit of lines, when those before were given.
 */
export async function* evidenceLines(
  chunks: AsyncIterable<Uint8Array>,
  limits: LineLimits = { maxLine: MAX_EVIDENCE_BYTES, maxLines: MAX_EVIDENCE_LINES },
): AsyncIterable<StreamedLine> {
  let first: StreamedLine | null = null;
  let count = 0;
  for await (const line of filledLines(chunks, limits.maxLine)) {
    count += 1;
    if (count > limits.maxLines) throw tooMany(limits.maxLines);
    if (count === 1) {
      if (line.bytes === null) throw oneValue(limits.maxLine);
      first = line;
      continue;
    }
    if (first !== null) {
      // Whoever writes one value over several lines indents what is in it.
      if (isOpen(first) && line.bytes?.[0] !== OPEN_BRACE) throw oneValue(limits.maxLine);
      yield first;
      first = null;
    }
    yield line;
  }
  if (first !== null) throw oneValue(limits.maxLine);
}

/** Lines that hold anything but white space. */
async function* filledLines(chunks: AsyncIterable<Uint8Array>, maxLine: number): AsyncIterable<StreamedLine> {
  let line = 1;
  let parts: Uint8Array[] = [];
  let length = 0;
  const take = (): StreamedLine | null => {
    if (length > maxLine) return { line, bytes: null };
    const bytes = Buffer.concat(parts);
    return isBlank(bytes) ? null : { line, bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, length) };
  };
  for await (const chunk of chunks) {
    let start = length === 0 ? skipBlank(chunk, 0) : 0;
    for (let at = chunk.indexOf(NEWLINE, start); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      keep(chunk.subarray(start, at));
      const taken = take();
      if (taken !== null) yield taken;
      parts = [];
      length = 0;
      line += 1;
      start = skipBlank(chunk, at + 1);
    }
    keep(chunk.subarray(start));
  }
  const last = take();
  if (last !== null) yield last;

  /** @returns where the first line begins that does not end as blank as it began: a file may be nothing but line ends. */
  function skipBlank(chunk: Uint8Array, from: number): number {
    let begin = from;
    for (let at = from; at < chunk.byteLength; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte === NEWLINE) {
        line += 1;
        begin = at + 1;
      } else if (!isWhite(byte)) break;
    }
    return begin;
  }

  function keep(part: Uint8Array): void {
    length += part.byteLength;
    if (length > maxLine) parts = [];
    else if (part.byteLength > 0) parts.push(new Uint8Array(part)); // a copy, as Buffer's slice() is not
  }
}

/** A line that begins an object and does not end one. */
function isOpen({ bytes }: StreamedLine): boolean {
  const last = bytes?.findLast((byte) => !isWhite(byte));
  return bytes?.find((byte) => !isWhite(byte)) === OPEN_BRACE && last !== CLOSE_BRACE;
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every(isWhite);
}

/** RFC 8259 section 2, without the line end. */
function isWhite(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

function tooMany(maxLines: number): TouchmarkError {
  return new TouchmarkError("EVIDENCE_TOO_LARGE", "the file has too many lines of evidence", {
    expected: `at most ${maxLines}`,
    actual: "more",
  });
}

function oneValue(maxLine: number): TouchmarkError {
  return new TouchmarkError("EVIDENCE_TOO_LARGE", "the evidence is too large to read", {
    expected: `at most ${maxLine} bytes in one value`,
    actual: "more",
  });
}
