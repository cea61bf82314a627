import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordingTerminal } from "../test/recording-terminal.ts";
import { denialsOf } from "./deny-flag.ts";

const COMMIT = "ab".repeat(20);

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-deny-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function read(content: string | Uint8Array) {
  await writeFile(path.join(cwd, "denied.yaml"), content);
  return denialsOf({ terminal: recordingTerminal({}), env: {}, cwd, signal: new AbortController().signal }, [
    "denied.yaml",
  ]);
}

describe("--deny", () => {
  it("takes YAML and JSON", async () => {
    const entry = { reason: "bad", commit: COMMIT, window: { from: "2026-01-01T00:00:00Z" } };
    const yaml = `version: 1\ndeny:\n  - reason: bad\n    commit: ${COMMIT}\n    window: { from: 2026-01-01T00:00:00Z }\n`;
    for (const text of [yaml, JSON.stringify({ version: 1, deny: [entry] })]) {
      expect((await read(text)).lists).toMatchObject([{ label: "denied.yaml", entries: [entry] }]);
    }
  });

  it.each<[string, string | Uint8Array, string]>([
    [
      "a misspelt key",
      `version: 1\ndeny:\n  - reason: bad\n    comit: ${COMMIT}\n`,
      "denied.yaml:4 is not a deny list",
    ],
    ["a key that stands twice", `version: 1\ndeny: []\ndeny: []\n`, "denied.yaml:3 is not valid YAML"],
    [
      "an unquoted commit of digits",
      `version: 1\ndeny:\n  - { reason: x, commit: ${"1".repeat(40)} }\n`,
      "denied.yaml:3 is",
    ],
    ["nothing", "", "denied.yaml is not a deny list"],
    ["text", "deny everything", "denied.yaml is not a deny list"],
    ["brackets without end", "[".repeat(200_000), "denied.yaml"],
    [
      "aliases that unfold without end",
      `a: &a [x, x, x, x, x, x, x, x, x, x]\n${[..."bcdefgh"].map((name, at) => `${name}: &${name} [${`*${"abcdefg"[at]},`.repeat(9)}]`).join("\n")}\n`,
      "denied.yaml is not valid YAML",
    ],
  ])("refuses %s", async (_, content, message) => {
    await expect(read(content)).rejects.toMatchObject({
      code: "DENY_INVALID",
      message: expect.stringContaining(message),
    });
  });

  it("reads a small file only", async () => {
    await expect(read(new Uint8Array(1024 * 1024 + 1))).rejects.toMatchObject({ code: "INPUT_TOO_LARGE" });
    await rm(path.join(cwd, "denied.yaml"));
    await mkdir(path.join(cwd, "denied.yaml"));
    const context = { terminal: recordingTerminal({}), env: {}, cwd, signal: new AbortController().signal };
    await expect(denialsOf(context, ["denied.yaml"])).rejects.toMatchObject({ code: "FILE_REFUSED" });
    await expect(denialsOf(context, ["none.yaml"])).rejects.toMatchObject({ code: "INPUT_MISSING" });
  });
});
