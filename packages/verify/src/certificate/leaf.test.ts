import {
  ascii,
  basicConstraints,
  type Der,
  EKU,
  fulcioLeaf,
  integer,
  keyUsage,
  type LeafOptions,
  newTestKey,
  octets,
  oid,
  partsOf,
  sequence,
  tlv,
} from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { IDENTITY, ISSUER, sigstore } from "../../test/certificate-cases.ts";
import { changedAt } from "../../test/changed-der.ts";
import { readLeaf } from "./leaf.ts";
import { MAX_CERTIFICATE_BYTES } from "./limits.ts";

const TIME = new Date("2026-01-15T12:00:00Z");
const made = (options: Partial<LeafOptions> = {}) =>
  fulcioLeaf(sigstore.fulcio, newTestKey(), TIME, { ctLogs: [sigstore.ctLog], ...options }).der;
const refusedFor = (der: Der, message: string, detail: { readonly expected?: string; readonly actual?: string } = {}) =>
  expect(() => readLeaf(der)).toThrow(
    expect.objectContaining({ code: "CERTIFICATE_INVALID", message: expect.stringContaining(message), ...detail }),
  );

/** Places in a certificate: RFC 5280 section 4.1. */
const SIGNED_PART = [0];
const VERSION = [0, 0, 0];
const SIGNED_ALGORITHM = [0, 2];
const OUTER_ALGORITHM = [1];
const EXTENSIONS = [0, 7, 0];
const algorithm = (text: string) => sequence(oid(text));

it("says who, from whom and how long", () => {
  expect(readLeaf(made())).toMatchObject({
    identity: IDENTITY,
    claims: { issuer: ISSUER },
    notBefore: TIME,
    notAfter: new Date("2026-01-15T12:10:00Z"),
  });
  expect(readLeaf(made({ names: [{ email: "jo@example.com" }] })).identity).toBe("jo@example.com");
  expect(readLeaf(made({ notAfter: TIME })).notAfter).toEqual(TIME);
  expect(readLeaf(made({ purposes: [EKU.serverAuth, EKU.codeSigning] })).identity).toBe(IDENTITY);
});

describe("its form", () => {
  it("is X.509 v3", () => {
    const v2 = changedAt(made(), VERSION, () => integer(1));
    refusedFor(v2, "the version of the certificate", { expected: "v3", actual: "v2" });
  });

  it("names one algorithm, twice", () => {
    const other = algorithm("1.2.840.10045.4.3.3");
    const der = made({ signingKey: newTestKey("P-256") });
    for (const different of [
      changedAt(der, SIGNED_ALGORITHM, () => other),
      changedAt(der, OUTER_ALGORITHM, () => other),
      changedAt(der, [], (all) => tlv(0x30, ...partsOf(all).slice(0, 1))),
      changedAt(der, SIGNED_PART, (all) => tlv(0x30, ...partsOf(all).slice(0, 2))),
    ]) {
      refusedFor(different, "the signature algorithm", { expected: "named twice, equally" });
    }
  });

  it.each([
    ["ecdsa-with-SHA1", algorithm("1.2.840.10045.4.1"), "1.2.840.10045.4.1"],
    ["none", sequence(), "none"],
  ])("names an algorithm of those that are known: not %s", (_, named, actual) => {
    const weak = changedAt(made(), SIGNED_ALGORITHM, () => named);
    const twice = changedAt(weak, OUTER_ALGORITHM, () => named);
    refusedFor(twice, "the signature algorithm", {
      expected: "ECDSA or RSA with SHA-256, SHA-384 or SHA-512",
      actual,
    });
  });

  it("ends after it begins", () => {
    refusedFor(made({ notAfter: new Date(TIME.getTime() - 1_000) }), "ends before it begins");
  });

  it("has its size and no more", () => {
    refusedFor(new Uint8Array(MAX_CERTIFICATE_BYTES + 1), "too large", {
      expected: `at most ${MAX_CERTIFICATE_BYTES} bytes`,
      actual: `${MAX_CERTIFICATE_BYTES + 1} bytes`,
    });
    refusedFor(new Uint8Array(MAX_CERTIFICATE_BYTES), "cannot be read");
  });
});

