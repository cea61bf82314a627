import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.ts";

const refused = expect.objectContaining({ code: "INPUT_INVALID", message: "x is not valid base64" });

test.each([
  ["", ""],
  ["f", "Zg=="],
  ["fo", "Zm8="],
  ["foo", "Zm9v"],
  ["foobar", "Zm9vYmFy"],
])("RFC 4648 section 10: %j", (text, encoded) => {
  expect(encodeBase64(new TextEncoder().encode(text))).toBe(encoded);
  expect(new TextDecoder().decode(decodeBase64(encoded, "x"))).toBe(text);
});

test("both alphabets are read, one is written", () => {
  const bytes = Uint8Array.of(0xfb, 0xff, 0xbf);
  expect(encodeBase64(bytes)).toBe("+/+/");
  expect(decodeBase64("-_-_", "x")).toEqual(bytes);
});

test.each([
  ["trailing bits in the last of two", "Zh=="],
  ["trailing bits in the last of three", "Zm9="],
  ["no padding", "Zg"],
  ["half the padding", "Zg="],
  ["too much padding", "Zm9v===="],
  ["padding in the middle", "Zg==Zg=="],
  ["a space", "Zm 9v"],
  ["a line end", "Zm9v\n"],
  ["one left-over character", "Zm9vZ"],
  ["another character", "Zm9*"],
  ["a full-width letter", "Ｚm9v"],
])("%s is refused", (_what, text) => {
  expect(() => decodeBase64(text, "x")).toThrow(refused);
});

describe("laws", () => {
  test("decode after encode gives the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        expect(decodeBase64(encodeBase64(bytes), "x")).toEqual(bytes);
      }),
    );
  });

  test("what is accepted is exactly what encoding the result gives", () => {
    const text = fc.string({ unit: fc.constantFrom(..."AQgwZz09+/-_= \n*"), maxLength: 12 });
    fc.assert(
      fc.property(text, (written) => {
        const standard = written.replaceAll("-", "+").replaceAll("_", "/");
        const bytes = Buffer.from(standard, "base64");
        if (encodeBase64(bytes) === standard) expect(decodeBase64(written, "x")).toEqual(new Uint8Array(bytes));
        else expect(() => decodeBase64(written, "x")).toThrow(refused);
      }),
      { numRuns: 1000 },
    );
  });
});

test("the result shares no memory with Buffer's pool", () => {
  expect(decodeBase64("Zm9v", "x").buffer.byteLength).toBe(3);
});

test("encoding takes the view, not the buffer below it", () => {
  expect(encodeBase64(new TextEncoder().encode("xfoox").subarray(1, 4))).toBe("Zm9v");
});
