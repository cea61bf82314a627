import { spawnSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { expect, it } from "vitest";
import { generateKeyPair } from "./key-pair.ts";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const text = (value: Uint8Array): string => new TextDecoder().decode(value);

it("labels say what each half is", () => {
  const plain = generateKeyPair({ algorithm: "ecdsa-p256", passphrase: null });
  expect(text(plain.privatePem)).toMatch(/^-----BEGIN PRIVATE KEY-----\n(.{1,64}\n)+-----END PRIVATE KEY-----\n$/);
  expect(text(plain.publicPem)).toMatch(/^-----BEGIN PUBLIC KEY-----\n(.{1,64}\n)+-----END PUBLIC KEY-----\n$/);
  const encrypted = generateKeyPair({ algorithm: "ecdsa-p256", passphrase: "p" });
  expect(text(encrypted.privatePem)).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
});

it.each([
  ["ecdsa-p256", { namedCurve: "prime256v1" }],
  ["ecdsa-p384", { namedCurve: "secp384r1" }],
  ["ed25519", {}],
] as const)("%s is what was asked for", (algorithm, details) => {
  const key = createPrivateKey(text(generateKeyPair({ algorithm, passphrase: null }).privatePem));
  expect(key.asymmetricKeyDetails).toEqual(details);
});

it("two keys differ", () => {
  const make = () => text(generateKeyPair({ algorithm: "ed25519", passphrase: null }).publicPem);
  expect(make()).not.toBe(make());
});

it.skipIf(!hasOpenssl)(
  "openssl opens an encrypted key, and sees 600,000 rounds and AES-256 (skipped: openssl is not on PATH)",
  () => {
    const { privatePem, publicPem } = generateKeyPair({ algorithm: "ecdsa-p384", passphrase: "correct horse" });
    const opened = spawnSync("openssl", ["pkey", "-passin", "pass:correct horse", "-pubout"], { input: privatePem });
    expect(opened.stdout.toString()).toBe(text(publicPem));
    const structure = spawnSync("openssl", ["asn1parse"], { input: privatePem }).stdout.toString();
    expect(structure).toContain("INTEGER           :0927C0"); // 600,000
    expect(structure).toContain("hmacWithSHA256");
    expect(structure).toContain("aes-256-cbc");
  },
);

it("an encrypted key of each algorithm opens in Node", () => {
  for (const algorithm of ["ecdsa-p256", "ecdsa-p384", "ed25519"] as const) {
    const { privatePem } = generateKeyPair({ algorithm, passphrase: "p" });
    expect(createPrivateKey({ key: text(privatePem), passphrase: "p" }).type).toBe("private");
  }
});

it.each([
  ["PASSPHRASE_MISSING", ""],
  ["USAGE", "p".repeat(1025)],
])("%s", (code, passphrase) => {
  expect(() => generateKeyPair({ algorithm: "ecdsa-p256", passphrase })).toThrow(expect.objectContaining({ code }));
});
