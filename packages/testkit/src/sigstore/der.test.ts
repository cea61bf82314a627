import { describe, expect, it } from "vitest";
import { type Der, integer, oid, paddedTlv, partsOf, sequence, setOf, tlv, utf8 } from "./index.ts";

const hex = (der: Der) => Buffer.from(der).toString("hex");

describe("what X.690 gives as examples, or says", () => {
  it.each<[string, Der, string]>([
    ["a positive integer never looks negative", integer(128), "02020080"],
    ["zero has a byte", integer(0), "020100"],
    ["the largest of a byte", integer(127), "02017f"],
    ["a long number", integer(2n ** 64n), "0209010000000000000000"],
    ["an object identifier (8.19.5)", oid("2.999.3"), "0603883703"],
    ["one of Sigstore's", oid("1.3.6.1.4.1.57264.1.8"), "060a2b0601040183bf300108"],
    ["an arc of more than 32 bits", oid("1.3.4294967297"), "06062b9080808001"],
    ["the length of 128 bytes", tlv(4, new Uint8Array(128)).subarray(0, 3), "048180"],
    ["the length of 256 bytes", tlv(4, new Uint8Array(256)).subarray(0, 4), "04820100"],
    ["the order of a set", setOf(integer(2), integer(1)), "3106020101020102"],
  ])("%s", (_, der, expected) => {
    expect(hex(der)).toBe(expected);
  });

  it("parts are found again, long ones too", () => {
    const parts = [integer(1), utf8("x".repeat(300)), sequence(oid("2.5.4.3"))];
    expect(partsOf(sequence(...parts)).map(hex)).toEqual(parts.map(hex));
  });
});

it("what DER forbids is written when it is asked for: a length with a zero before it", () => {
  expect(hex(paddedTlv(4, new Uint8Array(1)))).toBe("0482000100");
  expect(hex(paddedTlv(4, new Uint8Array(200)).subarray(0, 4))).toBe("048200c8");
});
