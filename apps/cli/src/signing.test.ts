import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlatformRun } from "@touchmark/plugin";
import { describe, expect, it } from "vitest";
import type { Context } from "./context.ts";
import { openSigner, splitCommand } from "./signing.ts";

it("gives the public key of a command as PEM alone, whatever else its file holds", async () => {
  const folder = mkdtempSync(join(tmpdir(), "touchmark-signing-"));
  try {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    writeFileSync(join(folder, "kms.pub"), `key of the team\r\n${pem.replaceAll("\n", "\r\n")}`);
    const context = { cwd: folder, env: {} } as Context;
    const run = { platform: "local", level: { build: 1, reason: "" } } as PlatformRun;
    const signing = await openSigner(context, { key: "kms.pub", signerExec: "kms-sign" }, null, run);
    expect(signing.publicKey).toBe(pem);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("splitCommand", () => {
  it.each([
    ["kms-sign", ["kms-sign"]],
    ["  kms  sign --key 'a b' ", ["kms", "sign", "--key", "a b"]],
    ['sh -c "echo hi"', ["sh", "-c", "echo hi"]],
    [`x a"b c"'d'e`, ["x", "ab cde"]],
    ["x $HOME `id` ; rm", ["x", "$HOME", "`id`", ";", "rm"]],
    ["x ''", ["x", ""]],
  ])("%s", (line, words) => {
    expect(splitCommand(line)).toEqual(words);
  });

  it.each(["", "   ", "x 'open", 'x "open', "''"])("refuses %j", (line) => {
    expect(() => splitCommand(line)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});
