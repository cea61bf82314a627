import { createHash, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { ascii, newTestKey, POINTLESS_KEY_PEM, pae } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { hashOfCurve } from "../hash-of-curve.ts";
import { envelopeContent, fileContent } from "./signed-content.ts";

const FILE = ascii("bytes of a file");

describe.each([
  ["P-256", "sha256"],
  ["P-384", "sha384"],
  ["P-521", "sha512"],
  ["ed25519", null],
  ["RSA", null],
] as const)("a key of %s", (kind, hash) => {
  const key = newTestKey(kind);

  it("signs a file", () => {
    const content = fileContent(FILE, key.sign(FILE));
    expect(content.isSignedBy(key.publicKey)).toBe(true);
    expect(content.isSignedBy(newTestKey(kind).publicKey)).toBe(false);
    expect(fileContent(ascii("another"), key.sign(FILE)).isSignedBy(key.publicKey)).toBe(false);
  });

  it("hashes with what its curve says", () => {
    expect(hashOfCurve(key.publicKey)).toBe(hash);
  });
});

it("a curve hashes with its own, whatever else the signer took", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
  expect(fileContent(FILE, sign("sha256", FILE, privateKey)).isSignedBy(publicKey)).toBe(false);
});

it.each([
  ["secp256k1", () => generateKeyPairSync("ec", { namedCurve: "secp256k1" })],
  ["ed448", () => generateKeyPairSync("ed448")],
  ["rsa", () => generateKeyPairSync("rsa", { modulusLength: 1024 })],
  ["rsa-pss", () => generateKeyPairSync("rsa-pss", { modulusLength: 2048 })],
  ["ec", () => ({ publicKey: createPublicKey(POINTLESS_KEY_PEM) })],
] as const)("a key of another kind is refused: %s", (actual, generate) => {
  const { publicKey } = generate();
  expect(hashOfCurve(publicKey)).toBeNull();
  expect(() => fileContent(FILE, new Uint8Array(64)).isSignedBy(publicKey)).toThrow(
    expect.objectContaining({
      code: "SIGNATURE_INVALID",
      expected: "EC P-256, P-384 or P-521, Ed25519, or RSA of 2048 bits and more",
      actual,
    }),
  );
});

it("of a file only its own digests are known", () => {
  const content = fileContent(FILE, new Uint8Array(64));
  for (const hash of ["sha256", "sha384", "sha512"] as const) {
    expect(content.digest(hash)).toEqual(createHash(hash).update(FILE).digest());
  }
  expect(content).toMatchObject({ kind: "message", payloadDigest: null, payloadType: null });
});

it("of an envelope its encoding is signed, and its payload known", () => {
  const key = newTestKey();
  const signature = key.sign(pae("text/plain", FILE));
  const content = envelopeContent({ payloadType: "text/plain", payload: FILE, signature });
  expect(content).toMatchObject({ kind: "dsse", signature, payloadType: "text/plain" });
  expect(content.payloadDigest).toEqual(createHash("sha256").update(FILE).digest());
  expect(content.digest("sha256")).toEqual(createHash("sha256").update(pae("text/plain", FILE)).digest());
  expect(content.isSignedBy(key.publicKey)).toBe(true);
  const retyped = envelopeContent({ payloadType: "text/html", payload: FILE, signature });
  expect(retyped.isSignedBy(key.publicKey)).toBe(false);
});
