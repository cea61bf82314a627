import { ASN1Obj, ASN1Tag } from "../sigstore-library.ts";
import { MAX_DER_DEPTH } from "./limits.ts";

/**
 * Reads DER into the same values as Sigstore's reader. That one makes a buffer for each byte of a head, which for the two dozen
 * encodings of one bundle takes longer than most of its signatures. Whatever is not as it should be is left to that one, which
 * says why.
 *
 * @param der - not changed by anybody any more: values are parts of it.
 * @throws Error of the library.
 */
export function readDer(der: Buffer<ArrayBuffer>): ASN1Obj {
  const found = read(der, 0, 0);
  return found !== null && found.end === der.byteLength ? found.value : ASN1Obj.parseBuffer(der);
}

interface Found {
  readonly value: ASN1Obj;
  /** The offset behind it. */
  readonly end: number;
}

/** @returns null where the library would throw. */
function read(der: Buffer, at: number, depth: number): Found | null {
  const first = der[at];
  const length = depth > MAX_DER_DEPTH ? null : lengthAt(der, at + 1);
  if (first === undefined || length === null || isNoTag(first)) return null;
  const start = at + 1 + length.octets;
  const end = start + length.value;
  if (end > der.byteLength) return null;
  const tag = tagOf(first);
  const subs = tag.constructed || first === OCTET_STRING ? readAll(der, start, end, depth + 1) : [];
  if (subs === null && tag.constructed) return null;
  // What an OCTET STRING holds need not be values.
  return { value: new ASN1Obj(tag, der.subarray(start, end), subs ?? []), end };
}

function readAll(der: Buffer, start: number, end: number, depth: number): ASN1Obj[] | null {
  const values: ASN1Obj[] = [];
  let at = start;
  while (at < end) {
    const found = read(der, at, depth);
    if (found === null) return null;
    values.push(found.value);
    at = found.end;
  }
  return at === end ? values : null;
}

/** X.690 section 8.1.3, in the fewest octets (10.1), at most six behind the first. */
function lengthAt(der: Buffer, at: number): { readonly value: number; readonly octets: number } | null {
  const first = der[at];
  if (first === undefined) return null;
  if (first < 0x80) return { value: first, octets: 1 };
  const more = first & 0x7f;
  if (more === 0 || more > 6 || at + more >= der.byteLength || der[at + 1] === 0) return null;
  const value = der.readUIntBE(at + 1, more);
  return value < 0x80 ? null : { value, octets: 1 + more };
}

/** Of several bytes, or the one that is reserved (X.690 section 8.1.2). */
function isNoTag(first: number): boolean {
  return (first & 0x1f) === 0x1f || (first & 0xdf) === 0;
}

function tagOf(first: number): ASN1Tag {
  const tag = TAGS.get(first) ?? Object.freeze(new ASN1Tag(first));
  TAGS.set(first, tag);
  return tag;
}

/** Each is made once. */
const TAGS = new Map<number, ASN1Tag>();
const OCTET_STRING = 0x04;
