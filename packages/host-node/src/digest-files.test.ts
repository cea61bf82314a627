import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, mkdtempSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isTouchmarkError } from "@touchmark/core";
import type { HashAlgorithm } from "@touchmark/plugin";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHost, type NodeHost } from "./create-host.ts";
import type { HashProgress } from "./digest-files.ts";

const MIB = 2 ** 20;

let workspace: string;
let interrupt: AbortController;
let events: HashProgress[];
let host: NodeHost;

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "digest-"));
  interrupt = new AbortController();
  events = [];
  host = hostWith([]);
});
afterEach(async () => {
  await host.close();
  rmSync(workspace, { recursive: true });
});

function hostWith(roots: readonly string[]): NodeHost {
  const onProgress = (event: HashProgress) => events.push(event);
  return createHost({ workspace, roots, signal: interrupt.signal, userCode: true, env: {}, onProgress });
}

/** A file of zeros that takes no room on the disk, with its own first bytes. */
async function sparse(name: string, size: number, head = "") {
  writeFileSync(join(workspace, name), head);
  truncateSync(join(workspace, name), size);
  return host.file(name);
}

/** Until some bytes were hashed, or all. */
async function underWay(hashed: Promise<unknown>): Promise<void> {
  const begun = expect.poll(() => events.at(-1)?.bytes ?? 0, { interval: 5, timeout: 10_000 }).toBeGreaterThan(MIB);
  await Promise.race([hashed, begun]);
}

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("digests", () => {
  it("are those of the bytes, at every size where the way of reading changes, in the order of the files", async () => {
    const sizes = [0, 1, MIB - 1, MIB, MIB + 1, 5 * MIB, 16 * MIB - 1, 16 * MIB, 33 * MIB + 7];
    const contents = sizes.map((size) => randomBytes(size));
    const files = [];
    for (const [index, bytes] of contents.entries()) {
      writeFileSync(join(workspace, `f${index}`), bytes);
      files.push(await host.file(`f${index}`));
    }
    const digests = await host.digest(files, ["sha256", "sha512"]);
    expect(digests).toEqual(
      contents.map((bytes) => ({
        sha256: createHash("sha256").update(bytes).digest("hex"),
        sha512: createHash("sha512").update(bytes).digest("hex"),
      })),
    );
    expect(await host.digest([...files].reverse(), ["sha256", "sha512"])).toEqual([...digests].reverse());
  });

  // "abc": the values that FIPS 180-4, FIPS 202, RFC 7693, RFC 1321 and GB/T 32905 print.
  const ABC: Record<HashAlgorithm, string> = {
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    sha384: "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    sha512:
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    sha512_256: "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23",
    sha512_224: "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa",
    sha3_224: "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf",
    sha3_256: "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
    sha3_384: "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
    sha3_512:
      "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
    blake2b:
      "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
    blake2s: "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982",
    sha224: "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
    sm3: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
    md5: "900150983cd24fb0d6963f7d28e17f72",
  };

  it("are the published ones, for every algorithm by its in-toto name", async () => {
    writeFileSync(join(workspace, "abc"), "abc");
    const algorithms = Object.keys(ABC) as HashAlgorithm[];
    expect(await host.digest([await host.file("abc")], algorithms)).toEqual([ABC]);
  });

  it("are right when small files are many enough to be shared with workers", async () => {
    const files = [];
    // Every sixth is a large one, which whoever opens it sets aside.
    const sizeOf = (index: number) => (index % 6 === 5 ? 17 : 8) * MIB;
    for (let index = 0; index < 24; index += 1) files.push(await sparse(`f${index}`, sizeOf(index), `head ${index}`));
    const digests = await host.digest(files);
    for (const [index, digest] of digests.entries()) {
      const bytes = Buffer.alloc(sizeOf(index));
      bytes.write(`head ${index}`);
      expect(digest.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    }
  });

  it("of no files need no thread", async () => {
    expect(await host.digest([])).toEqual([]);
    expect(events).toEqual([]);
  });
});

describe("a file that is not what it was", { timeout: 30_000 }, () => {
  it.each([
    ["grows", (path: string) => appendFileSync(path, "more")],
    ["shrinks", (path: string) => truncateSync(path, MIB)],
    [
      "is written to in place",
      (path: string) =>
        execFileSync("dd", ["if=/dev/zero", `of=${path}`, "conv=notrunc", "bs=1", "count=1", "status=none"]),
    ],
    [
      "is replaced by another of the same size",
      (path: string) => {
        writeFileSync(`${path}.new`, "");
        truncateSync(`${path}.new`, 512 * MIB);
        renameSync(`${path}.new`, path);
      },
    ],
    [
      "is replaced by a link",
      (path: string) => {
        renameSync(path, `${path}.old`);
        symlinkSync(`${path}.old`, path);
      },
    ],
    ["is removed", (path: string) => rmSync(path)],
  ])("is refused when it %s while it is hashed", async (_what, change) => {
    const hashed = host.digest([await sparse("small", 1), await sparse("big", 512 * MIB)]);
    await underWay(hashed);
    change(join(workspace, "big"));
    await expect(hashed).rejects.toMatchObject({ code: "FILE_CHANGED", message: expect.stringContaining("big ") });
  });

  it.skipIf(process.platform !== "linux")("is refused when a small one holds more than its size says", async () => {
    const path = `/proc/${process.pid}/status`;
    const granted = hostWith(["/proc"]);
    await expect(granted.digest([await granted.file(path)])).rejects.toMatchObject({ code: "FILE_CHANGED" });
  });

  it("is refused when a link, a FIFO or nothing took its place before", async () => {
    const file = await sparse("file", 10);
    rmSync(join(workspace, "file"));
    await expect(host.digest([file])).rejects.toMatchObject({ code: "INPUT_MISSING" });
    symlinkSync("/etc/passwd", join(workspace, "file"));
    await expect(host.digest([file])).rejects.toMatchObject({ code: "FILE_REFUSED" });
    rmSync(join(workspace, "file"));
    execFileSync("mkfifo", [join(workspace, "file")]);
    await expect(host.digest([file])).rejects.toMatchObject({ code: "FILE_REFUSED" });
  });

  it("is refused outside, in this thread and in a worker, and the message names the right one", async () => {
    const bad = { path: "/etc/passwd", name: "passwd", size: 1 };
    const small = await sparse("small", 1);
    const medium = await sparse("medium", 8 * MIB);
    for (const good of [[small], new Array(24).fill(medium)]) {
      const error = await host.digest([...good, bad]).catch((thrown: unknown) => thrown);
      expect(isTouchmarkError(error) && [error.code, error.actual]).toEqual(["OUTSIDE_ROOTS", "/etc/passwd"]);
    }
  });
});

describe("an interruption", () => {
  it("ends the hashing of a large file in its middle", async () => {
    const hashed = host.digest([await sparse("big", 4096 * MIB)]);
    await underWay(hashed);
    interrupt.abort();
    await expect(hashed).rejects.toMatchObject({ code: "ABORTED" });
    expect(events.at(-1)?.bytes).toBeLessThan(4096 * MIB);
    await expect(host.digest([])).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("ends the hashing of small files in this thread", async () => {
    const file = await sparse("file", 8 * MIB);
    const hashed = host.digest(new Array(500).fill(file));
    await Promise.race([hashed, after(30)]);
    interrupt.abort();
    await expect(hashed).rejects.toMatchObject({ code: "ABORTED" });
    expect(events.at(-1)?.files ?? 0).toBeLessThan(500);
  });

  it("by close leaves no thread, and the host refuses to hash again", async () => {
    const file = await sparse("big", 4096 * MIB);
    const hashed = host.digest([file]);
    const refused = expect(hashed).rejects.toMatchObject({ code: "ABORTED" });
    await Promise.race([hashed, after(60)]);
    await host.close();
    await refused;
    await expect(host.digest([file])).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("progress", () => {
  it("counts up to the whole while one big file is hashed", async () => {
    const files = [await sparse("big", 512 * MIB), await sparse("small", 10)];
    await host.digest(files);
    const bytes = events.map((event) => event.bytes);
    expect(bytes).toEqual([...bytes].sort((left, right) => left - right));
    expect(bytes.filter((count) => count > 10 && count < 512 * MIB).length).toBeGreaterThan(1);
    const total = 512 * MIB + 10;
    expect(events.at(-1)).toEqual({ kind: "hash", files: 2, filesTotal: 2, bytes: total, bytesTotal: total });
  });

  it("fails when a listed file is gone before the total is known", async () => {
    await sparse("small", 10);
    await sparse("big", 4096 * MIB);
    const hashed = host.digest(await host.glob("*"));
    rmSync(join(workspace, "small")); // hashed already, by this thread
    await expect(hashed).rejects.toMatchObject({ code: "FILE_CHANGED" });
    expect(events).toEqual([]);
  });
});
