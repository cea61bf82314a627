import { spawnSync } from "node:child_process";
import { createPublicKey, verify } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bundle, parseBundle, preAuthEncoding, TouchmarkError } from "@touchmark/core";
import type { Host, PlatformRun } from "@touchmark/plugin";
import { withTestHost } from "@touchmark/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { type CommandSignerOptions, commandSigner } from "./command-signer.ts";
import { generateKeyPair } from "./key-pair.ts";
import { keyHint } from "./public-key.ts";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "touchmark-command-"));
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const payload = bytes('{"_type":"https://in-toto.io/Statement/v1"}');
const pair = generateKeyPair({ algorithm: "ecdsa-p256", passphrase: null });
const keyFile = join(folder, "touchmark.key");
writeFileSync(keyFile, pair.privatePem);

/** What docs/signing.md shows: openssl reads the digest from standard input. */
const openssl = { command: "openssl", args: ["pkeyutl", "-sign", "-inkey", keyFile] };
const script = (source: string): Pick<CommandSignerOptions, "command" | "args"> => ({
  command: process.execPath,
  args: ["-e", source],
});

async function sign(
  command: Pick<CommandSignerOptions, "command" | "args">,
  options: Partial<CommandSignerOptions> = {},
): Promise<Bundle> {
  const signer = commandSigner({ ...command, publicKey: pair.publicPem, ...options });
  return parseBundle(await withTestHost(folder, (host) => signer.sign(payload, {} as PlatformRun, host)));
}

function holds(bundle: Bundle, publicPem: Uint8Array): boolean {
  const key = createPublicKey(new TextDecoder().decode(publicPem));
  return verify("sha256", preAuthEncoding(bundle.payloadType, bundle.payload), key, bundle.signature);
}

describe.skipIf(!hasOpenssl)("signs with another program (skipped: openssl is not on PATH)", () => {
  it("openssl, DER on standard output", async () => {
    const bundle = await sign(openssl);
    expect(holds(bundle, pair.publicPem)).toBe(true);
    expect(bundle.signer).toEqual({ kind: "key", hint: keyHint(pair.publicPem) });
  });

  it("a message as it is", async () => {
    const signer = commandSigner({ ...openssl, publicKey: pair.publicPem });
    const signature = await withTestHost(folder, (host) => signer.signMessage(bytes("{}"), {} as PlatformRun, host));
    const key = createPublicKey(new TextDecoder().decode(pair.publicPem));
    expect(verify("sha256", bytes("{}"), key, signature)).toBe(true);
  });

  it("base64 text, wrapped and with a line end", async () => {
    const command = { command: "sh", args: ["-c", `openssl ${openssl.args.join(" ")} | openssl base64`] };
    expect(holds(await sign(command), pair.publicPem)).toBe(true);
  });

  it("P-384 over SHA-256", async () => {
    const p384 = generateKeyPair({ algorithm: "ecdsa-p384", passphrase: null });
    writeFileSync(join(folder, "p384.key"), p384.privatePem);
    const args = ["pkeyutl", "-sign", "-inkey", join(folder, "p384.key")];
    expect(holds(await sign({ command: "openssl", args }, { publicKey: p384.publicPem }), p384.publicPem)).toBe(true);
  });

  it("hands over 32 bytes and the environment that was named", async () => {
    const source = `
      const input = require("node:fs").readFileSync(0);
      if (input.length !== 32 || process.env.KMS_REGION !== "here") process.exit(9);
      process.stdout.write(require("node:child_process").execFileSync("openssl", ${JSON.stringify(openssl.args)}, { input }));`;
    expect(holds(await sign(script(source), { env: { KMS_REGION: "here" } }), pair.publicPem)).toBe(true);
  });
});

