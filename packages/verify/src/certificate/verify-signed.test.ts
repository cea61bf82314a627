import { parseBundle } from "@touchmark/core";
import {
  type BundleOptions,
  entryFor,
  newTestKey,
  publicPem,
  rootOf,
  signBundle,
  timestampResponse,
} from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { at, other } from "../../test/attack-cases.ts";
import { bytesOf, PAYLOAD, roots, rootsFrom, sign, sigstore } from "../../test/certificate-cases.ts";
import { bundleVersion } from "./verify-signed.ts";

const refusal = (code: string, detail: object = {}) => expect.objectContaining({ code, ...detail });

describe("the version of a bundle", () => {
  it.each([
    ["application/vnd.dev.sigstore.bundle.v0.3+json", "0.3"],
    ["application/vnd.dev.sigstore.bundle.v0.3", "0.3"],
    ["application/vnd.dev.sigstore.bundle+json;version=0.3", "0.3"],
    ["application/vnd.dev.sigstore.bundle+json;version=0.2", "0.2"],
    ["application/vnd.dev.sigstore.bundle+json;version=0.1", "0.1"],
  ])("of %s is %s", (mediaType, version) => {
    expect(bundleVersion(mediaType)).toBe(version);
  });

  it.each([
    "application/vnd.dev.sigstore.bundle.v0.4+json",
    "application/vnd.dev.sigstore.bundle.v0.33+json",
    "application/vnd.dev.sigstore.bundle.v0.3+jsonx",
    "application/vnd.dev.sigstore.bundle+json;version=0.0",
    "application/vnd.dev.sigstore.bundle+json;version=1.0.1",
    "application/vnd.dev.sigstore.bundle+json",
    "",
  ])("of %j is not known", (mediaType) => {
    expect(() => bundleVersion(mediaType)).toThrow(
      refusal("BUNDLE_MALFORMED", { expected: "v0.1 to v0.3", actual: mediaType }),
    );
  });
});

describe("the certificate that signed", () => {
  const withChain = (version: "0.1" | "0.2" | "0.3", length: number) => {
    const bundle = structuredClone(sign({ version, entry: "dsse-0.0.1" }));
    const material = bundle.verificationMaterial;
    const [leaf] = material.x509CertificateChain?.certificates ?? [material.certificate ?? { rawBytes: "" }];
    const authorities = sigstore.fulcio.chain.map(({ der }) => ({ rawBytes: Buffer.from(der).toString("base64") }));
    delete material.certificate;
    material.x509CertificateChain = { certificates: [leaf ?? { rawBytes: "" }, ...authorities].slice(0, length) };
    return () => roots.verifyBundle(parseBundle(bytesOf(bundle)), false);
  };
  const notOne = (actual: string) => refusal("BUNDLE_MALFORMED", { expected: "one certificate", actual });

  it("stands alone from v0.3 on, and at the head of a chain before", () => {
    for (const version of ["0.1", "0.2", "0.3"] as const) expect(withChain(version, 1)).not.toThrow();
    for (const version of ["0.1", "0.2"] as const) expect(withChain(version, 3)).not.toThrow();
    expect(withChain("0.3", 2)).toThrow(notOne("a chain of 2"));
  });

  it("is there", () => {
    const byKey = parseBundle(bytesOf(sign({ keyHint: "" })));
    expect(() => roots.verifyBundle(byKey, false)).toThrow(notOne("none"));
  });
});

describe("a checkpoint names the log that the entry is of", () => {
  it("and none of the others", async () => {
    const named = sign({ entry: "dsse-0.0.1" });
    const root = rootOf(sigstore);
    for (const log of root.tlogs)
      log.baseUrl = log.baseUrl === "https://rekor.sigstore.test" ? "https://another.example" : log.baseUrl;
    root.tlogs.push({ ...rootOf(other).tlogs[0], baseUrl: "https://rekor.sigstore.test" } as (typeof root.tlogs)[0]);
    const confused = await rootsFrom(root);
    expect(() => confused.verifyBundle(parseBundle(bytesOf(named)), false)).toThrow(
      refusal("LOG_ENTRY_INVALID", { expected: "another.example" }),
    );
  });
});

