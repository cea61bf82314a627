import { MAX_DER_DEPTH, MAX_DER_VALUES } from "./limits.ts";
import { refused } from "./refused.ts";

/**
 * Counts what Sigstore's DER reader will do with these bytes, before it does it. That one tries whether an OCTET STRING
 * holds values, and lets such a value reach beyond the end of its string: what follows is read twice, and each further
 * string of that kind doubles it. A certificate of 500 bytes would keep it busy for years.
 *
 * @throws TouchmarkError `INPUT_TOO_LARGE` above {@link MAX_DER_VALUES} values; whether the bytes are DER is for the reader
 * to say.
 */
export function checkDerWork(der: Uint8Array): void {
  let values = 0;

  /** @returns the offset behind the value, null where the reader would throw. */
  function read(at: number, depth: number): number | null {
    values += 1;
    if (values > MAX_DER_VALUES) {
      throw refused("INPUT_TOO_LARGE", "the encoding takes too long to read", {
        expected: `at most ${MAX_DER_VALUES} values`,
        actual: "more, or some that overlap",
      });
    }
    const tag = der[at];
    const content = contentAt(der, at + 1);
    if (depth > MAX_DER_DEPTH || tag === undefined || tag === 0 || tag === 0x20 || (tag & 0x1f) === 0x1f) return null;
    if (content === null) return null;
    const { start, end } = content;
    if ((tag & 0x20) !== 0) return readAll(start, end, depth);
    if (tag === OCTET_STRING) readAll(start, end, depth);
    return end;
  }

  function readAll(start: number, end: number, depth: number): number | null {
    let at: number | null = start;
    while (at !== null && at < end) at = read(at, depth + 1);
    return at === end ? end : null;
  }

  read(0, 0);
}

/** X.690 section 8.1.3, with lengths that the reader refuses among them: they add to the count. Null where bytes are missing. */
function contentAt(der: Uint8Array, at: number): { readonly start: number; readonly end: number } | null {
  const first = der[at];
  if (first === undefined) return null;
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (more > 6) return null;
  let length = first < 0x80 ? first : 0;
  for (let index = 1; index <= more; index += 1) length = length * 256 + (der[at + index] ?? 0);
  const start = at + 1 + more;
  return start + length <= der.byteLength ? { start, end: start + length } : null;
}

const OCTET_STRING = 0x04;
