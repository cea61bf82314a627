import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isTouchmarkError } from "@touchmark/core";
import type { RunOptions } from "@touchmark/plugin";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHost, type NodeHost } from "./create-host.ts";

let workspace: string;
let interrupt: AbortController;
let host: NodeHost;

beforeEach(() => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), "run-")));
  interrupt = new AbortController();
  const env = {
    PATH: process.env["PATH"],
    LC_ALL: "C.UTF-8",
    HOME: workspace,
    GITHUB_TOKEN: "canary",
    TOUCHMARK_KEY: "canary",
  };
  host = createHost({ workspace, roots: [], signal: interrupt.signal, userCode: true, env });
});
afterEach(() => rmSync(workspace, { recursive: true }));

const sh = (script: string, options: Partial<RunOptions> = {}) =>
  host.run("sh", ["-c", script], { timeoutMs: 10_000, ...options });

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("a command", () => {
  it("gets arguments and input byte for byte, and its output comes back so", async () => {
    const { stdout } = await host.run("printf", ["%s|", "$HOME", "a b", "*", ";ls"], { timeoutMs: 10_000 });
    expect(text(stdout)).toBe("$HOME|a b|*|;ls|");
    const input = new Uint8Array([0, 255, 10, 13]);
    const echoed = await sh("cat; echo warning >&2", { input });
    expect([...echoed.stdout]).toEqual([...input]);
    expect(text(echoed.stderr)).toBe("warning\n");
  });

  it("may leave its input unread, and write nothing or much", async () => {
    const input = new Uint8Array(1_000_000);
    expect((await sh("exec <&-; sleep 0.05", { input })).stdout.byteLength).toBe(0);
    expect((await sh("head -c 1000000 /dev/zero", { maxOutput: 1_000_000 })).stdout.byteLength).toBe(1_000_000);
  });

  it("that reads input when there is none finds the end of it", async () => {
    expect(text((await sh("cat; echo end")).stdout)).toBe("end\n");
  });

  it("gets a short list of variables, and what the caller adds", async () => {
    const names = text((await sh("env", { env: { ADDED: "on purpose" } })).stdout).split("\n");
    expect(names).toEqual(expect.arrayContaining([`HOME=${workspace}`, "LC_ALL=C.UTF-8", "ADDED=on purpose"]));
    expect(names.join()).not.toContain("canary");
  });

  it("runs in the workspace or in a folder inside the roots", async () => {
    mkdirSync(join(workspace, "sub"));
    expect(text((await sh("pwd")).stdout)).toBe(`${workspace}\n`);
    expect(text((await sh("pwd", { cwd: "sub" })).stdout)).toBe(`${workspace}/sub\n`);
    await expect(sh("pwd", { cwd: ".." })).rejects.toMatchObject({ code: "OUTSIDE_ROOTS" });
    await expect(sh("pwd", { cwd: "none" })).rejects.toMatchObject({ code: "INPUT_MISSING" });
    writeFileSync(join(workspace, "file"), "");
    await expect(sh("pwd", { cwd: "file" })).rejects.toMatchObject({ code: "FILE_REFUSED" });
  });
});

describe("a command that fails", () => {
  it("says the exit code and the end of stderr, never the arguments", async () => {
    const error = await sh(
      ": secret-argument; head -c 5000 /dev/zero | tr '\\0' x >&2; printf '\\033[2Jlast' >&2; exit 3",
    ).catch((thrown: unknown) => thrown);
    if (!isTouchmarkError(error)) throw error;
    expect(error.code).toBe("RUN_FAILED");
    expect(error.actual).toMatch(/^exit code 3: x+last$/);
    expect(error.actual?.length).toBeLessThanOrEqual(2_048 + 20);
    expect(`${error.message}${error.expected}${error.actual}${error.cause}`).not.toContain("secret-argument");
  });

  it.each([
    ["kill -9 $$", "signal SIGKILL"],
    ["head -c 2000 /dev/zero", "more"],
    ["head -c 2000 /dev/zero >&2; exit 3", "more"],
  ])("%s ends with %s", async (script, actual) => {
    await expect(sh(script, { maxOutput: 1_000 })).rejects.toMatchObject({ code: "RUN_FAILED", actual });
  });

  it("is refused when it is not installed or has no time limit", async () => {
    await expect(host.run("no-such-command-here", [], { timeoutMs: 10_000 })).rejects.toMatchObject({
      code: "RUN_FAILED",
      actual: "it is not installed, or not on PATH",
    });
    await expect(sh("true\0")).rejects.toMatchObject({
      code: "RUN_FAILED",
      actual: expect.stringContaining("not start"),
    });
    await expect(sh("true", { timeoutMs: 0 })).rejects.toMatchObject({ code: "RUN_FAILED" });
  });
});

describe("a command that takes too long", () => {
  // The grandchild ignores the polite signal and holds the pipe open.
  const stubborn = `sh -c 'trap "" TERM; echo $$ > grandchild; while :; do sleep 0.1; done' & wait`;

  function grandchildIsGone(): boolean {
    const pid = Number(readFileSync(join(workspace, "grandchild"), "utf8"));
    try {
      // A zombie that nobody has buried yet still answers; it has no memory any more.
      return readFileSync(`/proc/${pid}/statm`, "utf8").startsWith("0 ");
    } catch {
      return true;
    }
  }

  it.skipIf(process.platform !== "linux")("is ended with its descendants", async () => {
    await expect(sh(stubborn, { timeoutMs: 300 })).rejects.toMatchObject({ code: "RUN_FAILED" });
    await expect.poll(grandchildIsGone).toBe(true);
  });

  it.skipIf(process.platform !== "linux")("is ended with its descendants when the host is closed", async () => {
    const running = sh(stubborn);
    await expect.poll(() => readFileSync(join(workspace, "grandchild"), { encoding: "utf8", flag: "a+" })).not.toBe("");
    const refused = expect(running).rejects.toMatchObject({ code: "ABORTED" });
    await host.close();
    await refused;
    await expect.poll(grandchildIsGone).toBe(true);
  });

  it.skipIf(process.platform !== "linux")("is ended with its descendants by an interruption", async () => {
    const running = sh(stubborn);
    await expect.poll(() => readFileSync(join(workspace, "grandchild"), { encoding: "utf8", flag: "a+" })).not.toBe("");
    interrupt.abort();
    await expect(running).rejects.toMatchObject({ code: "ABORTED" });
    await expect.poll(grandchildIsGone).toBe(true);
    await expect(sh("true")).rejects.toMatchObject({ code: "ABORTED" });
  });
});
