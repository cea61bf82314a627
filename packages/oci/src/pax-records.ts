import { unlike } from "./tar-header.ts";

/** What the header before an entry says of it instead of the entry's own. */
export interface PaxRecords {
  readonly path: string | null;
  /** Unit: bytes. */
  readonly size: number | null;
}

/**
 * Reads `LENGTH KEY=VALUE` lines: POSIX.1-2017, pax Extended Header. Keys of no use here (times, owners) are passed over.
 *
 * @throws TouchmarkError `IMAGE_MALFORMED` for what is none, a key that stands there twice, an empty path or size, and for
 * GNU's sparse files, whose name and content only some readers see.
 */
export function parsePaxRecords(bytes: Uint8Array, label: string): PaxRecords {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.byteLength; ) {
    const length = lengthAt(bytes, at, label);
    const line = new TextDecoder().decode(bytes.subarray(at, at + length));
    const [, key, value] = /^\d+ ([^=]+)=(.*)\n$/s.exec(line) ?? [];
    if (key === undefined || value === undefined || records.has(key)) throw unlike(label, EXPECTED, "another line");
    if (key.startsWith("GNU.sparse.")) throw unlike(label, "files that are not sparse", key.slice(0, 80));
    records.set(key, value);
    at += length;
  }
  const [path = null, size = null] = [records.get("path"), records.get("size")];
  if (path !== null && (path === "" || path.includes("\0")))
    throw unlike(label, "a path", JSON.stringify(path.slice(0, 200)));
  if (size !== null && !/^\d{1,15}$/.test(size))
    throw unlike(label, "a size in digits", JSON.stringify(size.slice(0, 80)));
  return { path, size: size === null ? null : Number(size) };
}

const EXPECTED = "lines of LENGTH KEY=VALUE in a header, no key twice";

/** Counts itself and the line end. */
function lengthAt(bytes: Uint8Array, at: number, label: string): number {
  const digits = /^([1-9]\d{0,6}) /.exec(new TextDecoder("latin1").decode(bytes.subarray(at, at + 8)))?.[1];
  const length = Number(digits ?? "0");
  if (length > 0 && at + length <= bytes.byteLength) return length;
  throw unlike(label, EXPECTED, "another length");
}
