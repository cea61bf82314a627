import { spawnSync } from "node:child_process";
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUNDLE_V03, type Bundle, INTOTO_PAYLOAD_TYPE, parseBundle, preAuthEncoding } from "@touchmark/core";
import type { Host, PlatformRun } from "@touchmark/plugin";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { generateKeyPair } from "./key-pair.ts";
import { keySigner } from "./key-signer.ts";
import { publicHalf } from "./private-key.ts";
import { keyHint } from "./public-key.ts";

const ALGORITHMS = ["ecdsa-p256", "ecdsa-p384", "ed25519"] as const;
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "touchmark-key-"));
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array): string => new TextDecoder().decode(value);
const pem = (key: KeyObject, options: object = { type: "pkcs8" }): Uint8Array =>
  bytes(key.export({ format: "pem", ...options } as never).toString());

async function signed(privateKey: Uint8Array, payload: Uint8Array, passphrase: string | null = null): Promise<Bundle> {
  const line = await keySigner({ privateKey, passphrase }).sign(payload, {} as PlatformRun, {} as Host);
  return parseBundle(line);
}

function holds(bundle: Bundle, publicPem: Uint8Array): boolean {
  const key = createPublicKey(text(publicPem));
  const message = preAuthEncoding(bundle.payloadType, bundle.payload);
  return verify(key.asymmetricKeyType === "ed25519" ? null : "sha256", message, key, bundle.signature);
}

