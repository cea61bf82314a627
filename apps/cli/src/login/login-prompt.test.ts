import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordingTerminal } from "../../test/recording-terminal.ts";
import type { Context } from "../context.ts";
import { checkPage, loginPrompt } from "./login-prompt.ts";
import { browserProgram } from "./open-browser.ts";

describe("browserProgram", () => {
  it.each([
    ["darwin", {}, "open"],
    ["linux", { DISPLAY: ":0" }, "xdg-open"],
    ["linux", { WAYLAND_DISPLAY: "wayland-0" }, "xdg-open"],
    // It would open a browser of text in the terminal.
    ["linux", {}, null],
    ["win32", { DISPLAY: ":0" }, null],
  ])("%s with %j: %s", (system, env, program) => {
    expect(browserProgram(system, env)).toBe(program);
  });
});

describe("loginPrompt", () => {
  let folder: string;
  const page = new URL("https://login.example/?a=1&b=$(touch%20x);--help");

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "touchmark-browser-"));
    for (const name of ["xdg-open", "open"]) {
      writeFileSync(
        path.join(folder, name),
        `#!/bin/sh\nprintf '%s\\n' "$@" > "${folder}/opened.part"\nmv "${folder}/opened.part" "${folder}/opened"\n`,
      );
      chmodSync(path.join(folder, name), 0o755);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function opened(interactive: boolean, browser: boolean, bin = folder) {
    const terminal = { ...recordingTerminal(), interactive };
    const env = { PATH: `${bin}:/usr/bin:/bin`, DISPLAY: ":0" };
    await loginPrompt({ terminal, env } as unknown as Context, browser).open(page);
    expect(terminal.noted()).toContain(page.href);
    for (let tries = 0; interactive && browser && bin === folder && tries < 100; tries += 1) {
      if (existsSync(path.join(folder, "opened"))) break;
      await sleep(20);
    }
    const file = path.join(folder, "opened");
    return { words: terminal.noted(), argument: existsSync(file) ? readFileSync(file, "utf8") : null };
  }

  it.skipIf(process.platform === "win32")(
    "opens the page on a terminal, as one argument and without a shell",
    async () => {
      expect(await opened(true, true)).toEqual({
        words: expect.stringContaining("the browser that opens"),
        argument: `${page.href}\n`,
      });
    },
  );

  it.each([
    ["nobody watches", false, true],
    ["--no-browser", true, false],
  ])("only shows it where %s", async (_name, interactive, browser) => {
    expect(await opened(interactive, browser)).toMatchObject({
      words: expect.stringContaining("a browser on this machine"),
      argument: null,
    });
  });

  it("shows the code to type, without what moves a cursor", () => {
    const terminal = recordingTerminal();
    loginPrompt({ terminal, env: {} } as unknown as Context, true).code(page, "AB\u001b[2J-CD");
    expect(terminal.noted()).toContain("type the code  AB\\u001b[2J-CD");
  });
});

describe("checkPage", () => {
  it.each(["https://login.example/auth", "http://127.0.0.1:5556/auth"])("takes %s", (text) => {
    expect(checkPage(text).href).toBe(text);
  });

  it.each([
    "http://login.example/auth",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "x-app://login",
    "https://me:canary@login.example",
    "login.example",
    "",
  ])("LOGIN_FAILED: %s", (text) => {
    expect(() => checkPage(text)).toThrow(
      expect.objectContaining({ code: "LOGIN_FAILED", actual: expect.not.stringContaining("canary") }),
    );
  });
});
