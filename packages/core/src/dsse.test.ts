import fc from "fast-check";
import { expect, test } from "vitest";
import { preAuthEncoding } from "./dsse.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

test("the vector of the DSSE protocol", () => {
  // https://github.com/secure-systems-lab/dsse/blob/master/protocol.md#test-vectors
  const encoded = preAuthEncoding("http://example.com/HelloWorld", utf8("hello world"));
  expect(encoded).toEqual(utf8("DSSEv1 29 http://example.com/HelloWorld 11 hello world"));
});

test("lengths count bytes, and the payload stays as it is", () => {
  const encoded = preAuthEncoding("é", Uint8Array.of(0, 0xff, 0x0a));
  expect(encoded).toEqual(Uint8Array.of(...utf8("DSSEv1 2 é 3 "), 0, 0xff, 0x0a));
});

test("a lone surrogate has no encoding of its own", () => {
  expect(() => preAuthEncoding("a\ud800", utf8(""))).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
});

test("no two inputs have one encoding", () => {
  const type = fc.string({ unit: fc.constantFrom(..."ab 0123"), maxLength: 4 });
  const body = fc.string({ unit: fc.constantFrom(..."ab 0123"), maxLength: 4 });
  fc.assert(
    fc.property(type, body, type, body, (leftType, left, rightType, right) => {
      const same = leftType === rightType && left === right;
      const [one, other] = [preAuthEncoding(leftType, utf8(left)), preAuthEncoding(rightType, utf8(right))];
      expect(Buffer.from(one).equals(other)).toBe(same);
    }),
    { numRuns: 1000 },
  );
});
