import type { Der } from "./der.ts";

/** The values inside a constructed one, each with its own tag and length. For DER that this package or OpenSSL wrote. */
export function partsOf(value: Der): Der[] {
  const parts: Der[] = [];
  for (let offset = contentOf(value).start; offset < value.length; ) {
    const rest = value.subarray(offset);
    const { end } = contentOf(rest);
    parts.push(rest.subarray(0, end));
    offset += end;
  }
  return parts;
}

export function contentOf(value: Der): { readonly start: number; readonly end: number } {
  const first = value[1] ?? 0;
  if (first < 0x80) return { start: 2, end: 2 + first };
  const start = 2 + (first & 0x7f);
  return { start, end: start + value.subarray(2, start).reduce((length, byte) => length * 256 + byte, 0) };
}
