import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createControl, createTaken, isUntouched, progressOf, stop } from "./hash-batch.mjs";
import { createHashPool, type HashPool } from "./hash-pool.ts";
import { createTreeControl } from "./hash-tree.mjs";
import { NAR_CLOSE, NAR_MAGIC, narFile, narPadding } from "./nar-frames.mjs";

let folder: string;
let pool: HashPool;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pool-"));
  pool = createHashPool(1);
});
afterEach(async () => {
  await pool.close();
  rmSync(folder, { recursive: true });
});

function batchOf(size: number, algorithms: readonly string[] = ["md5"]) {
  const path = join(folder, randomUUID());
  writeFileSync(path, "");
  truncateSync(path, size);
  return { paths: [path], algorithms, roots: [folder], largeFrom: Number.POSITIVE_INFINITY, taken: createTaken() };
}

it("makes those wait for whom no thread is free, and counts what was done", async () => {
  const control = createControl();
  const results = await Promise.all([1, 2, 3].map(() => pool.run(batchOf(1_000_000), control)));
  expect(new Set(results.map((result) => result.kind))).toEqual(new Set(["hashed"]));
  expect(progressOf(control)).toEqual({ files: 3, bytes: 3_000_000 });
});

it("stops in the middle of a file when told to", async () => {
  const control = createControl();
  const running = pool.run(batchOf(2 ** 32), control);
  await new Promise((resolve) => setTimeout(resolve, 100));
  stop(control);
  expect(await running).toMatchObject({ kind: "refused", reason: "aborted" });
  expect(progressOf(control).bytes).toBeLessThan(2 ** 32);
});

it("refuses those who wait when it is closed, and whoever comes later", async () => {
  const running = pool.run(batchOf(2 ** 32), createControl());
  const waiting = pool.run(batchOf(1), createControl());
  const all = Promise.all([
    expect(running).rejects.toMatchObject({ code: "ABORTED" }),
    expect(waiting).rejects.toMatchObject({ code: "ABORTED" }),
  ]);
  await pool.close();
  await all;
  await expect(pool.run(batchOf(1), createControl())).rejects.toMatchObject({ code: "ABORTED" });
});

it("says when a thread dies, and starts another for the next", async () => {
  const broken = { ...batchOf(1), paths: null as unknown as readonly string[] };
  const [first, second] = [pool.run(broken, createControl()), pool.run(batchOf(1), createControl())];
  await expect(first).rejects.toMatchObject({ code: "INTERNAL" });
  expect(await second).toMatchObject({ kind: "hashed" });
});

describe("trees", () => {
  const MIB = 2 ** 20;
  const treeOf = (root: string) => ({ root, files: false, maxEntries: 10 });
  /** A file above one chunk, so that this thread hashes it when it can. */
  function tree(fill: number) {
    const path = join(folder, randomUUID());
    const contents = Buffer.alloc(6 * MIB, fill);
    writeFileSync(path, contents);
    const [before, after] = [narFile(false, contents.length), narPadding(contents.length) + NAR_CLOSE];
    const nar = [Buffer.from(NAR_MAGIC + before, "latin1"), contents, Buffer.from(after, "latin1")];
    return { path, narSha256: createHash("sha256").update(Buffer.concat(nar)).digest("hex") };
  }

  it("are hashed at once, whoever hashes which", async () => {
    const many = createHashPool(3);
    try {
      for (let round = 0; round < 2; round += 1) {
        const trees = [1, 2, 3, 4].map(tree);
        const results = await Promise.all(trees.map(({ path }) => many.runTree(treeOf(path), createTreeControl())));
        expect(results).toMatchObject(trees.map(({ narSha256 }) => ({ kind: "digested", narSha256 })));
      }
    } finally {
      await many.close();
    }
  });

  it("are right when this thread was busy, and after one that was refused in its middle", async () => {
    const large = join(folder, "large");
    writeFileSync(large, "");
    truncateSync(large, 2 ** 36);
    const control = createTreeControl();
    const refused = pool.runTree(treeOf(large), control);
    await expect.poll(() => progressOf(control).bytes, { interval: 5, timeout: 10_000 }).toBeGreaterThan(6 * MIB);
    stop(control);
    expect(await refused).toMatchObject({ kind: "refused", reason: "aborted" });
    const { path, narSha256 } = tree(7);
    const digested = pool.runTree(treeOf(path), createTreeControl());
    await new Promise((resolve) => setImmediate(resolve));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    expect(await digested).toMatchObject({ kind: "digested", narSha256 });
  });

  it("end in the middle of a file, also while their worker waits for this thread", async () => {
    const large = join(folder, "large");
    writeFileSync(large, "");
    truncateSync(large, 2 ** 36);
    const control = createTreeControl();
    const running = pool.runTree(treeOf(large), control);
    const ended = expect(running).rejects.toMatchObject({ code: "ABORTED" });
    await expect.poll(() => progressOf(control).bytes, { interval: 5, timeout: 10_000 }).toBeGreaterThan(6 * MIB);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    await pool.close();
    await ended;
  });
});

it.each([
  ["grew", { size: 11 }],
  ["was written to", { mtimeMs: 1.25 }],
  ["was renamed, or written to with its time set back", { ctimeMs: 2.25 }],
  ["was removed or replaced", { nlink: 0 }],
])("a small file that %s meanwhile is not untouched", (_what, change) => {
  const before = { size: 10, mtimeMs: 1, ctimeMs: 2, nlink: 1 };
  expect(isUntouched(before, before)).toBe(true);
  expect(isUntouched(before, { ...before, ...change })).toBe(false);
});
