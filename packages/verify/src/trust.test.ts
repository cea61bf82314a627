import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { MAX_SMALL_FILE_BYTES } from "@touchmark/core";
import { POINTLESS_KEY_PEM } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { testKey } from "../test/signed-bundles.ts";
import { isCloudBuildTrust, isIdentityTrust, isKeyTrust, type Trust, trustedKey } from "./trust.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const pemOf = (kind: Parameters<typeof testKey>[0]) => new TextDecoder().decode(testKey(kind).pem);

const dsa = generateKeyPairSync("dsa", { modulusLength: 1024, divisorLength: 160 });

describe("trustedKey", () => {
  it.each([
    ["ed25519", "ed25519"],
    ["P-256", "ecdsa-p256"],
    ["P-384", "ecdsa-p384"],
  ] as const)("takes %s", (kind, algorithm) => {
    const { pem } = testKey(kind);
    const spki = createPublicKey(new TextDecoder().decode(pem)).export({ type: "spki", format: "der" });
    expect(trustedKey(pem, "a.pub")).toMatchObject({
      kind: "key",
      label: "a.pub",
      algorithm,
      digest: createHash("sha256").update(spki).digest("hex"),
    });
  });

  it("takes CRLF line ends and text around the block", () => {
    const { pem, trust } = testKey();
    const text = `subject: the release key\r\n${new TextDecoder().decode(pem).replaceAll("\n", "\r\n")}`;
    expect(trustedKey(bytes(text), "a.pub").digest).toBe(trust.digest);
  });

  it("takes lines that only look like the edges of a block", () => {
    const { pem, trust } = testKey();
    const real = new TextDecoder().decode(pem);
    for (const line of [
      "see -----BEGIN PUBLIC KEY-----",
      "-----BEGIN PUBLIC KEY----- is below",
      "see -----BEGIN PRIVATE KEY-----",
      "see -----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
    ]) {
      expect(trustedKey(bytes(`${line}\n${real}`), "a.pub").digest).toBe(trust.digest);
    }
  });

  it("takes a file of a megabyte at most", () => {
    const { pem, trust } = testKey();
    const padded = (size: number) => bytes(new TextDecoder().decode(pem).padEnd(size, "\n"));
    expect(trustedKey(padded(MAX_SMALL_FILE_BYTES), "a.pub").digest).toBe(trust.digest);
    expect(() => trustedKey(padded(MAX_SMALL_FILE_BYTES + 1), "a.pub")).toThrow(
      expect.objectContaining({ code: "KEY_INVALID", actual: `${MAX_SMALL_FILE_BYTES + 1} bytes` }),
    );
  });

  it.each([
    [
      "a private key behind a public one",
      () => bytes(pemOf("P-256") + new TextDecoder().decode(testKey().privatePem)),
      "the public half (touchmark.pub)",
      'a PEM block "PRIVATE KEY"',
    ],
    [
      "other content",
      () => bytes("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
      "a public key in PEM (BEGIN PUBLIC KEY)",
      "a block whose content is not a key",
    ],
    ["two keys", () => bytes(pemOf("P-256") + pemOf("P-256")), "one PEM block BEGIN PUBLIC KEY", "2 PEM blocks"],
    [
      "P-521",
      () => testKey("P-521").pem,
      "a public key (BEGIN PUBLIC KEY): EC P-256, EC P-384 or Ed25519",
      "secp521r1",
    ],
    ["RSA", () => testKey("RSA").pem, "a public key (BEGIN PUBLIC KEY): EC P-256, EC P-384 or Ed25519", "rsa"],
  ])("says what it expected and what there is: %s", (_what, pem, expected, actual) => {
    expect(() => trustedKey(pem(), "a.pub")).toThrow(expect.objectContaining({ expected, actual }));
  });

  it.each([
    ["a private key", () => testKey().privatePem, "KEY_IS_PRIVATE"],
    ["an encrypted private key", () => bytes("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"), "KEY_IS_PRIVATE"],
    [
      "a private key behind a public one",
      () => bytes(pemOf("P-256") + new TextDecoder().decode(testKey().privatePem)),
      "KEY_IS_PRIVATE",
    ],
    ["P-521", () => testKey("P-521").pem, "KEY_UNSUPPORTED"],
    ["RSA", () => testKey("RSA").pem, "KEY_UNSUPPORTED"],
    // Of some, Node ends when it is asked for their details.
    ["DSA", () => bytes(dsa.publicKey.export({ type: "spki", format: "pem" }).toString()), "KEY_UNSUPPORTED"],
    ["a certificate", () => bytes("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), "KEY_UNSUPPORTED"],
    ["two keys", () => bytes(pemOf("P-256") + pemOf("P-256")), "KEY_INVALID"],
    ["nothing", () => bytes(""), "KEY_INVALID"],
    ["text", () => bytes("ssh-ed25519 AAAAC3Nza octo"), "KEY_INVALID"],
    ["a block with more behind its end", () => bytes(pemOf("ed25519").replace(/-----\n$/, "-----x\n")), "KEY_INVALID"],
    ["a block without an end", () => bytes(pemOf("ed25519").split("-----END")[0] ?? ""), "KEY_INVALID"],
    [
      "a block with other content",
      () => bytes("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
      "KEY_INVALID",
    ],
    ["a key without a point", () => bytes(POINTLESS_KEY_PEM), "KEY_INVALID"],
    ["a file far too large", () => new Uint8Array(1024 * 1024 + 1), "KEY_INVALID"],
  ])("refuses %s", (_what, pem, code) => {
    expect(() => trustedKey(pem(), "a.pub")).toThrow(expect.objectContaining({ code }));
  });
});

it.each([
  ["key", [true, false, false]],
  ["identity", [false, true, false]],
  ["cloud-build", [false, false, true]],
])("trust in a %s is of that kind alone", (kind, expected) => {
  const trust = { kind } as Trust;
  expect([isKeyTrust(trust), isIdentityTrust(trust), isCloudBuildTrust(trust)]).toEqual(expected);
});
