import { fitting, joined, mutateBytes } from "./bytes.ts";
import type { Random } from "./random.ts";

/** One value of DER (X.690), open to lies about its length. */
interface Value {
  tag: number;
  /** Bytes before the values inside: the count of unused bits of a BIT STRING. */
  before: Uint8Array;
  /** The values inside, also those that an OCTET STRING or a BIT STRING wraps; null for one with content of its own. */
  inside: Value[] | null;
  content: Uint8Array;
  /** Written instead of the true length. */
  length: Uint8Array | null;
}

const NOTHING = new Uint8Array();

/** Of values in values that are taken apart; what lies deeper is content. */
const MAX_DEPTH = 64;

/** @returns null for bytes that are not one whole value of DER that holds others. */
export function mutateDer(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array | null {
  const values = valuesIn(bytes);
  const [root] = values ?? [];
  if (values?.length !== 1 || root === undefined || root.inside === null) return null;
  const all = withAllInside(root);
  const target = random.pick(all);
  change(target, random, all, others);
  return encoded(root);
}

function change(value: Value, random: Random, all: readonly Value[], others: readonly Uint8Array[]): void {
  const leaf = (content: Uint8Array) => Object.assign(value, { inside: null, before: NOTHING, content });
  const { inside } = value;
  switch (random.below(11)) {
    case 0:
      value.tag = random.pick([
        0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x1f, 0x30, 0x31, 0x80,
      ]);
      return;
    case 1:
      value.tag ^= 1 << random.below(8);
      return;
    case 2:
      value.length = Uint8Array.from(random.pick(LENGTHS));
      return;
    case 3: {
      const true_ = lengthOf(contentOf(value).byteLength);
      const last = true_.byteLength - 1;
      value.length = true_.with(last, ((true_[last] ?? 0) + random.pick([1, 255, 2, 254])) & 0xff);
      return;
    }
    case 4:
      leaf(random.pick(CONTENTS));
      return;
    case 5:
      leaf(mutateBytes(contentOf(value), random, others));
      return;
    case 6:
      // An INTEGER or the arc of an OID of some thousand digits.
      leaf(new Uint8Array(random.pick([9, 64, 4_000, 100_000])).fill(random.pick([0x7f, 0x80, 0xff])));
      return;
    case 7: {
      // Values in values: what reads them calls itself.
      const depth = random.pick([1, 2, 50, 1_000, 20_000]);
      leaf(nested(depth, contentOf(value), random.pick([0x30, 0x31, 0xa0, 0x24])));
      return;
    }
    case 8: {
      const copy = random.pick(all);
      Object.assign(value, valuesIn(encoded(copy))?.[0] ?? {});
      return;
    }
    case 9:
      if (inside !== null && inside.length > 0) inside.splice(random.below(inside.length), 1);
      else leaf(NOTHING);
      return;
    default: {
      if (inside === null || inside.length === 0) return void leaf(joined(value.content, value.content));
      const one = random.pick(inside);
      const count = fitting(random.pick([1, 1, 2, 300, 3_000]), encoded(one).byteLength);
      inside.splice(random.below(inside.length + 1), 0, ...Array<Value>(count).fill(one));
    }
  }
}

/** Indefinite, reserved, beyond every buffer, and longer than needed. */
const LENGTHS = [
  "80",
  "ff",
  "84ffffffff",
  "847fffffff",
  "88ffffffffffffffff",
  "8100",
  "820001",
  "00",
  "7f",
  "81ff",
].map((hex) => Buffer.from(hex, "hex"));

/** Empty, negative, times that are none, names of other lengths, text that two readers could read in two ways. */
const CONTENTS = [
  ...[
    "",
    "00",
    "80",
    "ff",
    "0000",
    "8001",
    "7fffffffffffffff",
    "efbbbf",
    "c080",
    "eda080",
    "2a8648ce3d",
    "ffffffff7f",
  ].map((hex) => Buffer.from(hex, "hex")),
  ...[
    "991332256099Z",
    "20261332256099Z",
    "20260115120000.999999999Z",
    "20260115120000+2500",
    "-0115120000Z",
    "a\0b",
  ].map((text) => Buffer.from(text, "latin1")),
].map((content) => new Uint8Array(content));

function nested(depth: number, content: Uint8Array, tag: number): Uint8Array {
  const heads: Uint8Array[] = [];
  let length = content.byteLength;
  for (let level = 0; level < depth; level += 1) {
    const head = joined(Uint8Array.of(tag), lengthOf(length));
    heads.push(head);
    length += head.byteLength;
  }
  return joined(...heads.reverse(), content);
}

function valuesIn(bytes: Uint8Array, depth = 0): Value[] | null {
  if (depth > MAX_DEPTH) return null;
  const values: Value[] = [];
  for (let at = 0; at < bytes.byteLength; ) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1];
    if (first === undefined || (tag & 0x1f) === 0x1f || first === 0x80 || first > 0x84) return null;
    const start = at + 2 + (first > 0x80 ? first & 0x7f : 0);
    const length = first < 0x80 ? first : bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
    if (start + length > bytes.byteLength) return null;
    values.push(valueWith(tag, bytes.subarray(start, start + length), depth));
    at = start + length;
  }
  return values;
}

function valueWith(tag: number, content: Uint8Array, depth: number): Value {
  const isWrapper = tag === 0x03 || tag === 0x04;
  const before = tag === 0x03 ? content.subarray(0, 1) : NOTHING;
  const isFull = content.byteLength > before.byteLength;
  const inside =
    (tag & 0x20) !== 0 || (isWrapper && isFull) ? valuesIn(content.subarray(before.byteLength), depth + 1) : null;
  return inside === null
    ? { tag, before: NOTHING, inside, content, length: null }
    : { tag, before, inside, content: NOTHING, length: null };
}

function withAllInside(value: Value): Value[] {
  return [value, ...(value.inside ?? []).flatMap(withAllInside)];
}

function contentOf({ before, inside, content }: Value): Uint8Array {
  return inside === null ? content : joined(before, ...inside.map(encoded));
}

function encoded(value: Value): Uint8Array {
  const content = contentOf(value);
  return joined(Uint8Array.of(value.tag), value.length ?? lengthOf(content.byteLength), content);
}

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return Uint8Array.of(0x80 | bytes.byteLength, ...bytes);
}
