import {
  constants,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  sign,
} from "node:crypto";
import { POINTLESS_KEY_PEM } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { isSignedBy } from "./signed-by.ts";

const BYTES = new TextEncoder().encode("what is signed");

const ec = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve });

describe("a signature", () => {
  it.each<[string, KeyPairKeyObjectResult, string | null, object]>([
    ["P-256 in DER", ec("P-256"), "sha256", {}],
    ["P-256 as two numbers", ec("P-256"), "sha256", { dsaEncoding: "ieee-p1363" }],
    ["P-384 in DER", ec("P-384"), "sha384", {}],
    ["P-384 as two numbers", ec("P-384"), "sha384", { dsaEncoding: "ieee-p1363" }],
    ["P-521 in DER", ec("P-521"), "sha512", {}],
    ["P-521 as two numbers", ec("P-521"), "sha512", { dsaEncoding: "ieee-p1363" }],
    ["RSA PKCS#1 v1.5", generateKeyPairSync("rsa", { modulusLength: 2048 }), "sha256", {}],
    ["Ed25519", generateKeyPairSync("ed25519"), null, {}],
  ])("by %s", (_what, { privateKey, publicKey }, hash, options) => {
    const signature = sign(hash, BYTES, { key: privateKey, ...options });
    expect(isSignedBy(publicKey, BYTES, signature)).toBe(true);
    expect(isSignedBy(publicKey, BYTES.subarray(1), signature)).toBe(false);
    expect(isSignedBy(publicKey, BYTES, signature.toReversed())).toBe(false);
    expect(isSignedBy(publicKey, BYTES, new Uint8Array())).toBe(false);
  });

  it.each<[string, KeyPairKeyObjectResult, string | null, object]>([
    ["P-256 with another hash", ec("P-256"), "sha384", {}],
    ["P-384 with another hash", ec("P-384"), "sha256", {}],
    ["another curve", ec("secp256k1"), "sha256", {}],
    [
      "RSA PSS",
      generateKeyPairSync("rsa", { modulusLength: 2048 }),
      "sha256",
      { padding: constants.RSA_PKCS1_PSS_PADDING },
    ],
    ["RSA with another hash", generateKeyPairSync("rsa", { modulusLength: 2048 }), "sha512", {}],
    ["a key for RSA PSS alone", generateKeyPairSync("rsa-pss", { modulusLength: 2048 }), "sha256", {}],
    ["Ed448", generateKeyPairSync("ed448"), null, {}],
  ])("by %s is none", (_what, { privateKey, publicKey }, hash, options) => {
    const signature = sign(hash, BYTES, { key: privateKey, ...options });
    expect(isSignedBy(publicKey, BYTES, signature)).toBe(false);
  });

  it("by somebody else is none", () => {
    const pointless = createPublicKey(POINTLESS_KEY_PEM);
    const keys: readonly KeyObject[] = [ec("P-256").publicKey, generateKeyPairSync("ed25519").publicKey, pointless];
    const signature = sign("sha256", BYTES, ec("P-256").privateKey);
    for (const key of keys) expect(isSignedBy(key, BYTES, signature)).toBe(false);
  });
});
