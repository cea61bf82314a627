// A writer of DER (X.690), which also writes what DER forbids when a test asks for it.

/** One encoded value: tag, length, content. */
export type Der = Uint8Array;

/** Tag numbers of X.690, section 8, as they stand in the first byte. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const;

export function tlv(tag: number, ...content: readonly Uint8Array[]): Der {
  const body = concat(...content);
  return concat(Uint8Array.of(tag), lengthOf(body.length), body);
}

/** Not DER: the length takes one byte more than it needs. */
export function paddedTlv(tag: number, ...content: readonly Uint8Array[]): Der {
  const body = concat(...content);
  const length = body.length < 0x80 ? Uint8Array.of(body.length) : lengthOf(body.length).subarray(1);
  return concat(Uint8Array.of(tag, 0x80 | (length.length + 1), 0), length, body);
}

export function sequence(...parts: readonly Der[]): Der {
  return tlv(TAG.sequence, ...parts);
}

/** SET OF: DER sorts by encoding (X.690, 11.6). */
export function setOf(...parts: readonly Der[]): Der {
  return tlv(TAG.set, ...[...parts].sort(Buffer.compare));
}

/** `[number]`, around whole values: EXPLICIT, or IMPLICIT of a sequence or set. */
export function context(number: number, ...parts: readonly Der[]): Der {
  return tlv(0xa0 | number, ...parts);
}

/** `[number] IMPLICIT` of a string. */
export function contextString(number: number, content: Uint8Array): Der {
  return tlv(0x80 | number, content);
}

export function boolean(value: boolean): Der {
  return tlv(TAG.boolean, Uint8Array.of(value ? 0xff : 0));
}

export function integer(value: number | bigint): Der {
  let hex = BigInt(value).toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  const bytes = Buffer.from(hex, "hex");
  return tlv(TAG.integer, (bytes[0] ?? 0) > 0x7f ? concat(Uint8Array.of(0), bytes) : bytes);
}

/** Dotted text; an arc may have any size. */
export function oid(text: string): Der {
  const [first = 0n, second = 0n, ...rest] = text.split(".").map(BigInt);
  return tlv(TAG.oid, ...[first * 40n + second, ...rest].map(base128));
}

export function octets(...content: readonly Uint8Array[]): Der {
  return tlv(TAG.octetString, ...content);
}

/** Whole bytes, so that no bit is unused. */
export function bits(content: Uint8Array): Der {
  return tlv(TAG.bitString, Uint8Array.of(0), content);
}

export function utf8(text: string): Der {
  return tlv(TAG.utf8String, ascii(text));
}

export function nothing(): Der {
  return tlv(TAG.null);
}

/** RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050. */
export function validityTime(time: Date): Der {
  return time.getUTCFullYear() < 2050 ? tlv(TAG.utcTime, ascii(digits(time).slice(2))) : generalizedTime(time);
}

/** Whole seconds. */
export function generalizedTime(time: Date): Der {
  return tlv(TAG.generalizedTime, ascii(digits(time)));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function digits(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace(/[-:T]/g, "")}Z`;
}

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

function base128(arc: bigint): Uint8Array {
  const bytes = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) bytes.unshift(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from(bytes);
}
