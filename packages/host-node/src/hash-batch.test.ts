import { createHash } from "node:crypto";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Batch, createControl, createLane, createTaken, progressOf, stop } from "./hash-batch.mjs";

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "batch-")));
});
afterEach(() => rmSync(folder, { recursive: true }));

const EVERYTHING = { files: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

/** Files with these contents, named by their place. */
function batchOf(contents: readonly string[], largeFrom = 1_000): Batch {
  const paths = contents.map((text, index) => {
    writeFileSync(join(folder, `f${index}`), text);
    return join(folder, `f${index}`);
  });
  return { paths, algorithms: ["sha256"], roots: [folder], largeFrom, taken: createTaken() };
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

it("gives each file to one of the threads that share them", () => {
  const contents = ["a", "b", "c", "d", "e"];
  const batch = batchOf(contents);
  const control = createControl();
  const [one, other] = [createLane(batch, control), createLane(batch, control)];
  const turns = [one.work({ files: 2, bytes: 1_000 }), other.work(EVERYTHING), one.work(EVERYTHING)];
  const digests = (...indexes: number[]) => ({
    kind: "hashed",
    indexes,
    digests: indexes.map((index) => sha256(contents[index] ?? "")),
    large: [],
  });
  expect(turns).toEqual([digests(0, 1), digests(2, 3, 4), digests()]);
  expect(progressOf(control)).toEqual({ files: 5, bytes: 5 });
  one.close();
  other.close();
});

it("ends a turn after enough bytes", () => {
  const lane = createLane(batchOf(["12", "34", "56"]), createControl());
  expect(lane.work({ files: 3, bytes: 3 })).toMatchObject({ indexes: [0, 1] });
  lane.close();
});

it("sets large files aside, with their sizes, and counts them as not done", () => {
  const control = createControl();
  const lane = createLane(batchOf(["123", "1234", "12345"], 4), control);
  const large = [
    { index: 1, size: 4 },
    { index: 2, size: 5 },
  ];
  expect(lane.work(EVERYTHING)).toEqual({ kind: "hashed", indexes: [0], digests: [sha256("123")], large });
  expect(progressOf(control)).toEqual({ files: 1, bytes: 3 });
  lane.close();
});

it("says which file was refused, and starts none after a stop", () => {
  const batch = batchOf(["a", "b"]);
  rmSync(join(folder, "f1"));
  const lane = createLane(batch, createControl());
  expect(lane.work(EVERYTHING)).toMatchObject({ kind: "refused", index: 1, reason: "missing" });
  lane.close();

  const control = createControl();
  stop(control);
  const stopped = createLane(batchOf(["a"]), control);
  expect(stopped.work(EVERYTHING)).toMatchObject({ kind: "refused", index: 0, reason: "aborted" });
  stopped.close();
});
