import { createHash } from "node:crypto";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { contentOf, type Der, newTestKey, partsOf, sequence, tlv } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import type { SigningHash } from "../hash-of-curve.ts";
import { digestContent } from "./digest-content.ts";
import { fileContent } from "./signed-content.ts";

const FILE = new TextEncoder().encode("bytes of a file");
const hashed = (hash: SigningHash, bytes = FILE) => createHash(hash).update(bytes).digest();
const padded = (number: Der) => tlv(0x02, Uint8Array.of(0), number.slice(contentOf(number).start));

describe.each([
  ["P-256", p256],
  ["P-384", p384],
  ["P-521", p521],
] as const)("a signature by %s", (curve, { Signature, Point }) => {
  const key = newTestKey(curve);
  const hash = key.hash as SigningHash;
  const signature = key.sign(FILE);

  it("holds over the digest that belongs to the curve", () => {
    expect(digestContent(hash, hashed(hash), signature).isSignedBy(key.publicKey)).toBe(true);
  });

  it("holds with either of the two numbers that sign, as it does over the file", () => {
    const { r, s } = Signature.fromBytes(signature, "der");
    for (const either of [s, Point.Fn.neg(s)]) {
      const twin = new Signature(r, either).toBytes("der");
      expect(digestContent(hash, hashed(hash), twin).isSignedBy(key.publicKey)).toBe(true);
      expect(fileContent(FILE, twin).isSignedBy(key.publicKey)).toBe(true);
    }
  });

  it.each([
    ["nothing", () => new Uint8Array()],
    ["a byte less", () => signature.slice(0, -1)],
    ["a byte behind it", () => Uint8Array.of(...signature, 0)],
    ["a number with a zero before it", () => sequence(...partsOf(signature).map((part) => padded(part)))],
    ["a number alone", () => partsOf(signature)[0] ?? signature],
  ])("is not %s, over the digest as over the file", (_, change) => {
    expect(digestContent(hash, hashed(hash), change()).isSignedBy(key.publicKey)).toBe(false);
    expect(fileContent(FILE, change()).isSignedBy(key.publicKey)).toBe(false);
  });

  it("does not hold over another digest, or by another key", () => {
    const other = new TextEncoder().encode("other bytes");
    expect(digestContent(hash, hashed(hash, other), signature).isSignedBy(key.publicKey)).toBe(false);
    expect(digestContent(hash, hashed(hash), signature).isSignedBy(newTestKey(curve).publicKey)).toBe(false);
  });

  it("needs the file where another digest is known", () => {
    const another = hash === "sha256" ? "sha384" : "sha256";
    const content = digestContent(another, hashed(another), signature);
    expect(() => content.isSignedBy(key.publicKey)).toThrow(
      expect.objectContaining({
        code: "SIGNATURE_INVALID",
        expected: `the file itself, or its ${hash}`,
        actual: another,
      }),
    );
  });
});

it.each(["ed25519", "RSA"] as const)("a signature by %s needs the file", (kind) => {
  const content = digestContent("sha256", hashed("sha256"), new Uint8Array(64));
  expect(() => content.isSignedBy(newTestKey(kind).publicKey)).toThrow(
    expect.objectContaining({ code: "SIGNATURE_INVALID", expected: "the file itself", actual: "sha256" }),
  );
});

it("only the digest that is known is given, and no payload's", () => {
  const content = digestContent("sha256", hashed("sha256"), new Uint8Array(64));
  expect(content.digest("sha256")).toEqual(hashed("sha256"));
  expect(content.digest("sha384")).toBeNull();
  expect(content).toMatchObject({ kind: "message", payloadDigest: null, payloadType: null });
});
