import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createHost, type NodeHost } from "./create-host.ts";

let workspace: string;
let host: NodeHost;

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "read-"));
  host = hostOver([]);
});
afterEach(() => rmSync(workspace, { recursive: true }));

function hostOver(roots: readonly string[]): NodeHost {
  return createHost({ workspace, roots, signal: new AbortController().signal, userCode: true, env: {} });
}

it("gives the bytes of a file up to the limit, the limit included", async () => {
  writeFileSync(join(workspace, "five"), "12345");
  writeFileSync(join(workspace, "empty"), "");
  expect(await host.readBytes("five", { max: 5 })).toEqual(new Uint8Array([49, 50, 51, 52, 53]));
  expect(await host.readBytes("empty", { max: 0 })).toEqual(new Uint8Array());
  await expect(host.readBytes("five", { max: 4 })).rejects.toMatchObject({
    code: "INPUT_TOO_LARGE",
    actual: "5 bytes",
  });
});

it("refuses 2 GiB by the size alone", async () => {
  writeFileSync(join(workspace, "artifacts.json"), "");
  truncateSync(join(workspace, "artifacts.json"), 2 ** 31);
  const before = process.memoryUsage().rss;
  await expect(host.readText("artifacts.json", { max: 64 * 2 ** 20 })).rejects.toMatchObject({
    code: "INPUT_TOO_LARGE",
    actual: "2147483648 bytes",
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
});

it.each(["link", "fifo", "folder", "none"])("refuses %s without waiting", async (name) => {
  writeFileSync(join(workspace, "file"), "");
  symlinkSync("file", join(workspace, "link"));
  execFileSync("mkfifo", [join(workspace, "fifo")]);
  execFileSync("mkdir", [join(workspace, "folder")]);
  const code = name === "none" ? "INPUT_MISSING" : "FILE_REFUSED";
  await expect(host.readBytes(name, { max: 10 })).rejects.toMatchObject({ code });
});

it("refuses what lies outside", async () => {
  await expect(host.readBytes("/etc/passwd", { max: 10_000 })).rejects.toMatchObject({ code: "OUTSIDE_ROOTS" });
});

it.skipIf(process.platform !== "linux")("refuses a file that holds more than its size said", async () => {
  // The kernel says that its own files hold 0 bytes, as a file says that is being written.
  await expect(hostOver(["/proc"]).readBytes(`/proc/${process.pid}/status`, { max: 10_000 })).rejects.toMatchObject({
    code: "FILE_CHANGED",
  });
});

it("refuses text that is not UTF-8", async () => {
  writeFileSync(join(workspace, "latin"), Buffer.from([0x66, 0xfc, 0x72]));
  writeFileSync(join(workspace, "text"), "für");
  expect(await host.readText("text", { max: 10 })).toBe("für");
  await expect(host.readText("latin", { max: 10 })).rejects.toMatchObject({ code: "INPUT_INVALID" });
});