describe("what comes with a signature by a key", () => {
  const key = newTestKey();
  const judge = (options: BundleOptions, changed: Partial<typeof sigstore> = {}, root = roots) => {
    const { bundle } = signBundle({ ...sigstore, ...changed }, PAYLOAD, { key, keyHint: "", ...options });
    return () => root.verifyBundleByKey(parseBundle(bytesOf(bundle)), key.publicKey);
  };

  it.each<[string, BundleOptions]>([
    ["nothing", { entry: null, timestamp: null }],
    ["a timestamp", { entry: null }],
    ["an entry", { timestamp: null }],
    ["an entry with a promise", { entry: "dsse-0.0.1", timestamp: null }],
    ["an entry of an old kind", { entry: "intoto-0.0.1", timestamp: null }],
    ["both", {}],
  ])("is not needed, and holds: %s", (_, options) => {
    expect(judge(options)).not.toThrow();
  });

  it.each<[string, BundleOptions, Partial<typeof sigstore>, string]>([
    ["a timestamp by somebody else", { entry: null }, { timestamps: other.timestamps }, "TIMESTAMP_INVALID"],
    ["an entry of another log", { timestamp: null }, { rekorV2: other.rekorV2 }, "LOG_ENTRY_INVALID"],
    [
      "an entry of an old kind in another log",
      { entry: "intoto-0.0.1", timestamp: null },
      { rekorV1: other.rekorV1 },
      "LOG_ENTRY_INVALID",
    ],
    [
      "a checkpoint under another name",
      { timestamp: null, entryOptions: { checkpoint: { origin: "rekor.sigstore.test" } } },
      {},
      "LOG_ENTRY_INVALID",
    ],
  ])("is refused though it is not needed: %s", (_, options, changed, code) => {
    expect(judge(options, changed)).toThrow(refusal(code));
  });

  it("is about this key", () => {
    const { bundle, ...signed } = signBundle(sigstore, PAYLOAD, { key, keyHint: "" });
    const about = { ...signed, payload: PAYLOAD, payloadType: "application/vnd.in-toto+json" };
    for (const [verifierPem, isThis] of [
      [publicPem(key), true],
      [publicPem(newTestKey()), false],
    ] as const) {
      const time = at("12:00:00");
      const tlogEntries = [entryFor(sigstore, "dsse-0.0.1", { ...about, verifierPem }, { time })];
      const parsed = parseBundle(
        bytesOf({ ...bundle, verificationMaterial: { ...bundle.verificationMaterial, tlogEntries } }),
      );
      const verify = () => roots.verifyBundleByKey(parsed, key.publicKey);
      if (isThis) expect(verify).not.toThrow();
      else expect(verify).toThrow(refusal("LOG_ENTRY_INVALID", { expected: "the certificate or key of this bundle" }));
    }
  });

  it("is of a log in the time of that log", async () => {
    const root = rootOf(sigstore);
    for (const log of root.tlogs) log.publicKey.validFor = { start: "2026-01-16T00:00:00Z" };
    const later = await rootsFrom(root);
    expect(judge({ entry: "hashedrekord-0.0.2" }, {}, later)).toThrow(refusal("LOG_ENTRY_INVALID"));
    expect(judge({ entry: null }, {}, later)).not.toThrow();
  });

  it("does not make up for a signature by another key", () => {
    const { bundle } = signBundle(sigstore, PAYLOAD, { key, keyHint: "", entry: null, timestamp: null });
    expect(() => roots.verifyBundleByKey(parseBundle(bytesOf(bundle)), newTestKey().publicKey)).toThrow(
      refusal("SIGNATURE_INVALID"),
    );
  });

  it("is each over this signature", () => {
    const { bundle, signature } = signBundle(sigstore, PAYLOAD, { key, keyHint: "", entry: null, timestamp: null });
    const stamped = (bytes: Uint8Array) => {
      const der = timestampResponse(sigstore.timestamps, bytes, { time: at("12:00:00") });
      const rfc3161Timestamps = [{ signedTimestamp: Buffer.from(der).toString("base64") }];
      const verificationMaterial = { ...bundle.verificationMaterial, timestampVerificationData: { rfc3161Timestamps } };
      return () => roots.verifyBundleByKey(parseBundle(bytesOf({ ...bundle, verificationMaterial })), key.publicKey);
    };
    expect(stamped(signature)).not.toThrow();
    expect(stamped(new Uint8Array(64))).toThrow(refusal("TIMESTAMP_INVALID"));
  });
});
