import { fulcioLeaf, newTestKey, tlv } from "@touchmark/testkit/sigstore";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sigstore } from "../../test/certificate-cases.ts";
import { ASN1Obj, EXTENSION_OID_SCT, X509Certificate } from "../sigstore-library.ts";
import { encodeDer } from "./encode-der.ts";
import { parseCertificate } from "./parse-certificate.ts";

/** What the library reads; null where it refuses. */
function read(der: Uint8Array): ASN1Obj | null {
  try {
    return ASN1Obj.parseBuffer(Buffer.from(der));
  } catch {
    return null;
  }
}

const joined = (parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** Values and sequences of values, some of them in strings; lengths of one, two and three octets. */
const { value } = fc.letrec<{ value: Uint8Array }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc
      .tuple(fc.constantFrom(0x02, 0x03, 0x04, 0x06, 0x0c, 0x80), fc.uint8Array({ maxLength: 300, size: "max" }))
      .map(([tag, content]) => tlv(tag, content)),
    fc
      .tuple(fc.constantFrom(0x30, 0x31, 0xa0, 0xa3, 0x04), fc.array(tie("value"), { maxLength: 4 }))
      .map(([tag, parts]) => tlv(tag, joined(parts))),
  ),
}));

describe("encodes as the library does", () => {
  it("whatever that one reads", () => {
    fc.assert(
      fc.property(value, (der) => {
        const found = read(der);
        fc.pre(found !== null);
        expect(encodeDer(found)).toEqual(found.toDER());
      }),
    );
  });

  it.each([0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000])("%i bytes", (length) => {
    const der = tlv(0x30, tlv(0x0c, new Uint8Array(length).fill(0x41)));
    const found = ASN1Obj.parseBuffer(Buffer.from(der));
    expect(encodeDer(found)).toEqual(found.toDER());
    expect(encodeDer(found)).toEqual(Buffer.from(der));
  });
});

describe("a certificate", () => {
  const { der } = fulcioLeaf(sigstore.fulcio, newTestKey(), new Date(0), { ctLogs: [sigstore.ctLog] });
  const whole = Buffer.from(der);

  it("is what it was, and what its copy is", () => {
    const certificate = parseCertificate(der);
    const byLibrary = X509Certificate.parse(whole);
    for (const one of [certificate, certificate.clone()]) {
      expect(one.root.toDER()).toEqual(whole);
      expect(one.tbsCertificate.toDER()).toEqual(byLibrary.tbsCertificate.toDER());
    }
  });

  it("has a copy that can lose an extension, and keeps its own", () => {
    const certificate = parseCertificate(der);
    const copies = [certificate.clone(), X509Certificate.parse(whole).clone()];
    for (const copy of copies) {
      copy.tbsCertificate.toDER(); // what is known from before must not be what is signed
      const at = copy.extensions.findIndex(({ subs: [oid] }) => oid?.toOID() === EXTENSION_OID_SCT);
      copy.extensions.splice(at, 1);
    }
    const [own, byLibrary] = copies.map((copy) => copy.tbsCertificate.toDER());
    expect(own).toEqual(byLibrary);
    expect(own?.byteLength).toBeLessThan(certificate.tbsCertificate.toDER().byteLength);
    expect(certificate.root.toDER()).toEqual(whole);
  });
});
