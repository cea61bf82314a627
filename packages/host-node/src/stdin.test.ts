import { PassThrough, Readable } from "node:stream";
import { expect, it } from "vitest";
import { createStdin, type InputStream } from "./stdin.ts";

const { signal } = new AbortController();
const piped = (...chunks: (Uint8Array | string)[]) => Readable.from(chunks) as InputStream;

it("reads to the end, and a limit is the last that fits", async () => {
  const bytes = await createStdin(() => piped("ab", new Uint8Array([0xff])), signal).read(3);
  expect([...bytes]).toEqual([0x61, 0x62, 0xff]);
});

it("opens nothing until it is asked", async () => {
  let opened = 0;
  const stdin = createStdin(() => {
    opened += 1;
    return null;
  }, signal);
  expect(opened).toBe(0);
  await expect(stdin.read(1)).rejects.toMatchObject({ code: "INPUT_MISSING" });
  expect(opened).toBe(1);
});

it("refuses one byte more than the limit", async () => {
  await expect(createStdin(() => piped("ab", "cd"), signal).read(3)).rejects.toMatchObject({ code: "INPUT_TOO_LARGE" });
});

it("refuses to be read twice", async () => {
  const stdin = createStdin(() => piped("a"), signal);
  await stdin.read(1);
  await expect(stdin.read(1)).rejects.toMatchObject({ code: "USAGE" });
});

it("says of a broken pipe that it cannot be read", async () => {
  const broken = new Readable({ read: () => broken.destroy(Object.assign(new Error("gone"), { code: "EIO" })) });
  await expect(createStdin(() => broken as InputStream, signal).read(1)).rejects.toMatchObject({
    code: "FILE_UNREADABLE",
    actual: "EIO",
  });
});

it("stops waiting for a writer that never ends when it is interrupted", async () => {
  const controller = new AbortController();
  const endless = new PassThrough();
  const reading = createStdin(() => endless as InputStream, controller.signal).read(10);
  endless.write("a");
  controller.abort();
  await expect(reading).rejects.toMatchObject({ code: "ABORTED" });
  expect(endless.destroyed).toBe(true);
});
