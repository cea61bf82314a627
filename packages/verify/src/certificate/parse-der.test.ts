import { octets, oid, sequence, tlv } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { MAX_DER_NUMBER_BYTES } from "./limits.ts";
import { parseDer } from "./parse-der.ts";

const bytes = (count: number) => new Uint8Array(count).fill(1);
const INTEGER = 0x02;
const OID = 0x06;

it("reads values and what they hold", () => {
  const { tag, subs } = parseDer(sequence(oid("1.2.3"), octets(bytes(2))));
  expect(tag.number).toBe(0x10);
  expect(subs.map((sub) => sub.toDER().toString("hex"))).toEqual(["06022a03", "04020101"]);
});

describe("a number", () => {
  it.each([
    ["an INTEGER", INTEGER],
    ["an object identifier", OID],
  ])("has its length and no more: %s", (_, tag) => {
    const [longest, longer] = [tlv(tag, bytes(MAX_DER_NUMBER_BYTES)), tlv(tag, bytes(MAX_DER_NUMBER_BYTES + 1))];
    const tooLong = new RangeError(`a number of ${MAX_DER_NUMBER_BYTES + 1} bytes, at most ${MAX_DER_NUMBER_BYTES}`);
    expect(parseDer(sequence(longest, sequence(longest))).subs).toHaveLength(2);
    expect(() => parseDer(longer)).toThrow(tooLong);
    expect(() => parseDer(sequence(longest, sequence(octets(longer))))).toThrow(tooLong);
  });

  it.each([
    ["bytes", 0x04],
    ["a tag of its own", 0x82],
  ])("is not %s", (_, tag) => {
    expect(parseDer(tlv(tag, bytes(MAX_DER_NUMBER_BYTES + 1))).value).toHaveLength(MAX_DER_NUMBER_BYTES + 1);
  });
});

it("takes no longer than the library may take", () => {
  const overlapping = Buffer.concat([...Array<Buffer>(14).fill(Buffer.from("04033081ff", "hex")), Buffer.alloc(255)]);
  expect(() => parseDer(sequence(overlapping))).toThrow(expect.objectContaining({ code: "INPUT_TOO_LARGE" }));
});
