import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { encodeBase64 } from "./base64.ts";
import { encodeKeyBundle, parseBundle } from "./bundle.ts";
import { BUNDLE_V03 } from "./bundle-material.ts";

// Large inputs, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000 });

const utf8 = (text: string) => new TextEncoder().encode(text);
const parse = (value: unknown) => parseBundle(utf8(JSON.stringify(value)));
const certificate = { rawBytes: "AQID" };
const envelope = { payload: "cGF5", payloadType: "application/vnd.in-toto+json", signatures: [{ sig: "c2ln" }] };
const bundle = {
  mediaType: BUNDLE_V03,
  verificationMaterial: { publicKey: { hint: "h" }, tlogEntries: [] },
  dsseEnvelope: envelope,
};
const withMaterial = (verificationMaterial: object) => ({ ...bundle, verificationMaterial });
const withEnvelope = (change: object) => ({ ...bundle, dsseEnvelope: { ...envelope, ...change } });

test("a key bundle comes back as it was written", () => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.uint8Array(),
      fc.string({ maxLength: 20, unit: "grapheme" }),
      fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }),
      (payload, signature, hint, payloadType) => {
        const bytes = encodeKeyBundle({ payloadType, payload, signature, hint });
        expect(bytes.includes(0x0a)).toBe(false);
        expect(parseBundle(bytes)).toEqual({
          mediaType: BUNDLE_V03,
          payloadType,
          payload,
          signature,
          signer: { kind: "key", hint: hint === "" ? null : hint },
          tlogEntries: [],
          timestamps: [],
        });
      },
    ),
  );
});

describe("what is read", () => {
  test.each([
    "application/vnd.dev.sigstore.bundle+json;version=0.1",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
    "application/vnd.dev.sigstore.bundle+json;version=0.3",
    "application/vnd.dev.sigstore.bundle.v0.3+json",
  ])("%s", (mediaType) => {
    expect(parse({ ...bundle, mediaType }).mediaType).toBe(mediaType);
  });

  test.each([
    ["a key with a hint", { publicKey: { hint: "h" } }, { kind: "key", hint: "h" }],
    ["a key without", { publicKey: {} }, { kind: "key", hint: null }],
    ["a certificate", { certificate }, { kind: "certificate", chain: [Uint8Array.of(1, 2, 3)] }],
    [
      "a chain",
      { x509CertificateChain: { certificates: [certificate, { rawBytes: "BA==" }] } },
      { kind: "certificate", chain: [Uint8Array.of(1, 2, 3), Uint8Array.of(4)] },
    ],
  ])("%s", (_what, material, signer) => {
    expect(parse(withMaterial(material)).signer).toEqual(signer);
  });

  test("log entries and timestamps as they stand", () => {
    const tlogEntries = [{ logIndex: "1", nested: { any: [null, 1.5] } }];
    const rfc3161Timestamps = [{ signedTimestamp: "AQ==" }];
    const read = parse(withMaterial({ publicKey: {}, tlogEntries, timestampVerificationData: { rfc3161Timestamps } }));
    expect(read).toMatchObject({ tlogEntries, timestamps: rfc3161Timestamps });
    expect(parse(withMaterial({ publicKey: {}, timestampVerificationData: null })).timestamps).toEqual([]);
    expect(parse(withMaterial({ publicKey: {}, timestampVerificationData: {} })).timestamps).toEqual([]);
  });

  test("the URL-safe alphabet, and a key id, which nobody uses", () => {
    const read = parse(withEnvelope({ payload: "-_-_", signatures: [{ sig: "c2ln", keyid: "k" }] }));
    expect(read.payload).toEqual(Uint8Array.of(0xfb, 0xff, 0xbf));
  });
});