describe("SIGNER_FAILED", () => {
  const other = generateKeyPair({ algorithm: "ecdsa-p256", passphrase: null });
  writeFileSync(join(folder, "other.key"), other.privatePem);
  it.each<Case>([
    ["prints nothing", script(""), /^nothing$/],
    ["prints white space", script('console.log(" ")'), /^nothing$/],
    ["prints garbage", script('console.log("signed!")'), /that are neither$/],
    ["prints base64 of garbage", script('console.log("c2lnbmVkIQ==")'), /no such signature$/],
    ["prints other DER", script('process.stdout.write(Buffer.from("3006020101020101", "hex"))'), /no such signature$/],
    ["exits 1", script("process.exit(1)"), /exit code 1/],
    ["prints 1 MB", script('process.stdout.write("M".repeat(1e6))'), /^more$/],
    ["does not exist", { command: join(folder, "no-such-program"), args: [] }, /not installed/],
  ])("%s", failsWith);

  const shell = (line: string) => ({ command: "sh", args: ["-c", line] });
  const signing = `openssl ${openssl.args.join(" ")}`;
  describe.skipIf(!hasOpenssl)("with a good key (skipped: openssl is not on PATH)", () => {
    it.each<Case>([
      ["prints a word after it", shell(`${signing} | openssl base64; echo ok`), /neither$|no such signature$/],
      ["signs with another key", shell(signing.replace("touchmark.key", "other.key")), /no such signature$/],
      ["signs something else", shell(`printf '%032d' 7 | ${signing}`), /no such signature$/],
      ["exits 1 after a good signature", shell(`${signing}; exit 1`), /exit code 1/],
    ])("%s", failsWith);
  });

  type Case = [string, Pick<CommandSignerOptions, "command" | "args">, RegExp];
  async function failsWith(...[_name, command, actual]: Case): Promise<void> {
    await expect(sign(command)).rejects.toMatchObject({
      name: "TouchmarkError",
      code: "SIGNER_FAILED",
      actual: expect.stringMatching(actual),
    });
  }

  it("hangs", async () => {
    const hanging = sign(script("setInterval(() => {}, 1000)"), { timeoutMs: 300 });
    await expect(hanging).rejects.toMatchObject({ code: "SIGNER_FAILED" });
  });

  it("says why the command failed, and nothing of what it printed", async () => {
    const failing = script('console.log("hunter2"); console.error("token expired"); process.exit(4)');
    await expect(sign(failing)).rejects.toMatchObject({ actual: expect.stringContaining("token expired") });
    const chatty = await sign(script('console.log("hunter2")')).catch((error: unknown) => error);
    expect(JSON.stringify(chatty) + String(chatty)).not.toContain("hunter2");
  });
});

it("an interruption stays an interruption", async () => {
  const interrupted = { run: () => Promise.reject(new TouchmarkError("ABORTED", "interrupted")) } as unknown as Host;
  const signer = commandSigner({ ...openssl, publicKey: pair.publicPem });
  await expect(signer.sign(payload, {} as PlatformRun, interrupted)).rejects.toMatchObject({ code: "ABORTED" });
});

it("never signs a statement as a message", async () => {
  const signer = commandSigner({ ...script("process.exit(9)"), publicKey: pair.publicPem });
  const statement = preAuthEncoding("application/vnd.in-toto+json", payload);
  const signing = withTestHost(folder, (host) => signer.signMessage(statement, {} as PlatformRun, host));
  await expect(signing).rejects.toMatchObject({ code: "INPUT_INVALID" });
});

describe("refused before anything runs", () => {
  const ed25519 = generateKeyPair({ algorithm: "ed25519", passphrase: null });
  it.each<[string, string, Partial<CommandSignerOptions>]>([
    ["an Ed25519 key", "KEY_UNSUPPORTED", { publicKey: ed25519.publicPem }],
    ["the private half", "KEY_IS_PRIVATE", { publicKey: pair.privatePem }],
    ["no key", "KEY_INVALID", { publicKey: bytes("") }],
    ["no command", "USAGE", { command: " " }],
    ["no time", "USAGE", { timeoutMs: 0 }],
    ["NaN time", "USAGE", { timeoutMs: Number.NaN }],
  ])("%s", (_name, code, options) => {
    const make = () => commandSigner({ ...openssl, publicKey: pair.publicPem, ...options });
    expect(make).toThrow(expect.objectContaining({ code }));
  });

  it("says why Ed25519 does not go with a digest", () => {
    expect(() => commandSigner({ ...openssl, publicKey: ed25519.publicPem })).toThrow(
      expect.objectContaining({ actual: expect.stringContaining("messages and not digests") }),
    );
  });
});
