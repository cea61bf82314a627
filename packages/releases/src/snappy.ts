/**
 * Unpacks one block of Snappy, whole in memory.
 * Source: https://github.com/google/snappy/blob/main/format_description.txt
 *
 * @param max - of the unpacked bytes, looked at before any of them is made. Unit: bytes.
 * @returns null for what is no such block, or a longer one.
 */
export function unpackSnappy(packed: Uint8Array, max: number): Uint8Array | null {
  const head = lengthOf(packed);
  if (head === null || head.length > max) return null;
  const whole = new Uint8Array(head.length);
  let at = head.next;
  let filled = 0;
  while (at < packed.byteLength) {
    const tag = packed[at] ?? 0;
    const element = (tag & 3) === 0 ? literal(packed, at, tag >> 2) : copy(packed, at, tag);
    if (element === null || filled + element.length > whole.byteLength) return null;
    if (element.kind === "literal") {
      whole.set(packed.subarray(element.from, element.from + element.length), filled);
    } else {
      if (element.offset === 0 || element.offset > filled) return null;
      // Byte by byte: a copy may reach into what it makes, to repeat it.
      for (let index = filled; index < filled + element.length; index += 1) {
        whole[index] = whole[index - element.offset] ?? 0;
      }
    }
    filled += element.length;
    at = element.next;
  }
  return filled === whole.byteLength ? whole : null;
}

type Element =
  | { readonly kind: "literal"; readonly from: number; readonly length: number; readonly next: number }
  | { readonly kind: "copy"; readonly offset: number; readonly length: number; readonly next: number };

/** Section 1: the unpacked length, 7 bits a byte, the lowest first; at most 2^32 - 1. */
function lengthOf(packed: Uint8Array): { readonly length: number; readonly next: number } | null {
  let length = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = packed[index];
    if (byte === undefined) return null;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return length < 2 ** 32 ? { length, next: index + 1 } : null;
  }
  return null;
}

/** Section 2.1: lengths up to 60 stand in the tag, others in 1 to 4 bytes after it. */
function literal(packed: Uint8Array, at: number, short: number): Element | null {
  const extra = Math.max(0, short - 59);
  const long = little(packed, at + 1, extra);
  if (long === null) return null;
  const length = (extra === 0 ? short : long) + 1;
  const from = at + 1 + extra;
  return from + length > packed.byteLength ? null : { kind: "literal", from, length, next: from + length };
}

/** Section 2.2: with an offset of 11, 16 or 32 bits. */
function copy(packed: Uint8Array, at: number, tag: number): Element | null {
  const bytes = [0, 1, 2, 4][tag & 3] ?? 0;
  const low = little(packed, at + 1, bytes);
  if (low === null) return null;
  const next = at + 1 + bytes;
  if (bytes === 1) return { kind: "copy", offset: ((tag >> 5) << 8) + low, length: ((tag >> 2) & 7) + 4, next };
  return { kind: "copy", offset: low, length: (tag >> 2) + 1, next };
}

/** An unsigned number, the lowest byte first; null where the bytes end before. */
function little(bytes: Uint8Array, from: number, count: number): number | null {
  if (from + count > bytes.byteLength) return null;
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += (bytes[from + index] ?? 0) * 2 ** (8 * index);
  return sum;
}
