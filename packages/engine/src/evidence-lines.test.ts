import { leastCpuMs } from "@touchmark/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evidenceLines } from "./evidence-lines.ts";

/** Chunks of `size` bytes in one buffer that is overwritten, as a host gives them. */
async function* chunksOf(text: string, size: number): AsyncIterable<Uint8Array> {
  const all = Buffer.from(text);
  const chunk = Buffer.alloc(size);
  for (let at = 0; at < all.length; at += size) {
    const count = all.copy(chunk, 0, at, at + size);
    yield chunk.subarray(0, count);
    chunk.fill("#");
  }
}

const LIMITS = { maxLine: 40, maxLines: 4 };

async function read(text: string, { size = 7, limits = LIMITS } = {}): Promise<readonly string[]> {
  const found: string[] = [];
  const lines: [number, Uint8Array | null][] = [];
  try {
    for await (const { line, bytes } of evidenceLines(chunksOf(text, size), limits)) lines.push([line, bytes]);
  } catch (error) {
    expect(error).toMatchObject({ code: "EVIDENCE_TOO_LARGE" });
    found.push("EVIDENCE_TOO_LARGE");
  }
  // Read at the end: nothing that was given may change when the next is asked for.
  const shown = lines.map(([line, bytes]) => `${line}:${bytes === null ? "too long" : Buffer.from(bytes).toString()}`);
  return [...shown, ...found];
}

describe("evidenceLines", () => {
  const long = "x".repeat(41);
  it.each([
    ["lines", '{"a":1}\n{"b":2}\n', ['1:{"a":1}', '2:{"b":2}']],
    ["no last line end", "{}\n{}", ["1:{}", "2:{}"]],
    ["blank lines, which are counted and no more", '\n \t\r\n{}\n\n\n\n\n\n{"b":2}\r\n\n', ["3:{}", '9:{"b":2}\r']],
    ["one line, which is one value", "\n{}\n\n", ["EVIDENCE_TOO_LARGE"]],
    ["nothing", "\n \n", []],
    ["a line of the largest length", `${"y".repeat(40)}\n{}`, [`1:${"y".repeat(40)}`, "2:{}"]],
    ["a long line spoils no other", `{}\n${long}\n{}\n`, ["1:{}", "2:too long", "3:{}"]],
    ["a long line at the end", `{}\n${long}`, ["1:{}", "2:too long"]],
    ["a first line that is too long is one value", `${long}\n{}\n`, ["EVIDENCE_TOO_LARGE"]],
    ["one value over several lines", '{\n  "a": 1\n}\n', ["EVIDENCE_TOO_LARGE"]],
    ["a first line that is cut", '{"a":\n{}\n', ['1:{"a":', "2:{}"]],
    ["a first line of garbage", "garbage\n{}\n", ["1:garbage", "2:{}"]],
    ["a broken second line", "{}\ngarbage\n", ["1:{}", "2:garbage"]],
    ["as many lines as are allowed", "{}\n\n{}\n{}\n{}\n\n", ["1:{}", "3:{}", "4:{}", "5:{}"]],
    ["one more", "{}\n{}\n{}\n{}\n{}\n", ["1:{}", "2:{}", "3:{}", "4:{}", "EVIDENCE_TOO_LARGE"]],
  ])("%s", async (_what, text, expected) => {
    for (const size of [1, 7, 1000]) expect(await read(text, { size })).toEqual(expected);
  });

  it("spends next to nothing on blank lines", async () => {
    const blank = "\r\n".repeat(4 * 1024 * 1024);
    const spent = await leastCpuMs(500, async () => {
      expect(await read(`${blank}{}\n{}`, { size: 1024 * 1024 })).toEqual(["4194305:{}", "4194306:{}"]);
    });
    expect(spent).toBeLessThan(500); // line by line: 2 s
  });

  it("gives the lines of the text, wherever its chunks end", async () => {
    const blank = fc.constantFrom("", "", " ", "\t\t");
    const line = fc
      .tuple(blank, fc.string({ maxLength: 30 }))
      .map(([white, text]) => `${white}{${text.replaceAll(/[\n\r]/g, "")}}`);
    const limits = { maxLine: 10_000, maxLines: 100 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 2, maxLength: 20 }),
        fc.integer({ min: 1, max: 50 }),
        async (lines, size) => {
          const expected = lines.map((text, at) => `${at + 1}:${text}`);
          expect(await read(lines.join("\n"), { size, limits })).toEqual(expected.map((text) => text.toWellFormed()));
        },
      ),
    );
  });
});
