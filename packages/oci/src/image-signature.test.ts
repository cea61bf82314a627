import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { POINTLESS_KEY_PEM } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import {
  encodeImageSignatures,
  type ImageSignature,
  isSignatureOver,
  parseImageSignatures,
  simpleSigningPayload,
} from "./image-signature.ts";

const digest = `sha256:${"696e5fab".repeat(8)}`;
const image = { name: "127.0.0.1:5612/octo/app", digest };
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const utf8 = (value: string) => new TextEncoder().encode(value);

const ecdsa = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ed25519 = generateKeyPairSync("ed25519");

function signed(
  pair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } = ecdsa,
  payload = simpleSigningPayload(image),
): ImageSignature {
  const signature = sign(pair === ed25519 ? null : "sha256", payload, pair.privateKey);
  return { ...image, payload, signature, publicKey: pair.publicKey.export({ type: "spki", format: "pem" }).toString() };
}

it("the payload is cosign's, byte for byte", () => {
  // As cosign 3.1.3 signed an image of this name and digest with --new-bundle-format=false.
  expect(text(simpleSigningPayload(image))).toBe(
    `{"critical":{"identity":{"docker-reference":"127.0.0.1:5612/octo/app"},"image":{"docker-manifest-digest":"${digest}"},"type":"cosign container image signature"},"optional":null}`,
  );
});

describe("isSignatureOver", () => {
  const one = signed();

  it.each([
    ["ECDSA", ecdsa],
    ["Ed25519", ed25519],
  ])("%s", (_name, pair) => {
    const { payload, signature, publicKey } = signed(pair);
    expect(isSignatureOver(payload, signature, publicKey)).toBe(true);
    expect(isSignatureOver(utf8("{}"), signature, publicKey)).toBe(false);
  });

  it.each([
    ["RSA", generateKeyPairSync("rsa", { modulusLength: 2048 })],
    ["another curve", generateKeyPairSync("ec", { namedCurve: "secp256k1" })],
  ])("not of a key that nobody signs with: %s", (_name, pair) => {
    const { payload, signature, publicKey } = signed(pair);
    expect(isSignatureOver(payload, signature, publicKey)).toBe(false);
  });

  it.each([
    ["another key", signed(ed25519).publicKey],
    ["a text before the key", `#!/bin/sh\n${one.publicKey}`],
    ["a text behind it", `${one.publicKey}#!/bin/sh\n`],
    ["no key", "nothing"],
    ["a key without a point", POINTLESS_KEY_PEM],
  ])("not where there is %s", (_name, publicKey) => {
    const { payload, signature } = one;
    expect(isSignatureOver(payload, signature, publicKey)).toBe(false);
  });
});

describe("a file of signatures", () => {
  it("comes back as it was written", () => {
    const signatures = [signed(), signed(ed25519)];
    const read = parseImageSignatures(encodeImageSignatures(signatures), "file");
    expect(read).toHaveLength(2);
    for (const [index, one] of read.entries()) {
      expect(one).toMatchObject({ ...image, publicKey: signatures[index]?.publicKey });
      expect(Buffer.from(one.signature)).toEqual(Buffer.from(signatures[index]?.signature ?? []));
      expect(text(one.payload)).toBe(text(simpleSigningPayload(image)));
    }
  });

  it.each([
    ["a mark before its first line", (bytes: Uint8Array) => Buffer.concat([Buffer.from("efbbbf", "hex"), bytes])],
    ["bytes that are no text", (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.from("ff", "hex")])],
  ])("with %s is none", (_what, change) => {
    const bytes = change(encodeImageSignatures([signed()]));
    expect(() => parseImageSignatures(bytes, "file")).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  it("may be empty", () => {
    expect(parseImageSignatures(encodeImageSignatures([]), "file")).toEqual([]);
  });

  const line = () => JSON.parse(text(encodeImageSignatures([signed()]))) as Record<string, string>;
  const over = (payload: object) => text(encodeImageSignatures([signed(ecdsa, utf8(JSON.stringify(payload)))]));
  const critical = {
    identity: { "docker-reference": image.name },
    image: { "docker-manifest-digest": digest },
    type: "cosign container image signature",
  };
  it.each<[string, () => string]>([
    ["no JSON", () => "{"],
    ["another media type", () => JSON.stringify({ ...line(), mediaType: "text/plain" })],
    ["another member", () => JSON.stringify({ ...line(), extra: "" })],
    ["another payload", () => JSON.stringify({ ...line(), payload: line()["payload"]?.replace(/^e/, "f") })],
    ["another key", () => JSON.stringify({ ...line(), publicKey: signed(ed25519).publicKey })],
    ["another signature", () => JSON.stringify({ ...line(), signature: "AAAA" })],
    ["a payload of another type", () => over({ critical: { ...critical, type: "other" }, optional: null })],
    ["a payload with more in it", () => over({ critical, optional: { creator: "me" } })],
    [
      "a reference with a tag",
      () => over({ critical: { ...critical, identity: { "docker-reference": `${image.name}:1` } }, optional: null }),
    ],
    [
      "a digest that is none",
      () => over({ critical: { ...critical, image: { "docker-manifest-digest": "sha256:0" } }, optional: null }),
    ],
  ])("refuses %s", (_name, content) => {
    expect(() => parseImageSignatures(utf8(content()), "file")).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID" }),
    );
  });

  it.each([
    ["10,001 lines", "{}\n".repeat(10_001)],
    ["a line above 16 KiB", `"${"x".repeat(16 * 1024)}"`],
  ])("refuses %s", (_name, content) => {
    expect(() => parseImageSignatures(utf8(content), "file")).toThrow(
      expect.objectContaining({ code: "LIMIT_EXCEEDED" }),
    );
  });
});
