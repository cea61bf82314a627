import { encodeBase64, encodeJson, parseBundle } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { bundleOfAttLayer } from "./att-bundle.ts";

const envelope = { payload: "cGF5", payloadType: "application/vnd.in-toto+json", signatures: [{ sig: "c2ln" }] };
const bytes = encodeJson(envelope);
const certificate = (body: string) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
const body = encodeBase64(encodeJson({ apiVersion: "0.0.1", kind: "intoto", spec: {} }));
const logged = JSON.stringify({
  SignedEntryTimestamp: "c2V0",
  Payload: { body, integratedTime: 1624396085, logIndex: 5179, logID: "c0d23d6ad406973f" },
});

const converted = (annotations: Record<string, string>) => {
  const bundle = bundleOfAttLayer(bytes, annotations);
  return bundle === null ? null : parseBundle(bundle);
};

describe("a layer of an .att tag becomes a bundle", () => {
  it("signed with a key", () => {
    expect(converted({ "dev.cosignproject.cosign/signature": "", predicateType: "x" })).toMatchObject({
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      payloadType: envelope.payloadType,
      payload: new TextEncoder().encode("pay"),
      signature: new TextEncoder().encode("sig"),
      signer: { kind: "key", hint: null },
      tlogEntries: [],
    });
  });

  it("signed with a certificate, its chain, and the entry of a log", () => {
    const bundle = converted({
      "dev.sigstore.cosign/certificate": certificate("AQID"),
      "dev.sigstore.cosign/chain": certificate("BA==") + certificate("BQ\n=="),
      "dev.sigstore.cosign/bundle": logged,
    });
    expect(bundle).toMatchObject({
      // Newer ones want a proof of inclusion, and here is only a promise.
      mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1",
      signer: { kind: "certificate", chain: [Uint8Array.of(1, 2, 3), Uint8Array.of(4), Uint8Array.of(5)] },
      tlogEntries: [
        {
          logIndex: "5179",
          logId: { keyId: Buffer.from("c0d23d6ad406973f", "hex").toString("base64") },
          kindVersion: { kind: "intoto", version: "0.0.1" },
          integratedTime: "1624396085",
          inclusionPromise: { signedEntryTimestamp: "c2V0" },
          canonicalizedBody: body,
        },
      ],
    });
  });

  it("with the hint at a key that the envelope has, and a chain without an entry", () => {
    const hinted = encodeJson({ ...envelope, signatures: [{ keyid: "h", sig: "c2ln" }] });
    const bundle = bundleOfAttLayer(hinted, {});
    expect(bundle === null ? null : parseBundle(bundle).signer).toEqual({ kind: "key", hint: "h" });
    expect(
      converted({
        "dev.sigstore.cosign/certificate": certificate("AQID"),
        "dev.sigstore.cosign/chain": certificate("BA=="),
      }),
    ).toMatchObject({
      // v0.3 has no place for a chain.
      mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.2",
      signer: { kind: "certificate", chain: [Uint8Array.of(1, 2, 3), Uint8Array.of(4)] },
    });
  });

  it("with a timestamp", () => {
    const timestamp = JSON.stringify({ SignedRFC3161Timestamp: "dHM=" });
    expect(converted({ "dev.sigstore.cosign/rfc3161timestamp": timestamp })?.timestamps).toEqual([
      { signedTimestamp: "dHM=" },
    ]);
  });
});

describe("what would lose something on the way is none", () => {
  const json = (change: object) => encodeJson({ ...envelope, ...change });
  it.each<[string, Uint8Array, Record<string, string>]>([
    ["no JSON", new TextEncoder().encode("{"), {}],
    ["no envelope", encodeJson({}), {}],
    ["two signatures", json({ signatures: [{ sig: "c2ln" }, { sig: "c2ln" }] }), {}],
    ["a certificate in the signature", json({ signatures: [{ sig: "c2ln", cert: "x" }] }), {}],
    ["a certificate that is none", bytes, { "dev.sigstore.cosign/certificate": "AQID" }],
    ["a certificate that is no base64", bytes, { "dev.sigstore.cosign/certificate": certificate("A") }],
    ["a log entry that is no JSON", bytes, { "dev.sigstore.cosign/bundle": "{" }],
    ["a log entry without body", bytes, { "dev.sigstore.cosign/bundle": JSON.stringify({ Payload: {} }) }],
    ["a log entry without promise", bytes, { "dev.sigstore.cosign/bundle": logged.replace("SignedEntry", "Other") }],
    ["a log entry without index", bytes, { "dev.sigstore.cosign/bundle": logged.replace("logIndex", "other") }],
    ["a log that is no digest", bytes, { "dev.sigstore.cosign/bundle": logged.replace("c0d2", "wxyz") }],
    ["a timestamp without bytes", bytes, { "dev.sigstore.cosign/rfc3161timestamp": "{}" }],
  ])("%s", (_what, layer, annotations) => {
    expect(bundleOfAttLayer(layer, annotations)).toBeNull();
  });
});
