import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CHUNK_BYTES,
  createRing,
  createRingHash,
  type FilledChunk,
  type HashSink,
  hashElsewhere,
  hashHere,
} from "./chunk-ring.mjs";

/** Hands over chunks of these lengths, each filled with another byte. */
function digestOf(sink: HashSink, lengths: readonly number[]): string {
  let chunk = sink.first;
  for (const [index, length] of lengths.entries()) {
    chunk.fill(index + 1, 0, length);
    chunk = sink.hand(length);
  }
  return sink.digest();
}

function expected(lengths: readonly number[]): string {
  const whole = createHash("sha256");
  for (const [index, length] of lengths.entries()) whole.update(Buffer.alloc(length, index + 1));
  return whole.digest("hex");
}

describe.each([
  ["in one thread", hashHere],
  [
    "through a ring",
    () => {
      const ring = createRing();
      return hashElsewhere(ring, createRingHash(ring));
    },
  ],
])("what is hashed %s", (_how, sink) => {
  it("is what was handed over, in its order", () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 12 });
    const property = fc.property(lengths, (some) => {
      expect(digestOf(sink(), some)).toBe(expected(some));
    });
    fc.assert(property);
    const full = [CHUNK_BYTES, 1, CHUNK_BYTES];
    expect(digestOf(sink(), full)).toBe(expected(full));
  });
});

it("a ring can be used again", () => {
  const ring = createRing();
  for (const lengths of [[1, 2, 3, 4, 5], [7], []]) {
    expect(digestOf(hashElsewhere(ring, createRingHash(ring)), lengths)).toBe(expected(lengths));
  }
});

it("a thread that fills faster than the other hashes waits, and overwrites nothing", async () => {
  const ring = createRing();
  const lengths = [10, 20, 30, 40, 50, 60, 70, 80, 90];
  const filling = `
    const { parentPort, workerData: { ring, lengths, module } } = require("node:worker_threads");
    import(module).then(({ hashElsewhere }) => {
      const sink = hashElsewhere(ring, (filled) => parentPort.postMessage(filled));
      let chunk = sink.first;
      lengths.forEach((length, index) => { chunk.fill(index + 1, 0, length); chunk = sink.hand(length); });
      parentPort.postMessage({ digest: sink.digest() });
    });`;
  const module = new URL("./chunk-ring.mjs", import.meta.url).href;
  const worker = new Worker(filling, { eval: true, execArgv: [], workerData: { ring, lengths, module } });
  const hash = createRingHash(ring);
  const told: FilledChunk[] = [];
  let most = 0;
  const slowly = setInterval(() => {
    most = Math.max(most, told.length);
    const next = told.shift();
    if (next !== undefined) hash(next);
  }, 5);
  const digest = await new Promise((resolve, reject) => {
    worker.on("error", reject).on("message", (message) => {
      if ("digest" in message) resolve(message.digest);
      else told.push(message);
    });
  });
  clearInterval(slowly);
  await worker.terminate();
  expect(digest).toBe(expected(lengths));
  expect(most).toBe(4);
});
