import { createHash } from "node:crypto";
import { newTestKey } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { digestContent } from "./digest-content.ts";
import type { SigningHash } from "./signed-content.ts";

const FILE = new TextEncoder().encode("bytes of a file");
const hashed = (hash: SigningHash, bytes = FILE) => createHash(hash).update(bytes).digest();

describe.each(["P-256", "P-384", "P-521"] as const)("a signature by %s", (curve) => {
  const key = newTestKey(curve);
  const hash = key.hash as SigningHash;
  const signature = key.sign(FILE);

  it("holds over the digest that belongs to the curve", () => {
    expect(digestContent(hash, hashed(hash), signature).isSignedBy(key.publicKey)).toBe(true);
  });

  it("does not hold over another digest, by another key, or changed", () => {
    const other = new TextEncoder().encode("other bytes");
    expect(digestContent(hash, hashed(hash, other), signature).isSignedBy(key.publicKey)).toBe(false);
    expect(digestContent(hash, hashed(hash), signature).isSignedBy(newTestKey(curve).publicKey)).toBe(false);
    expect(digestContent(hash, hashed(hash), signature.subarray(1)).isSignedBy(key.publicKey)).toBe(false);
    expect(digestContent(hash, hashed(hash), new Uint8Array()).isSignedBy(key.publicKey)).toBe(false);
  });

  it("needs the file where another digest is known", () => {
    const another = hash === "sha256" ? "sha384" : "sha256";
    const content = digestContent(another, hashed(another), signature);
    expect(() => content.isSignedBy(key.publicKey)).toThrow(expect.objectContaining({ code: "SIGNATURE_INVALID" }));
  });
});

it.each(["ed25519", "RSA"] as const)("a signature by %s needs the file", (kind) => {
  const content = digestContent("sha256", hashed("sha256"), new Uint8Array(64));
  expect(() => content.isSignedBy(newTestKey(kind).publicKey)).toThrow(
    expect.objectContaining({ code: "SIGNATURE_INVALID" }),
  );
});

it("only the digest that is known is given, and no payload's", () => {
  const content = digestContent("sha256", hashed("sha256"), new Uint8Array(64));
  expect(content.digest("sha256")).toEqual(hashed("sha256"));
  expect(content.digest("sha384")).toBeNull();
  expect(content).toMatchObject({ kind: "message", payloadDigest: null, payloadType: null });
});
