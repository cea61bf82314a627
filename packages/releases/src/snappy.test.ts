import { readFileSync } from "node:fs";
import { leastCpuMs } from "@touchmark/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unpackSnappy } from "./snappy.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
const MAX = 1024 * 1024;

describe("a packed block", () => {
  it("of another program is unpacked", () => {
    const found = Buffer.from(unpackSnappy(fixture("bundle.json.sn"), MAX) ?? []);
    expect(found.equals(fixture("bundle.json"))).toBe(true);
  });

  it("may be empty, and one literal of any length", () => {
    expect(unpackSnappy(new Uint8Array([0]), MAX)).toEqual(new Uint8Array());
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const length = bytes.byteLength;
        const head = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7];
        const tag = length <= 60 ? [(length - 1) << 2] : [61 << 2, (length - 1) & 0xff, (length - 1) >> 8];
        expect(unpackSnappy(new Uint8Array([...head, ...tag, ...bytes]), MAX)).toEqual(bytes);
      }),
    );
  });

  it("may repeat what it makes", () => {
    expect(unpackSnappy(new Uint8Array([9, 0, 97, 0b0001_0001, 1]), MAX)).toEqual(
      new TextEncoder().encode("aaaaaaaaa"),
    );
  });
});

describe("is no block", () => {
  it.each([
    ["nothing", []],
    ["a length without an end", [0x80, 0x80, 0x80, 0x80, 0x80, 1]],
    ["a length above 32 bits", [0xff, 0xff, 0xff, 0xff, 0x1f]],
    ["less than it says", [2, 0, 97]],
    ["more than it says", [1, 4, 97, 98]],
    ["a literal that ends early", [3, 8, 97]],
    ["a literal whose length ends early", [3, 61 << 2, 1]],
    ["a copy of nothing", [5, 0, 97, 1, 0]],
    ["a copy from before the start", [5, 0, 97, 1, 2]],
    ["a copy whose offset ends early", [5, 0, 97, 2, 1]],
  ])("%s", (_, bytes) => {
    expect(unpackSnappy(new Uint8Array(bytes), MAX)).toBeNull();
  });

  it("what is longer than wanted, before it is made", () => {
    expect(unpackSnappy(fixture("bundle.json.sn"), 1_000)).toBeNull();
    expect(unpackSnappy(new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x0f]), MAX)).toBeNull();
  });

  it("nor takes any bytes long", async () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(unpackSnappy(bytes, MAX)?.byteLength ?? 0).toBeLessThanOrEqual(MAX);
      }),
    );
    const copies = new Uint8Array(64 * 1024).fill(0xfe);
    copies.set([0x80, 0x80, 0x40, 0, 97]);
    expect(await leastCpuMs(100, () => unpackSnappy(copies, MAX))).toBeLessThan(100);
  });
});
