import type { ASN1Obj } from "../sigstore-library.ts";

/**
 * Encodes what was read, into the same bytes as the library's `toDER`. That one makes two buffers of 1 KiB for each value and
 * copies it through every level above, which for the certificates of one bundle takes longer than their signatures.
 */
export function encodeDer(value: ASN1Obj): Buffer {
  const parts: Uint8Array[] = [];
  const length = collect(value, parts);
  return Buffer.concat(parts, length);
}

/** Adds the parts of a value, in their order. @returns how many bytes they have together. */
function collect({ tag, value, subs }: ASN1Obj, parts: Uint8Array[]): number {
  const place = parts.length;
  parts.push(value); // the head, once the length is known
  let length = 0;
  if (subs.length === 0) {
    parts.push(value);
    length = value.byteLength;
  }
  for (const sub of subs) length += collect(sub, parts);
  const head = Buffer.from([tag.toDER(), ...lengthOctets(length)]);
  parts[place] = head;
  return head.byteLength + length;
}

/** X.690 section 8.1.3, in the fewest octets (10.1). */
function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 0x100)) octets.unshift(rest % 0x100);
  return [0x80 | octets.length, ...octets];
}