test.each([
  ["a list", [], "expected object"],
  ["another media type", { ...bundle, mediaType: "application/vnd.dev.sigstore.bundle.v0.4+json" }, "mediaType"],
  ["an unknown member", { ...bundle, extra: 1 }, "extra"],
  ["a message signature", { ...bundle, dsseEnvelope: undefined, messageSignature: {} }, "dsseEnvelope"],
  ["unknown material", withMaterial({ publicKey: {}, extra: 1 }), "verificationMaterial"],
  ["an unknown member of the key", withMaterial({ publicKey: { rawBytes: "AQ==" } }), "publicKey"],
  ["an unknown member of a certificate", withMaterial({ certificate: { ...certificate, extra: 1 } }), "certificate"],
  ["an empty chain", withMaterial({ x509CertificateChain: { certificates: [] } }), "0 entries, expected 1 to 16"],
  [
    "17 certificates",
    withMaterial({ x509CertificateChain: { certificates: Array(17).fill(certificate) } }),
    "17 entries",
  ],
  ["33 log entries", withMaterial({ publicKey: {}, tlogEntries: Array(33).fill({}) }), "33 entries"],
  ["a log entry that is no object", withMaterial({ publicKey: {}, tlogEntries: ["x"] }), "tlogEntries.0"],
  [
    "33 timestamps",
    withMaterial({ publicKey: {}, timestampVerificationData: { rfc3161Timestamps: Array(33).fill({}) } }),
    "33 entries",
  ],
  ["no signature", withEnvelope({ signatures: [] }), "signatures"],
  ["two signatures", withEnvelope({ signatures: [{ sig: "c2ln" }, { sig: "c2ln" }] }), "signatures"],
  ["an unknown member of the signature", withEnvelope({ signatures: [{ sig: "c2ln", cert: "x" }] }), "cert"],
  ["an unknown member of the envelope", withEnvelope({ extra: 1 }), "extra"],
  ["an empty payload type", withEnvelope({ payloadType: "" }), "payloadType"],
  ["a payload type with a lone surrogate", withEnvelope({ payloadType: "a\ud800" }), "a lone surrogate"],
  ["a payload that is no base64", withEnvelope({ payload: "cGF5\n" }), "cGF5"],
  ["a signature without padding", withEnvelope({ signatures: [{ sig: "Zg" }] }), "Zg"],
  ["a certificate with trailing bits", withMaterial({ certificate: { rawBytes: "Zh==" } }), "Zh=="],
  ["nobody who signed", withMaterial({}), "none or several"],
  ["a key and a certificate", withMaterial({ publicKey: {}, certificate }), "none or several"],
  [
    "a certificate and a chain",
    withMaterial({ certificate, x509CertificateChain: { certificates: [certificate] } }),
    "none or several",
  ],
])("%s is malformed", (_what, value, actual) => {
  expect(() => parse(value)).toThrow(
    expect.objectContaining({ code: "BUNDLE_MALFORMED", actual: expect.stringContaining(actual) }),
  );
});

test.each([
  ["no JSON", "{"],
  ["a key twice", JSON.stringify(bundle).replace("{", `{"mediaType":"${BUNDLE_V03}",`)],
  ["two values", `${JSON.stringify(bundle)}${JSON.stringify(bundle)}`],
])("%s is malformed", (_what, text) => {
  expect(() => parseBundle(utf8(text))).toThrow(expect.objectContaining({ code: "BUNDLE_MALFORMED" }));
});

test("a log entry as large as the file is read", { timeout: 60_000 }, () => {
  const tlogEntries = [{ zeros: Array(1_000_000).fill(0) }];
  expect(parse(withMaterial({ publicKey: {}, tlogEntries })).tlogEntries).toHaveLength(1);
});

test("above 64 MiB nothing is read", () => {
  expect(() => parseBundle(new Uint8Array(64 * 1024 * 1024 + 1))).toThrow(
    expect.objectContaining({ code: "EVIDENCE_TOO_LARGE", actual: "67108865 bytes" }),
  );
});

test("base64 of the payload stands in the bundle once, in the standard alphabet", () => {
  const payload = Uint8Array.of(0xfb, 0xff, 0xbf);
  const text = new TextDecoder().decode(encodeKeyBundle({ payloadType: "t", payload, signature: payload, hint: "h" }));
  expect(text).toContain(`"payload":"${encodeBase64(payload)}"`);
});
