import fc from "fast-check";
import { expect, test } from "vitest";
import { type Bundle, parseBundle } from "./bundle.ts";
import { encodeBundle, encodeMessageBundle } from "./encode-bundle.ts";
import { type MessageBundle, parseMessageBundle } from "./message-bundle.ts";

const bytes = (size = 0) => fc.uint8Array({ minLength: size, maxLength: 40 });
const entry = fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,10}$/), fc.string({ unit: "grapheme" }));
const material = fc.record({
  mediaType: fc.constantFrom(
    "application/vnd.dev.sigstore.bundle+json;version=0.1",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
    "application/vnd.dev.sigstore.bundle+json;version=0.3",
    "application/vnd.dev.sigstore.bundle.v0.3+json",
  ),
  signature: bytes(1),
  signer: fc.oneof(
    fc.record({ kind: fc.constant("key" as const), hint: fc.option(fc.string({ minLength: 1, unit: "grapheme" })) }),
    fc.record({
      kind: fc.constant("certificate" as const),
      chain: fc.array(bytes(), { minLength: 1, maxLength: 4 }),
    }),
  ),
  tlogEntries: fc.array(entry, { maxLength: 3 }),
  timestamps: fc.array(entry, { maxLength: 3 }),
});

test("a bundle of any version comes back as it was written, on one line", () => {
  const bundles: fc.Arbitrary<Bundle> = fc
    .tuple(material, bytes(), fc.string({ minLength: 1, unit: "grapheme" }))
    .map(([common, payload, payloadType]) => ({ ...common, payload, payloadType }));
  fc.assert(
    fc.property(bundles, (bundle) => {
      const encoded = encodeBundle(bundle);
      expect(encoded.includes(0x0a)).toBe(false);
      expect(parseBundle(encoded)).toEqual(bundle);
    }),
  );
});

test("so does one with a signature over a file", () => {
  const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const messageDigest = fc.option(digest.map((it) => ({ algorithm: "SHA2_256" as const, bytes: it })));
  const bundles: fc.Arbitrary<MessageBundle> = fc
    .tuple(material, messageDigest)
    .map(([common, stated]) => ({ ...common, messageDigest: stated }));
  fc.assert(
    fc.property(bundles, (bundle) => {
      expect(parseMessageBundle(encodeMessageBundle(bundle))).toEqual(bundle);
    }),
  );
});

test("v0.3 has one certificate, and older ones a chain", () => {
  const of = (mediaType: string) => {
    const signer = { kind: "certificate" as const, chain: [Uint8Array.of(1)] };
    const common = { mediaType, signer, tlogEntries: [], timestamps: [] };
    const bundle = { ...common, payload: new Uint8Array(), payloadType: "a/b", signature: Uint8Array.of(1) };
    return Object.keys(JSON.parse(new TextDecoder().decode(encodeBundle(bundle))).verificationMaterial);
  };
  expect(of("application/vnd.dev.sigstore.bundle.v0.3+json")).toEqual(["certificate", "tlogEntries"]);
  expect(of("application/vnd.dev.sigstore.bundle+json;version=0.3")).toEqual(["certificate", "tlogEntries"]);
  expect(of("application/vnd.dev.sigstore.bundle+json;version=0.2")).toEqual(["tlogEntries", "x509CertificateChain"]);
});
