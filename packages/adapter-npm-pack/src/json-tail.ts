const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Where the JSON object or array starts that ends a tool's output; lifecycle scripts print before it.
 *
 * Goes backwards from the last bracket to the one that opens it, in one pass: inside JSON a quote that is not escaped
 * opens or closes a text, in both directions, so that nothing before the start is looked at and no noise can move it.
 *
 * A value that stands inside of another one is refused: where the output was cut off, its last whole member would
 * otherwise pass for the list. Tools start at the first column, and indent what is inside.
 *
 * @returns null when the output does not end with an object or array of its own. The bytes are not proved to be JSON.
 */
export function findJsonTail(bytes: Uint8Array): number | null {
  const end = lastNonSpace(bytes, bytes.length - 1);
  if (!isCloser(bytes[end])) return null;
  let depth = 0;
  for (let at = end; at >= 0; at -= 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = openingQuote(bytes, at);
    } else if (isCloser(byte)) {
      depth += 1;
    } else if (isOpener(byte)) {
      depth -= 1;
      if (depth === 0) return isNested(bytes, at) ? null : at;
    }
  }
  return null;
}

/** The quote that opens the text which the one at `closing` ends; -1 when there is none. */
function openingQuote(bytes: Uint8Array, closing: number): number {
  let at = closing - 1;
  while (at >= 0 && !(bytes[at] === QUOTE && !isEscaped(bytes, at))) at -= 1;
  return at;
}

function isEscaped(bytes: Uint8Array, at: number): boolean {
  let backslashes = 0;
  while (bytes[at - 1 - backslashes] === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

/** True for a value that an outer one was begun around. */
function isNested(bytes: Uint8Array, start: number): boolean {
  const before = lastNonSpace(bytes, start - 1);
  if (before < 0) return false;
  const isFirstColumn = bytes[start - 1] === NEWLINE;
  // A list that goes on after a comma or a bracket is no noise; "Packing:" and a new line is.
  if (bytes[before] === COMMA || bytes[before] === 0x5b) return true;
  if (bytes[before] === COLON) return !isFirstColumn;
  return !isFirstColumn && before < bytes.lastIndexOf(NEWLINE, start - 1); // indented
}

function lastNonSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at >= 0 && [0x20, 0x09, 0x0a, 0x0d].includes(bytes[at] ?? 0)) at -= 1;
  return at;
}

function isOpener(byte: number | undefined): boolean {
  return byte === 0x5b || byte === 0x7b;
}

function isCloser(byte: number | undefined): boolean {
  return byte === 0x5d || byte === 0x7d;
}
