import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHost, type NodeHost } from "./create-host.ts";

let workspace: string;

beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), "host-"));
});
afterAll(() => rmSync(workspace, { recursive: true }));

describe("after an interruption", () => {
  it.each<[string, (host: NodeHost) => Promise<unknown>]>([
    ["kind", (host) => host.kind(".")],
    ["file", (host) => host.file("none")],
    ["glob", (host) => host.glob("*")],
    ["list", (host) => host.list(".")],
    ["readBytes", (host) => host.readBytes("none", { max: 1 })],
    ["readText", (host) => host.readText("none", { max: 1 })],
    ["readStdin", (host) => host.readStdin({ max: 1 })],
    ["digest", (host) => host.digest([])],
    ["run", (host) => host.run("true", [], { timeoutMs: 1_000 })],
    ["writeFiles", (host) => host.writeFiles("out", [])],
  ])("%s throws ABORTED", async (_name, call) => {
    const host = createHost({ workspace, roots: [], signal: AbortSignal.abort(), userCode: false, env: {} });
    await expect(call(host)).rejects.toMatchObject({ code: "ABORTED" });
  });
});

it("a pause ends by a signal of its own, and by the host's", async () => {
  const [ofHost, alone] = [new AbortController(), new AbortController()];
  const host = createHost({ workspace, roots: [], signal: ofHost.signal, userCode: false, env: {} });
  const [own, other] = [host.wait(60_000, alone.signal), host.wait(60_000, new AbortController().signal)];
  alone.abort();
  await expect(own).rejects.toMatchObject({ code: "ABORTED" });
  await host.wait(1);
  ofHost.abort();
  await expect(other).rejects.toMatchObject({ code: "ABORTED" });
});

it("carries what the application decided", () => {
  const { signal } = new AbortController();
  const options = { workspace, roots: [], signal, userCode: false, env: {}, workers: 1_000 };
  const host = createHost(options);
  expect([host.userCode, host.signal, host.retrying]).toEqual([false, signal, undefined]);
  const onRetry = () => {};
  expect(createHost({ ...options, onRetry }).retrying).toBe(onRetry);
});

it("has a clock that says how long a pause was", async () => {
  const host = createHost({ workspace, roots: [], signal: new AbortController().signal, userCode: false, env: {} });
  const began = host.elapsed();
  await host.wait(30);
  // Timers of Node may be a millisecond early.
  expect(host.elapsed() - began).toBeGreaterThanOrEqual(29);
});
