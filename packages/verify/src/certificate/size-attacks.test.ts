import { ascii, sequence } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { quickly } from "../../test/attack-cases.ts";
import { outcome, sign } from "../../test/certificate-cases.ts";

// A8: what is too much is refused before anything is made of it.
describe("too much", () => {
  const many = (count: number) => {
    const bundle = structuredClone(sign());
    const material = bundle.verificationMaterial;
    material.tlogEntries = new Array(count).fill(material.tlogEntries[0]);
    return bundle;
  };

  it("log entries", () => {
    expect(() => outcome(many(33))).toThrow(expect.objectContaining({ code: "BUNDLE_MALFORMED" }));
    expect(quickly(() => outcome(many(32)))).toBe("LOG_ENTRY_INVALID");
  });

  it("a certificate, a deep one, one with a huge OID", () => {
    const bundle = structuredClone(sign());
    const withCertificate = (der: Uint8Array) =>
      quickly(() =>
        outcome({
          ...bundle,
          verificationMaterial: {
            ...bundle.verificationMaterial,
            certificate: { rawBytes: Buffer.from(der).toString("base64") },
          },
        }),
      );
    expect(withCertificate(new Uint8Array(40_000))).toBe("CERTIFICATE_INVALID");
    expect(withCertificate(Uint8Array.from({ length: 30_000 }, (_, index) => (index % 2 === 0 ? 0x30 : 0x80)))).toBe(
      "CERTIFICATE_INVALID",
    );
    let deep: Uint8Array = new Uint8Array();
    for (let depth = 0; depth < 200; depth += 1) deep = sequence(deep);
    expect(withCertificate(deep)).toBe("CERTIFICATE_INVALID");
    const huge = { oid: `1.2.${2n ** 4096n}`, critical: true, value: ascii("x") };
    expect(quickly(() => outcome(sign({ leaf: { more: [huge] } })))).toBe("CERTIFICATE_INVALID");
    expect(
      outcome(sign({ leaf: { more: [{ oid: "1.2.3.5", critical: false, value: new Uint8Array(33_000) }] } })),
    ).toBe("CERTIFICATE_INVALID");
  });

  it("a timestamp, a log's body, a checkpoint", () => {
    const bundle = structuredClone(sign());
    const [entry] = bundle.verificationMaterial.tlogEntries;
    const stamped = { rfc3161Timestamps: [{ signedTimestamp: Buffer.alloc(70_000).toString("base64") }] };
    expect(
      quickly(() =>
        outcome({
          ...bundle,
          verificationMaterial: { ...bundle.verificationMaterial, timestampVerificationData: stamped },
        }),
      ),
    ).toBe("TIMESTAMP_INVALID");
    const withEntry = (change: object) =>
      quickly(() =>
        outcome({
          ...bundle,
          verificationMaterial: { ...bundle.verificationMaterial, tlogEntries: [{ ...entry, ...change }] },
        }),
      );
    expect(withEntry({ canonicalizedBody: Buffer.alloc(300_000).toString("base64") })).toBe("LOG_ENTRY_INVALID");
    expect(
      withEntry({ inclusionProof: { ...entry?.inclusionProof, checkpoint: { envelope: "a".repeat(70_000) } } }),
    ).toBe("LOG_ENTRY_INVALID");
  });
});
