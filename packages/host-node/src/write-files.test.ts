import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHost, type NodeHost } from "./create-host.ts";

let workspace: string;
let interrupt: AbortController;
let host: NodeHost;

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "write-"));
  interrupt = new AbortController();
  host = createHost({ workspace, roots: [], signal: interrupt.signal, userCode: true, env: {} });
});
afterEach(() => {
  chmodSync(workspace, 0o755);
  rmSync(workspace, { recursive: true });
});

const file = (name: string, text = name) => ({ name, bytes: new TextEncoder().encode(text) });

function contents(folder: string): Record<string, string> {
  const names = readdirSync(join(workspace, folder)).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(workspace, folder, name), "utf8")]));
}

/** Root can mount; elsewhere the tests that need it are skipped. */
const canMount = process.platform === "linux" && process.geteuid?.() === 0 && mountWorks();

function mountWorks(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "mount-"));
  const works = spawnSync("mount", ["-t", "tmpfs", "tmpfs", folder]).status === 0;
  if (works) spawnSync("umount", [folder]);
  rmSync(folder, { recursive: true });
  return works;
}

describe("writing", () => {
  it("makes the folder, writes all, and leaves nothing else", async () => {
    await host.writeFiles("out/deep", [file("a"), { ...file("b"), mode: 0o600 }]);
    expect(contents("out/deep")).toEqual({ a: "a", b: "b" });
    expect(statSync(join(workspace, "out/deep/b")).mode & 0o777).toBe(0o600);
  });

  it("again replaces, and leaves other files alone", async () => {
    await host.writeFiles("out", [file("a", "old"), file("other")]);
    await host.writeFiles("out", [file("a", "new"), file("b")]);
    expect(contents("out")).toEqual({ a: "new", b: "b", other: "other" });
  });

  it("takes long names and a folder that is a link, and makes no folder for nothing", async () => {
    mkdirSync(join(workspace, "real"));
    symlinkSync("real", join(workspace, "out"));
    const name = `${"n".repeat(240)}.json`;
    await host.writeFiles(join(workspace, "out"), [file(name, "1")]);
    expect(contents("real")).toEqual({ [name]: "1" });
    await host.writeFiles("none", []);
    expect(existsSync(join(workspace, "none"))).toBe(false);
  });
});

describe("names that are refused", () => {
  it.each(["", ".", "..", "a/b", "/a", "a\\b", "a\0b"])("%j", async (name) => {
    await expect(host.writeFiles("out", [file("good"), file(name)])).rejects.toMatchObject({ code: "NAME_REFUSED" });
    expect(readdirSync(workspace)).toEqual([]);
  });

  it("twice the same", async () => {
    await expect(host.writeFiles("out", [file("a"), file("a")])).rejects.toMatchObject({ code: "OUTPUT_CONFLICT" });
  });
});

describe("a place that is taken", () => {
  it.each([
    ["a folder", (path: string) => mkdirSync(path)],
    ["a link", (path: string) => symlinkSync("first", path)],
    ["a link that leads nowhere", (path: string) => symlinkSync("/nowhere/at/all", path)],
    ["a FIFO", (path: string) => spawnSync("mkfifo", [path])],
  ])("by %s is left as it is, and nothing is written", async (_what, take) => {
    mkdirSync(join(workspace, "out"));
    writeFileSync(join(workspace, "out", "first"), "old");
    take(join(workspace, "out", "taken"));
    await expect(host.writeFiles("out", [file("first"), file("taken")])).rejects.toMatchObject({
      code: "OUTPUT_CONFLICT",
    });
    expect(readdirSync(join(workspace, "out")).sort()).toEqual(["first", "taken"]);
    expect(readFileSync(join(workspace, "out", "first"), "utf8")).toBe("old");
  });
});

