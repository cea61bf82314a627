import {
  ascii,
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
const refusedFor = (der: Der, message: string) =>
  expect(() => readLeaf(der)).toThrow(
    expect.objectContaining({ code: "CERTIFICATE_INVALID", message: expect.stringContaining(message) }),
  );

/** Places in a certificate: RFC 5280 section 4.1. */
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
    refusedFor(
      changedAt(made(), VERSION, () => integer(1)),
      "the version of the certificate",
    );
  });

  it("names one algorithm, twice, of those that are known", () => {
    const other = "1.2.840.10045.4.3.3";
    const der = made({ signingKey: newTestKey("P-256") });
    const what = "the signature algorithm";
    refusedFor(
      changedAt(der, SIGNED_ALGORITHM, () => algorithm(other)),
      what,
    );
    refusedFor(
      changedAt(der, OUTER_ALGORITHM, () => algorithm(other)),
      what,
    );
    // ecdsa-with-SHA1
    const weak = changedAt(der, SIGNED_ALGORITHM, () => algorithm("1.2.840.10045.4.1"));
    refusedFor(
      changedAt(weak, OUTER_ALGORITHM, () => algorithm("1.2.840.10045.4.1")),
      what,
    );
  });

  it("ends after it begins", () => {
    refusedFor(made({ notAfter: new Date(TIME.getTime() - 1_000) }), "ends before it begins");
  });

  it("has its size and no more", () => {
    refusedFor(new Uint8Array(MAX_CERTIFICATE_BYTES + 1), "too large");
    refusedFor(new Uint8Array(MAX_CERTIFICATE_BYTES), "cannot be read");
  });
});

describe("its extensions", () => {
  const extended = (change: (extensions: Der[]) => readonly Der[]) =>
    changedAt(made(), EXTENSIONS, (all) => tlv(0x30, ...change(partsOf(all))));
  const first = (change: (parts: Der[]) => readonly Der[]) =>
    extended(([one = sequence(), ...more]) => [sequence(...change(partsOf(one))), ...more]);

  it("are OID, flag and value each", () => {
    const shape = "an extension of another shape";
    const isCritical = tlv(1, Uint8Array.of(0xff));
    refusedFor(
      first(([id = oid("1.2")]) => [id]),
      shape,
    );
    refusedFor(
      first(() => []),
      shape,
    );
    refusedFor(
      first(([id = oid("1.2")]) => [id, tlv(0x0c, ascii("x"))]),
      shape,
    );
    refusedFor(
      first(([id = oid("1.2"), ...rest]) => [id, isCritical, ...rest]),
      shape,
    );
  });

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
    refusedFor(without, "the key usage");
  });

  it("is to sign code", () => {
    refusedFor(made({ purposes: [EKU.serverAuth] }), "the certificate's purpose");
    refusedFor(made({ purposes: [] }), "the certificate's purpose");
  });
});

describe("its name", () => {
  it.each([
    ["none", []],
    ["two", [{ uri: IDENTITY }, { uri: IDENTITY }]],
    ["a host", [{ dns: "example.com" }]],
    ["with a space", [{ uri: "https://a b" }]],
    ["with a space before it", [{ uri: ` ${IDENTITY}` }]],
    ["with a space behind it", [{ uri: `${IDENTITY} ` }]],
    ["empty", [{ uri: "" }]],
  ] as const)("is not %s", (_, names) => {
    refusedFor(made({ names }), "subject alternative name");
  });
});