function write(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe.each(ALGORITHMS)("%s", (algorithm) => {
  const pair = generateKeyPair({ algorithm, passphrase: null });

  it("signs any payload so that it verifies, and the payload is carried byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (payload) => {
        const bundle = await signed(pair.privatePem, payload);
        expect(Buffer.from(bundle.payload).equals(payload)).toBe(true);
        expect(holds(bundle, pair.publicPem)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("does not verify for another payload or another key", async () => {
    const bundle = await signed(pair.privatePem, bytes("{}"));
    expect(holds({ ...bundle, payload: bytes("{ }") }, pair.publicPem)).toBe(false);
    expect(holds(bundle, generateKeyPair({ algorithm, passphrase: null }).publicPem)).toBe(false);
  });

  it("writes a bundle v0.3 with cosign's hint", async () => {
    const bundle = await signed(pair.privatePem, bytes("{}"));
    expect(bundle).toMatchObject({ mediaType: BUNDLE_V03, payloadType: INTOTO_PAYLOAD_TYPE });
    expect(bundle.signer).toEqual({ kind: "key", hint: keyHint(pair.publicPem) });
  });

  it.skipIf(!hasOpenssl)("openssl agrees (skipped: openssl is not on PATH)", async () => {
    const bundle = await signed(pair.privatePem, bytes("the statement"));
    const message = write("message", preAuthEncoding(bundle.payloadType, bundle.payload));
    const signature = write("signature", bundle.signature);
    const key = write("key.pub", pair.publicPem);
    const args =
      algorithm === "ed25519"
        ? ["pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", message, "-sigfile", signature]
        : ["dgst", "-sha256", "-verify", key, "-signature", signature, message];
    const { status, stdout } = spawnSync("openssl", args);
    expect(stdout.toString()).toMatch(/Verified (OK|Successfully)|Signature Verified/);
    expect(status).toBe(0);
  });

  it("opens an encrypted key with its passphrase", async () => {
    const encrypted = generateKeyPair({ algorithm, passphrase: "correct hörse" });
    expect(holds(await signed(encrypted.privatePem, bytes("{}"), "correct hörse"), encrypted.publicPem)).toBe(true);
  });

  it("signs a message as it is", async () => {
    const signer = keySigner({ privateKey: pair.privatePem, passphrase: null });
    const message = bytes("{}");
    const signature = await signer.signMessage(message, {} as PlatformRun, {} as Host);
    const key = createPublicKey(text(pair.publicPem));
    expect(verify(algorithm === "ed25519" ? null : "sha256", message, key, signature)).toBe(true);
    expect(verify(algorithm === "ed25519" ? null : "sha256", bytes("{ }"), key, signature)).toBe(false);
  });

  it("never signs a statement as a message", async () => {
    const signer = keySigner({ privateKey: pair.privatePem, passphrase: null });
    const statement = preAuthEncoding(INTOTO_PAYLOAD_TYPE, bytes("{}"));
    const signing = signer.signMessage(statement, {} as PlatformRun, {} as Host);
    await expect(signing).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  it("takes a passphrase for a key that has none", async () => {
    expect(holds(await signed(pair.privatePem, bytes("{}"), "unused"), pair.publicPem)).toBe(true);
  });

  it("gives the public half of the private one", () => {
    expect(text(publicHalf(pair.privatePem, null))).toBe(text(pair.publicPem));
  });
});

it.skipIf(!hasOpenssl)(
  "the hint is base64 of sha256 over the key as openssl encodes it (skipped: openssl is not on PATH)",
  () => {
    const { publicPem } = generateKeyPair({ algorithm: "ecdsa-p256", passphrase: null });
    const der = spawnSync("openssl", ["pkey", "-pubin", "-in", write("hint.pub", publicPem), "-outform", "DER"]).stdout;
    const hash = spawnSync("openssl", ["dgst", "-sha256", "-binary"], { input: der }).stdout;
    expect(keyHint(publicPem)).toBe(hash.toString("base64"));
  },
);

describe("other ways to write a good key", () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const publicPem = pem(createPublicKey(privateKey), { type: "spki" });
  const sec1 = text(pem(privateKey, { type: "sec1" }));
  const cases: Record<string, [Uint8Array, string | null]> = {
    "SEC 1": [bytes(sec1), null],
    "SEC 1, encrypted": [pem(privateKey, { type: "sec1", cipher: "aes-256-cbc", passphrase: "p" }), "p"],
    "SEC 1 after its curve, as openssl ecparam -genkey writes it": [
      bytes(`-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${sec1}`),
      null,
    ],
    "PKCS#8 as Node encrypts it": [pem(privateKey, { type: "pkcs8", cipher: "aes-128-cbc", passphrase: "p" }), "p"],
    "with CR LF": [bytes(text(pem(privateKey)).replaceAll("\n", "\r\n")), null],
    "with words around it": [bytes(`Bag Attributes: none\n${text(pem(privateKey))}\nend\n`), null],
  };
  it.each(Object.entries(cases))("%s", async (_name, [key, passphrase]) => {
    expect(holds(await signed(key, bytes("{}"), passphrase), publicPem)).toBe(true);
  });

  it.skipIf(!hasOpenssl)("PKCS#8 with scrypt, as openssl writes it (skipped: openssl is not on PATH)", async () => {
    const file = write("plain.key", pem(privateKey));
    const args = ["pkcs8", "-topk8", "-scrypt", "-in", file, "-passout", "pass:p"];
    const encrypted = spawnSync("openssl", args).stdout;
    expect(holds(await signed(encrypted, bytes("{}"), "p"), publicPem)).toBe(true);
  });
});

describe("refused before anything is signed", () => {
  const plain = generateKeyPair({ algorithm: "ecdsa-p256", passphrase: null });
  const encrypted = generateKeyPair({ algorithm: "ecdsa-p256", passphrase: "right" });
  const block = (label: string, body = "MAMCAQA="): Uint8Array =>
    bytes(`-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`);
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const curve = (namedCurve: string): Uint8Array => pem(generateKeyPairSync("ec", { namedCurve }).privateKey);
  const legacy = pem(createPrivateKey(text(plain.privatePem)), {
    type: "sec1",
    cipher: "aes-256-cbc",
    passphrase: "r",
  });

  const cases: Record<string, [string, Uint8Array, string | null]> = {
    "a public key": ["KEY_IS_PUBLIC", plain.publicPem, null],
    "a certificate": ["KEY_IS_PUBLIC", block("CERTIFICATE"), null],
    "an OpenSSH public key": ["KEY_IS_PUBLIC", bytes("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 somebody\n"), null],
    "cosign's key, new label": ["KEY_INVALID", block("ENCRYPTED SIGSTORE PRIVATE KEY"), "right"],
    "cosign's key, old label": ["KEY_INVALID", block("ENCRYPTED COSIGN PRIVATE KEY"), "right"],
    "an OpenSSH private key": ["KEY_INVALID", block("OPENSSH PRIVATE KEY"), null],
    "an OpenPGP key": ["KEY_INVALID", block("PGP PRIVATE KEY BLOCK"), null],
    "a DER key": [
      "KEY_INVALID",
      createPrivateKey(text(plain.privatePem)).export({ type: "pkcs8", format: "der" }),
      null,
    ],
    "an empty file": ["KEY_INVALID", new Uint8Array(), null],
    "some text": ["KEY_INVALID", bytes("hello\n"), null],
    "two keys": ["KEY_INVALID", bytes(text(plain.privatePem) + text(plain.privatePem)), null],
    "both halves": ["KEY_INVALID", bytes(text(plain.privatePem) + text(plain.publicPem)), null],
    "a key without its end line": ["KEY_INVALID", bytes(text(plain.privatePem).slice(0, 150)), null],
    "an encrypted key with a line missing": [
      "KEY_INVALID",
      bytes(text(encrypted.privatePem).split("\n").toSpliced(2, 1).join("\n")),
      "right",
    ],
    "a PKCS#8 block that holds no key": ["KEY_INVALID", block("PRIVATE KEY"), null],
    "an unknown block": ["KEY_INVALID", block("X509 CRL"), null],
    "an encrypted key without passphrase": ["PASSPHRASE_MISSING", encrypted.privatePem, null],
    "an old encrypted key without passphrase": ["PASSPHRASE_MISSING", legacy, null],
    "an encrypted key, wrong passphrase": ["PASSPHRASE_WRONG", encrypted.privatePem, "Right"],
    "an encrypted key, empty passphrase": ["PASSPHRASE_WRONG", encrypted.privatePem, ""],
    "an old encrypted key, wrong passphrase": ["PASSPHRASE_WRONG", legacy, "R"],
    "a passphrase that OpenSSL cannot take": ["PASSPHRASE_WRONG", encrypted.privatePem, "r".repeat(1025)],
    RSA: ["KEY_UNSUPPORTED", pem(rsa), null],
    "RSA, PKCS#1": ["KEY_UNSUPPORTED", pem(rsa, { type: "pkcs1" }), null],
    "P-521": ["KEY_UNSUPPORTED", curve("P-521"), null],
    secp256k1: ["KEY_UNSUPPORTED", curve("secp256k1"), null],
    Ed448: ["KEY_UNSUPPORTED", pem(generateKeyPairSync("ed448").privateKey), null],
    X25519: ["KEY_UNSUPPORTED", pem(generateKeyPairSync("x25519").privateKey), null],
    "64 KiB and more": ["INPUT_TOO_LARGE", new Uint8Array(64 * 1024 + 1), null],
  };

  it.each(Object.entries(cases))("%s", (_name, [code, privateKey, passphrase]) => {
    const error = thrownBy(() => keySigner({ privateKey, passphrase }));
    expect(error).toMatchObject({ name: "TouchmarkError", code });
    expect(error).toMatchObject({ expected: expect.stringMatching(/./), actual: expect.stringMatching(/./) });
    expectNoKeyBytes(error, privateKey);
    if (passphrase !== null && passphrase.length > 1) {
      expect(everyWord(error)).not.toContain(passphrase);
    }
  });

  it("many wrong passphrases are all called wrong", () => {
    // One in 256 gets past the padding and fails as garbled ASN.1; Node's cheap encryption makes 600 tries quick.
    const cheap = pem(createPrivateKey(text(plain.privatePem)), {
      type: "pkcs8",
      cipher: "aes-256-cbc",
      passphrase: "right",
    });
    const codes = Array.from({ length: 600 }, (_, index) =>
      thrownBy(() => keySigner({ privateKey: cheap, passphrase: `wrong ${index}` })),
    ).map((error) => (error as { code?: unknown }).code);
    expect(new Set(codes)).toEqual(new Set(["PASSPHRASE_WRONG"]));
  });

  it("cosign's key file is named, with the way out", () => {
    const error = thrownBy(() =>
      keySigner({ privateKey: block("ENCRYPTED SIGSTORE PRIVATE KEY"), passphrase: "right" }),
    );
    expect(error).toMatchObject({
      message: expect.stringContaining("cosign"),
      expected: expect.stringContaining("docs"),
    });
  });
});

describe("public keys", () => {
  const pair = generateKeyPair({ algorithm: "ed25519", passphrase: null });
  it.each([
    ["KEY_IS_PRIVATE", pair.privatePem],
    ["KEY_INVALID", bytes("hello")],
    ["KEY_INVALID", bytes("-----BEGIN PUBLIC KEY-----\nMAMCAQA=\n-----END PUBLIC KEY-----\n")],
    // The point at infinity, which Node takes for a key of P-256.
    [
      "KEY_INVALID",
      bytes("-----BEGIN PUBLIC KEY-----\nMBkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDAgAA\n-----END PUBLIC KEY-----\n"),
    ],
    ["KEY_INVALID", bytes("-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n")],
    ["KEY_UNSUPPORTED", pem(generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey, { type: "spki" })],
  ])("%s", (code, key) => {
    expect(thrownBy(() => keyHint(key))).toMatchObject({ code });
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** Everything of an error that may be printed: message, expected, actual, and the same of its causes. */
function everyWord(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { message, stack, cause, ...rest } = error as Error & Record<string, unknown>;
  return [message, stack, JSON.stringify(rest), everyWord(cause)].join("\n");
}

function expectNoKeyBytes(error: unknown, key: Uint8Array): void {
  const printed = everyWord(error);
  // Labels may be named; a run of 24 base64 characters is a piece of the key.
  for (const piece of text(key).match(/[A-Za-z0-9+/]{24,}/g) ?? []) {
    for (let at = 0; at + 24 <= piece.length; at += 1) expect(printed).not.toContain(piece.slice(at, at + 24));
  }
}
