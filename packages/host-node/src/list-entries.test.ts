import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createBoundary } from "./boundary.ts";
import { listEntries } from "./list-entries.ts";

let workspace: string;

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "list-"));
  mkdirSync(join(workspace, "dist", "linux", "empty"), { recursive: true });
  writeFileSync(join(workspace, "dist", "linux", "tool"), "12");
  writeFileSync(join(workspace, "dist", "linux-tool"), "1");
  writeFileSync(join(workspace, "dist", ".hidden"), "");
});
afterEach(() => rmSync(workspace, { recursive: true }));

function list(folder: string, options: { recursive?: boolean; limit?: number; signal?: AbortSignal } = {}) {
  const boundary = createBoundary(workspace, []);
  const { signal = new AbortController().signal, ...rest } = options;
  return listEntries(folder, { boundary, signal, onMany: () => {} }, rest);
}

it("lists files, links and others below a folder, hidden ones too, in code unit order", async () => {
  symlinkSync("/etc", join(workspace, "dist", "linux", "etc"));
  execFileSync("mkfifo", [join(workspace, "dist", "fifo")]);
  expect(await list("dist")).toMatchObject([
    { path: "dist/.hidden", name: ".hidden", kind: "file", size: 0 },
    { path: "dist/fifo", name: "fifo", kind: "other", size: 0 },
    { path: "dist/linux-tool", name: "linux-tool", kind: "file", size: 1 },
    { path: "dist/linux/etc", name: "linux/etc", kind: "link", size: 4 },
    { path: "dist/linux/tool", name: "linux/tool", kind: "file", size: 2 },
  ]);
});

it("looks up a size when it is asked for, and refuses a file that is gone by then", async () => {
  const [hidden, tool] = await list("dist");
  writeFileSync(join(workspace, "dist", ".hidden"), "longer");
  rmSync(join(workspace, "dist", "linux-tool"));
  expect(hidden?.size).toBe(6);
  expect(() => tool?.size).toThrowError(expect.objectContaining({ code: "FILE_CHANGED" }));
});

it("names entries by the folder, also where it lies above the workspace", async () => {
  const boundary = createBoundary(join(workspace, "dist"), [".."]);
  const context = { boundary, signal: new AbortController().signal, onMany: () => {} };
  expect((await listEntries("..", context)).map(({ path, name }) => [path, name])).toContainEqual([
    "linux/tool",
    "dist/linux/tool",
  ]);
});

it("lists only the folder itself when asked to, and the whole workspace by its dot", async () => {
  expect((await list("dist", { recursive: false })).map((entry) => entry.name)).toEqual([".hidden", "linux-tool"]);
  expect((await list(".")).map((entry) => [entry.path, entry.name])).toContainEqual([
    "dist/linux/tool",
    "dist/linux/tool",
  ]);
});

it("follows a link that is the folder itself, as long as it stays inside", async () => {
  symlinkSync("dist", join(workspace, "latest"));
  symlinkSync("/etc", join(workspace, "out"));
  expect((await list("latest")).map((entry) => entry.path)).toContain("latest/linux/tool");
  await expect(list("out")).rejects.toMatchObject({ code: "OUTSIDE_ROOTS" });
});

it("counts folders too, and stops at the limit", async () => {
  expect(await list("dist", { limit: 5 })).toHaveLength(3);
  await expect(list("dist", { limit: 4 })).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
});

it("refuses what is no folder, is not there, or lies outside", async () => {
  await expect(list("dist/linux-tool")).rejects.toMatchObject({ code: "FILE_REFUSED" });
  await expect(list("none")).rejects.toMatchObject({ code: "INPUT_MISSING" });
  await expect(list("..")).rejects.toMatchObject({ code: "OUTSIDE_ROOTS" });
});

it("never takes an unreadable folder for an empty one", async () => {
  chmodSync(workspace, 0o755);
  chmodSync(join(workspace, "dist", "linux"), 0o000);
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65534);
  try {
    await expect(list("dist")).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  } finally {
    if (root) process.seteuid?.(0);
    chmodSync(join(workspace, "dist", "linux"), 0o755);
  }
});

describe.skipIf(process.platform !== "linux")("a name that is not UTF-8", () => {
  const bad = (path: string) => Buffer.concat([Buffer.from(join(workspace, path)), Buffer.from([0xff])]);
  const badlyNamed = (name: string) => ({ path: `dist/${name}`, name, kind: "badly-named", size: 0 });

  it("is listed as such: a file, a link and a folder with all that is in it", async () => {
    writeFileSync(bad("dist/linux/b"), "12");
    symlinkSync("tool", bad("dist/linux/c"));
    mkdirSync(bad("dist/d"));
    writeFileSync(Buffer.concat([bad("dist/d"), Buffer.from("/in")]), "");
    const entries = (await list("dist")).filter((entry) => entry.kind !== "file");
    expect(entries).toMatchObject([badlyNamed("d\uFFFD"), badlyNamed("linux/b\uFFFD"), badlyNamed("linux/c\uFFFD")]);
  });

  it("is told from the proper name that it is decoded to, of a file and of a folder", async () => {
    writeFileSync(join(workspace, "dist", "b\uFFFD"), "123");
    writeFileSync(bad("dist/b"), "");
    mkdirSync(join(workspace, "dist", "d\uFFFD"));
    writeFileSync(join(workspace, "dist", "d\uFFFD", "in"), "1");
    writeFileSync(bad("dist/d"), "");
    mkdirSync(bad("dist/linux-tool"));
    const entries = (await list("dist")).filter((entry) => entry.name.includes("\uFFFD"));
    expect(entries).toHaveLength(5);
    expect(entries.map(({ path, name, kind, size }) => ({ path, name, kind, size }))).toEqual(
      expect.arrayContaining([
        { path: "dist/b\uFFFD", name: "b\uFFFD", kind: "file", size: 3 },
        badlyNamed("b\uFFFD"),
        { path: "dist/d\uFFFD/in", name: "d\uFFFD/in", kind: "file", size: 1 },
        badlyNamed("d\uFFFD"),
        badlyNamed("linux-tool\uFFFD"),
      ]),
    );
  });
});

it("stops between entries when interrupted", async () => {
  for (let index = 0; index < 10_100; index += 1) writeFileSync(join(workspace, "dist", String(index)), "");
  const interrupt = new AbortController();
  const listed = list("dist", { signal: interrupt.signal });
  interrupt.abort();
  await expect(listed).rejects.toMatchObject({ code: "ABORTED" });
});