describe("a folder that cannot be written", () => {
  it("below a file", async () => {
    writeFileSync(join(workspace, "file"), "");
    for (const folder of ["file", "file/out"]) {
      await expect(host.writeFiles(folder, [file("a")])).rejects.toMatchObject({ code: "OUTPUT_UNWRITABLE" });
    }
  });

  it.skipIf(process.platform !== "linux")("where the system lets nobody make one", async () => {
    for (const folder of ["/proc/touchmark-test", "/proc/touchmark-test/out"]) {
      const written = host.writeFiles(folder, [file("a")]);
      await expect(written).rejects.toMatchObject({ code: "OUTPUT_UNWRITABLE", actual: "ENOENT" });
    }
  });

  it("behind a link that leads nowhere", async () => {
    symlinkSync("nowhere", join(workspace, "link"));
    for (const folder of ["link", "link/out"]) {
      await expect(host.writeFiles(folder, [file("a")])).rejects.toMatchObject({ code: "OUTPUT_UNWRITABLE" });
    }
    expect(readdirSync(workspace)).toEqual(["link"]);
  });

  it("takes back the folders above one that cannot be made", async () => {
    const tooLong = "n".repeat(300);
    const written = host.writeFiles(`out/deep/${tooLong}`, [file("a")]);
    await expect(written).rejects.toMatchObject({ code: "OUTPUT_UNWRITABLE", actual: "ENAMETOOLONG" });
    expect(readdirSync(workspace)).toEqual([]);
  });

  it("without the right to", async () => {
    mkdirSync(join(workspace, "out"), { mode: 0o555 });
    chmodSync(workspace, 0o555);
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65534);
    try {
      for (const folder of ["out", "new/out"]) {
        const written = host.writeFiles(folder, [file("a")]);
        await expect(written).rejects.toMatchObject({ code: "OUTPUT_UNWRITABLE", actual: "EACCES" });
      }
    } finally {
      if (root) process.seteuid?.(0);
    }
    expect(readdirSync(workspace)).toEqual(["out"]);
  });

  it.skipIf(!canMount)("on a read-only file system", async () => {
    mkdirSync(join(workspace, "ro"));
    spawnSync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", join(workspace, "ro")]);
    try {
      await expect(host.writeFiles("ro", [file("a")])).rejects.toMatchObject({ actual: "EROFS" });
    } finally {
      spawnSync("umount", [join(workspace, "ro")]);
    }
  });
});

describe("all or none", () => {
  it.skipIf(!canMount)("when the disk is full", async () => {
    mkdirSync(join(workspace, "small"));
    spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", join(workspace, "small")]);
    try {
      await host.writeFiles("small/out", [file("a", "old")]);
      const large = { name: "b", bytes: new Uint8Array(1_000_000) };
      await expect(host.writeFiles("small/out", [file("a"), large])).rejects.toMatchObject({ code: "DISK_FULL" });
      expect(contents("small/out")).toEqual({ a: "old" });
      await expect(host.writeFiles("small/new/out", [large])).rejects.toMatchObject({ code: "DISK_FULL" });
      expect(readdirSync(join(workspace, "small"))).toEqual(["out"]);
    } finally {
      spawnSync("umount", [join(workspace, "small")]);
    }
  });

  it.skipIf(!canMount)("when a rename fails in the middle, what was replaced comes back", async () => {
    await host.writeFiles("out", [file("a", "old"), file("m", "mounted")]);
    writeFileSync(join(workspace, "over"), "over");
    // A file that is a mount point cannot be renamed over: EBUSY.
    spawnSync("mount", ["--bind", join(workspace, "over"), join(workspace, "out", "m")]);
    try {
      const written = host.writeFiles("out", [file("a"), file("new"), file("m"), file("z")]);
      await expect(written).rejects.toMatchObject({ code: "OUTPUT_UNWRITABLE", actual: "EBUSY" });
      expect(contents("out")).toEqual({ a: "old", m: "over" });
    } finally {
      spawnSync("umount", [join(workspace, "out", "m")]);
    }
  });

  it("when interrupted: nothing new, no folder, nothing temporary", async () => {
    const files = ["a", "b", "c"].map((name) => ({ name, bytes: new Uint8Array(4_000_000) }));
    const written = host.writeFiles("new/out", files);
    interrupt.abort();
    await expect(written).rejects.toMatchObject({ code: "ABORTED" });
    expect(readdirSync(workspace)).toEqual([]);
    await expect(host.writeFiles("out", files)).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("when one name is taken in the end by somebody else", async () => {
    const written = host.writeFiles("out", [file("a"), file("b")]);
    mkdirSync(join(workspace, "out", "b"), { recursive: true });
    await expect(written).rejects.toMatchObject({ code: "OUTPUT_CONFLICT" });
    expect(readdirSync(join(workspace, "out"))).toEqual(["b"]);
  });
});
