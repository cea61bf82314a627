import { describe, expect, it } from "vitest";
import { BUNDLE_V03 } from "./bundle-material.ts";
import { parseMessageBundle } from "./message-bundle.ts";

const bundle = {
  mediaType: BUNDLE_V03,
  verificationMaterial: { certificate: { rawBytes: "AAAA" }, tlogEntries: [{ logIndex: "1" }] },
  messageSignature: {
    messageDigest: { algorithm: "SHA2_256", digest: Buffer.alloc(32, 1).toString("base64") },
    signature: "AQID",
  },
};

const parse = (json: unknown) => parseMessageBundle(new TextEncoder().encode(JSON.stringify(json)));
const withMessage = (change: object) => ({ ...bundle, messageSignature: { ...bundle.messageSignature, ...change } });

describe("parseMessageBundle", () => {
  it("reads what was signed, by whom, and what comes with it", () => {
    expect(parse(bundle)).toEqual({
      mediaType: BUNDLE_V03,
      signer: { kind: "certificate", chain: [new Uint8Array(3)] },
      tlogEntries: [{ logIndex: "1" }],
      timestamps: [],
      signature: Uint8Array.of(1, 2, 3),
      messageDigest: { algorithm: "SHA2_256", bytes: new Uint8Array(32).fill(1) },
    });
    expect(parse(withMessage({ messageDigest: null })).messageDigest).toBeNull();
  });

  it.each([
    ["an envelope beside it", { ...bundle, dsseEnvelope: {} }],
    ["no signature", { ...bundle, messageSignature: undefined }],
    ["an empty signature", withMessage({ signature: "" })],
    ["a signature that is no base64", withMessage({ signature: "!" })],
    [
      "a digest of another length",
      withMessage({ messageDigest: { algorithm: "SHA2_512", digest: bundle.messageSignature.messageDigest.digest } }),
    ],
    ["a digest of an unknown kind", withMessage({ messageDigest: { algorithm: "SHA3_256", digest: "AAAA" } })],
    ["a member that is not known", withMessage({ extra: 1 })],
    ["another media type", { ...bundle, mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.4" }],
    ["two signers", { ...bundle, verificationMaterial: { ...bundle.verificationMaterial, publicKey: {} } }],
    [
      "33 log entries",
      { ...bundle, verificationMaterial: { ...bundle.verificationMaterial, tlogEntries: new Array(33).fill({}) } },
    ],
    ["a list", [bundle]],
  ])("refuses %s", (_, json) => {
    expect(() => parse(json)).toThrow(expect.objectContaining({ code: "BUNDLE_MALFORMED" }));
  });
});
