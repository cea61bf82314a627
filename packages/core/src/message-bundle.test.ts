import { describe, expect, it } from "vitest";
import { parseBundleFile } from "./bundle-file.ts";
import { BUNDLE_V03 } from "./bundle-material.ts";
import { messageBundleIn, parseMessageBundle } from "./message-bundle.ts";

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

describe("messageBundleIn", () => {
  const lineOf = (json: unknown) => {
    const [line] = parseBundleFile(new TextEncoder().encode(JSON.stringify(json)));
    if (line === undefined) throw new Error("no line");
    return messageBundleIn(line);
  };

  it("finds a signature over a file where no bundle with an envelope is", () => {
    expect(lineOf(bundle)).toEqual(parse(bundle));
  });

  it("finds nothing in what is neither, or in a bundle with an envelope", () => {
    const { messageSignature: _signature, ...rest } = bundle;
    const dsseEnvelope = { payload: "AAAA", payloadType: "text/plain", signatures: [{ sig: "AAAA" }] };
    expect(lineOf({ ...rest, dsseEnvelope })).toBeNull();
    expect(lineOf({ ...bundle, dsseEnvelope })).toBeNull();
    expect(lineOf(rest)).toBeNull();
    expect(lineOf([])).toBeNull();
  });
});
