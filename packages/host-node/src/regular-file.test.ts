import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHost, type NodeHost } from "./create-host.ts";

let top: string;
let host: NodeHost;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "file-"));
  mkdirSync(join(top, "ws", "folder"), { recursive: true });
  writeFileSync(join(top, "ws", "folder", "tool"), "12345");
  writeFileSync(join(top, "secret"), "");
  symlinkSync("folder/tool", join(top, "ws", "link"));
  symlinkSync("folder", join(top, "ws", "link-to-folder"));
  symlinkSync("../secret", join(top, "ws", "link-out"));
  symlinkSync("nowhere", join(top, "ws", "link-to-nothing"));
  execFileSync("mkfifo", [join(top, "ws", "fifo")]);
  host = createHost({
    workspace: join(top, "ws"),
    roots: [],
    signal: new AbortController().signal,
    userCode: true,
    env: {},
  });
});
afterEach(() => rmSync(top, { recursive: true }));

describe("kind", () => {
  it("says what stands at a path, links inside followed", async () => {
    expect(await host.kind("folder/tool")).toBe("file");
    expect(await host.kind("folder")).toBe("folder");
    expect(await host.kind("link")).toBe("file");
    expect(await host.kind("link-to-folder")).toBe("folder");
    expect(await host.kind("fifo")).toBe("other");
    expect(await host.kind("link-to-nothing")).toBe("other");
    expect(await host.kind("none")).toBe(null);
    expect(await host.kind("folder/tool/below-a-file")).toBe(null);
  });

  it("refuses what leads out", async () => {
    await expect(host.kind("link-out")).rejects.toMatchObject({ code: "OUTSIDE_ROOTS" });
    await expect(host.kind("../secret")).rejects.toMatchObject({ code: "OUTSIDE_ROOTS" });
  });
});

describe("file", () => {
  it("gives path, name and size, the path relative to the workspace", async () => {
    const file = { path: "folder/tool", name: "tool", size: 5 };
    expect(await host.file("./folder//tool")).toEqual(file);
    expect(await host.file(join(top, "ws", "folder", "tool"))).toEqual(file);
  });

  it.each([
    ["link", "FILE_REFUSED"],
    ["link-out", "FILE_REFUSED"],
    ["link-to-nothing", "FILE_REFUSED"],
    ["link-to-folder", "FILE_REFUSED"],
    ["folder", "FILE_REFUSED"],
    [".", "FILE_REFUSED"],
    ["fifo", "FILE_REFUSED"],
    ["none", "INPUT_MISSING"],
    ["none/none", "INPUT_MISSING"],
    ["folder/tool/none", "INPUT_MISSING"],
    ["../secret", "OUTSIDE_ROOTS"],
  ])("refuses %s with %s", async (path, code) => {
    await expect(host.file(path)).rejects.toMatchObject({ code });
  });

  it("takes a file alone as a root, and nothing beside it", async () => {
    writeFileSync(join(top, "secret-2"), "");
    const { signal } = new AbortController();
    const granted = createHost({ workspace: join(top, "ws"), roots: ["../secret"], signal, userCode: true, env: {} });
    expect(await granted.file("../secret")).toMatchObject({ name: "secret", size: 0 });
    await expect(granted.file("../secret-2")).rejects.toMatchObject({ code: "OUTSIDE_ROOTS" });
  });

  it("says which system call failed when a folder may not be entered", async () => {
    chmodSync(top, 0o755);
    chmodSync(join(top, "ws", "folder"), 0o000);
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65534);
    try {
      await expect(host.file("folder/tool")).rejects.toMatchObject({ code: "FILE_UNREADABLE", actual: "EACCES" });
    } finally {
      if (root) process.seteuid?.(0);
      chmodSync(join(top, "ws", "folder"), 0o755);
    }
  });
});
