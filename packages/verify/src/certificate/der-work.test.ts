import {
  fulcioExtension,
  fulcioLeaf,
  newTestKey,
  octets,
  sequence,
  testSigstore,
  tlv,
} from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { checkDerWork } from "./der-work.ts";
import { readLeaf } from "./leaf.ts";
import { MAX_DER_VALUES } from "./limits.ts";
import { readTimestamps } from "./timestamp-token.ts";

/** An OCTET STRING with the head of a SEQUENCE of 255 bytes, and nothing else: what follows is inside, and also behind. */
const OVERLAPPING = Buffer.from("04033081ff", "hex");
const overlapping = (count: number) => Buffer.concat([...Array<Buffer>(count).fill(OVERLAPPING), Buffer.alloc(255)]);

describe("refused before the library reads it", () => {
  // Each more doubles the time, and 14 are too many: 20 keep the library busy for seconds, 60 for years.
  it("a certificate with strings in which values overlap", () => {
    const more = [fulcioExtension(99, overlapping(14))];
    const { fulcio, ctLog } = testSigstore();
    const { der } = fulcioLeaf(fulcio, newTestKey(), new Date(0), { ctLogs: [ctLog], more });
    expect(() => readLeaf(der)).toThrow(
      expect.objectContaining({ code: "CERTIFICATE_INVALID", actual: "the encoding takes too long to read" }),
    );
  });

  it("a timestamp with such strings", () => {
    const inside = overlapping(14);
    const der = Buffer.concat([Buffer.from("3082", "hex"), Buffer.of(inside.length >> 8, inside.length & 255), inside]);
    expect(() => readTimestamps([{ signedTimestamp: der.toString("base64") }])).toThrow(
      expect.objectContaining({ code: "TIMESTAMP_INVALID", actual: "the encoding takes too long to read" }),
    );
  });
});

describe("counted", () => {
  const inside = (...values: readonly Uint8Array[]) => sequence(...values);
  const refusedWork = expect.objectContaining({
    code: "INPUT_TOO_LARGE",
    expected: `at most ${MAX_DER_VALUES} values`,
    actual: "more, or some that overlap",
  });
  const nothing = Uint8Array.of(5, 0);
  const times = (count: number, value: Uint8Array) =>
    new Uint8Array(Buffer.concat(Array<Uint8Array>(count).fill(value)));

  it("up to the limit, and not above it", () => {
    checkDerWork(inside(times(MAX_DER_VALUES - 1, nothing)));
    expect(() => checkDerWork(inside(times(MAX_DER_VALUES, nothing)))).toThrow(refusedWork);
  });

  it("inside strings and sequences, and not inside other values", () => {
    for (const tag of [0x04, 0x31, 0xa0]) {
      const wrapped = tlv(tag, times(MAX_DER_VALUES / 2, nothing));
      checkDerWork(inside(wrapped));
      expect(() => checkDerWork(inside(wrapped, wrapped))).toThrow(refusedWork);
    }
    const bits = tlv(0x03, times(MAX_DER_VALUES, nothing));
    checkDerWork(inside(bits, bits));
  });

  it("behind a string in which nothing can be read", () => {
    const opaque = octets(Uint8Array.of(0, 0));
    checkDerWork(inside(opaque, times(MAX_DER_VALUES - 3, nothing)));
    expect(() => checkDerWork(inside(opaque, times(MAX_DER_VALUES - 2, nothing)))).toThrow(refusedWork);
  });

  it.each([
    ["no tag", "00"],
    ["no tag, of several values", "2000"],
    ["a tag of several bytes", "1f"],
    ["a value longer than all", "0584ffffffff"],
    ["values longer than all", "3084ffffffff"],
    ["a length of seven bytes", "0587000000000000"],
    ["a value that reaches beyond what holds it", "30020505"],
  ])("up to what the library stops at: %s", (_, hex) => {
    checkDerWork(inside(Buffer.from(hex, "hex"), times(2 * MAX_DER_VALUES, nothing)));
  });

  it.each([
    ["a length that is indefinite", "0580"],
    ["a length with zeros before it", "0586000000000000"],
  ])("also behind what only the library knows to be wrong: %s", (_, hex) => {
    const odd = Buffer.from(hex, "hex");
    checkDerWork(inside(odd, times(MAX_DER_VALUES - 2, nothing)));
    expect(() => checkDerWork(inside(odd, times(MAX_DER_VALUES - 1, nothing)))).toThrow(refusedWork);
  });

  it("nothing where there is nothing, or nothing behind a tag", () => {
    checkDerWork(new Uint8Array());
    checkDerWork(Uint8Array.of(5));
  });

  it("as deep as the library reads", () => {
    const within = (depth: number) => {
      let value = inside(times(MAX_DER_VALUES, nothing));
      for (let level = 0; level < depth; level += 1) value = inside(value);
      return value;
    };
    expect(() => checkDerWork(within(99))).toThrow(refusedWork);
    checkDerWork(within(100));
  });
});
