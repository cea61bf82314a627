import { fulcioLeaf, newTestKey, tlv } from "@touchmark/testkit/sigstore";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sigstore } from "../../test/certificate-cases.ts";
import { ASN1Obj } from "../sigstore-library.ts";
import { readDer } from "./read-der.ts";

interface Shown {
  readonly tag: number;
  readonly value: string;
  readonly subs: readonly Shown[];
}

function shown({ tag, value, subs }: ASN1Obj): Shown {
  return { tag: tag.toDER(), value: value.toString("hex"), subs: subs.map(shown) };
}

/** What a reader finds, or what it says. */
function outcome(read: (der: Buffer<ArrayBuffer>) => ASN1Obj, der: Uint8Array): Shown | string {
  try {
    return shown(read(Buffer.from(der)));
  } catch (error) {
    return (error as Error).message;
  }
}

function expectAsLibrary(der: Uint8Array): void {
  expect(outcome(readDer, der)).toEqual(outcome((bytes) => ASN1Obj.parseBuffer(bytes), der));
}

const joined = (parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** Values and values in values, some of them in strings. */
const { value } = fc.letrec<{ value: Uint8Array }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc
      .tuple(fc.constantFrom(0x02, 0x04, 0x06, 0x0c, 0x24, 0x80), fc.uint8Array({ maxLength: 300, size: "max" }))
      .map(([tag, content]) => tlv(tag, content)),
    fc
      .tuple(fc.constantFrom(0x30, 0x31, 0xa0, 0x04), fc.array(tie("value"), { maxLength: 4 }))
      .map(([tag, parts]) => tlv(tag, joined(parts))),
  ),
}));

const { der: leaf } = fulcioLeaf(sigstore.fulcio, newTestKey(), new Date(0), { ctLogs: [sigstore.ctLog] });

describe("reads as the library does, and refuses what it refuses", () => {
  it("values in values", () => {
    fc.assert(fc.property(value, expectAsLibrary));
  });

  it("any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), expectAsLibrary), { numRuns: 2_000 });
  });

  it("a certificate with a byte that is another", () => {
    const change = fc.tuple(fc.nat({ max: leaf.byteLength - 1 }), fc.nat({ max: 255 }));
    const changed = change.map(([at, byte]) => leaf.with(at, byte));
    fc.assert(fc.property(changed, expectAsLibrary), { numRuns: 1_000 });
  });

  it("a certificate, cut or with more behind it", () => {
    expectAsLibrary(leaf);
    expectAsLibrary(joined([leaf, Uint8Array.of(5, 0)]));
    for (const length of [0, 1, 2, 3, 4, 100, leaf.byteLength - 1]) expectAsLibrary(leaf.subarray(0, length));
  });

  it.each([
    ["no tag", "0000"],
    ["no tag, of several values", "2000"],
    ["a tag 0 of a class of its own", "8000"],
    ["a tag of several bytes", "1f0100"],
    ["a length that is not known", "308005000000"],
    ["a length of zero in two octets", "048100"],
    ["a length in more octets than it needs", "04810141"],
    ["a length with a zero in front", "04820001"],
    ["a length of seven octets", "048700000000000001"],
    ["a length of six octets, beyond the end", "0486010000000000"],
    ["a length that is cut", "0482"],
    ["a value beyond what holds it", "3003040241"],
    ["a string with a value beyond its end", "30060403300205000500"],
    ["a string with values and a rest", "0403050000"],
  ])("%s", (_, hex) => {
    expectAsLibrary(Buffer.from(hex, "hex"));
  });

  it.each([99, 100, 101, 102])("%i levels, in sequences and in strings", (levels) => {
    for (const tag of [0x30, 0x04]) {
      let der: Uint8Array = Uint8Array.of(5, 0);
      for (let level = 0; level < levels; level += 1) der = tlv(tag, der);
      expectAsLibrary(der);
    }
  });
});