describe("its extensions", () => {
  const extended = (change: (extensions: Der[]) => readonly Der[]) =>
    changedAt(made(), EXTENSIONS, (all) => tlv(0x30, ...change(partsOf(all))));

  it("are critical where the flag says so", () => {
    const unknown = (...flag: readonly Der[]) => extended((all) => [...all, sequence(oid("1.2.3"), ...flag, octets())]);
    refusedFor(unknown(tlv(1, Uint8Array.of(0xff))), "a critical extension");
    expect(readLeaf(unknown(tlv(1, Uint8Array.of(0)))).identity).toBe(IDENTITY);
    expect(readLeaf(unknown()).identity).toBe(IDENTITY);
  });
});

describe("its purpose", () => {
  const usage = (...uses: readonly ("digitalSignature" | "keyCertSign")[]) =>
    changedAt(made(), EXTENSIONS, (all) =>
      tlv(0x30, ...partsOf(all).map((one, at) => (at === 0 ? written(keyUsage(...uses)) : one))),
    );
  const written = ({ oid: type, value }: ReturnType<typeof keyUsage>) => sequence(oid(type), octets(value));

  it("is to sign, and never to issue", () => {
    expect(readLeaf(usage("digitalSignature")).identity).toBe(IDENTITY);
    refusedFor(usage("keyCertSign"), "the key usage");
    refusedFor(usage("digitalSignature", "keyCertSign"), "the key usage");
    const without = changedAt(made(), EXTENSIONS, (all) => tlv(0x30, ...partsOf(all).slice(1)));
    refusedFor(without, "the key usage", { expected: "digitalSignature" });
  });

  it("may be said not to be to issue", () => {
    expect(readLeaf(made({ more: [basicConstraints(false)] })).identity).toBe(IDENTITY);
    refusedFor(made({ more: [basicConstraints(true)] }), "the signing certificate", {
      actual: "a certificate authority",
    });
  });

  it("is to sign code", () => {
    const others = [EKU.serverAuth, EKU.any];
    refusedFor(made({ purposes: others }), "the certificate's purpose", { actual: others.join(", ") });
    refusedFor(made({ purposes: [] }), "the certificate's purpose", { expected: "code signing", actual: "not said" });
  });
});

describe("its name", () => {
  const what = "subject alternative name";

  it.each([
    ["none", "0", []],
    ["two", "2", [{ uri: IDENTITY }, { uri: IDENTITY }]],
  ] as const)("is one, not %s", (_, actual, names) => {
    refusedFor(made({ names }), what, { expected: "exactly one", actual });
  });

  const instead = (...extensions: readonly Der[]) =>
    changedAt(made(), EXTENSIONS, (all) =>
      tlv(0x30, ...partsOf(all).filter((one) => !Buffer.from(partsOf(one)[0] ?? []).equals(SAN)), ...extensions),
    );
  const SAN = oid("2.5.29.17");

  it("is there", () => {
    refusedFor(instead(), what, { expected: "exactly one", actual: "0" });
  });

  it.each([
    ["a URI in pieces", 0xa6, "tag 6"],
    ["an address in pieces", 0xa1, "tag 1"],
    ["a text that is no name", 0x16, "tag 22"],
  ])("is not %s", (_, tag, actual) => {
    const name = tlv(tag, tlv(0x16, ascii(IDENTITY)));
    refusedFor(instead(sequence(SAN, octets(sequence(name)))), what, {
      expected: "a URI or an e-mail address",
      actual,
    });
  });

  it.each([
    ["a host", { dns: "example.com" }, "tag 2"],
    ["with a space", { uri: "https://a b" }, '"https://a b"'],
    ["with a space before it", { uri: " https://a" }, '" https://a"'],
    ["with a space behind it", { uri: "https://a " }, '"https://a "'],
    ["empty", { uri: "" }, '""'],
  ])("is not %s", (_, name, actual) => {
    refusedFor(made({ names: [name] }), what, { actual });
  });
});
