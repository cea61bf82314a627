import { ascii, type Der, oid, partsOf, sequence, setOf, timestampResponse, tlv } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { at, edited, quickly } from "../../test/attack-cases.ts";
import { bytesOf, outcome, refusal, sign, sigstore } from "../../test/certificate-cases.ts";
import { changedAt } from "../../test/changed-der.ts";

// A8: what is too much is refused before anything is made of it.
describe("too much", () => {
  const many = (count: number) => {
    const bundle = structuredClone(sign());
    const material = bundle.verificationMaterial;
    material.tlogEntries = new Array(count).fill(material.tlogEntries[0]);
    return bundle;
  };

  it("log entries", async () => {
    expect(() => outcome(many(33))).toThrow(expect.objectContaining({ code: "BUNDLE_MALFORMED" }));
    expect(await quickly(() => outcome(many(32)))).toBe("LOG_ENTRY_INVALID");
  });

  it("a certificate, a deep one, one with a huge OID", async () => {
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
    expect(await withCertificate(new Uint8Array(40_000))).toBe("CERTIFICATE_INVALID");
    expect(
      await withCertificate(Uint8Array.from({ length: 30_000 }, (_, index) => (index % 2 === 0 ? 0x30 : 0x80))),
    ).toBe("CERTIFICATE_INVALID");
    let deep: Uint8Array = new Uint8Array();
    for (let depth = 0; depth < 200; depth += 1) deep = sequence(deep);
    expect(await withCertificate(deep)).toBe("CERTIFICATE_INVALID");
    const huge = { oid: `1.2.${2n ** 4096n}`, critical: true, value: ascii("x") };
    expect(await quickly(() => outcome(sign({ leaf: { more: [huge] } })))).toBe("CERTIFICATE_INVALID");
    expect(
      outcome(sign({ leaf: { more: [{ oid: "1.2.3.5", critical: false, value: new Uint8Array(33_000) }] } })),
    ).toBe("CERTIFICATE_INVALID");
  });

  it("a number or an object identifier in a timestamp, in each of 32", async () => {
    const long = new Uint8Array(60_000).fill(0xff);
    long[long.length - 1] = 1;
    const response = timestampResponse(sigstore.timestamps, ascii("x"), { time: at("12:00:00") });
    const stamped = (der: Der) => {
      const bundle = structuredClone(sign());
      const signedTimestamp = Buffer.from(der).toString("base64");
      bundle.verificationMaterial.timestampVerificationData = {
        rfc3161Timestamps: new Array(32).fill({ signedTimestamp }),
      };
      return quickly(() => outcome(bundle));
    };
    const attribute = sequence(tlv(0x06, long), setOf(oid("1.2.3")));
    expect(await stamped(changedAt(response, SIGNED_ATTRIBUTES, (all) => tlv(0xa0, ...partsOf(all), attribute)))).toBe(
      "TIMESTAMP_INVALID",
    );
    expect(await stamped(changedAt(response, STATUS, () => tlv(0x02, long)))).toBe("TIMESTAMP_INVALID");
  });

  it("the signatures of a checkpoint", () => {
    const signedBy = (count: number) =>
      edited({}, (_, { inclusionProof }) => {
        if (inclusionProof === undefined) return;
        const [note = "", line = ""] = inclusionProof.checkpoint.envelope.split("\n\n");
        // The hint is the log's, the rest of the signature is not.
        const wrong = `${line.trimEnd().slice(0, -12)}AAAAAAAAAA==\n`;
        inclusionProof.checkpoint.envelope = `${note}\n\n${wrong.repeat(count - 1)}${line}`;
      });
    expect(signedBy(32)).toBe("verified");
    expect(signedBy(33)).toBe("LOG_ENTRY_INVALID");
  });

  it("a message that quotes a log entry", () => {
    const bundle = structuredClone(sign());
    const [entry] = bundle.verificationMaterial.tlogEntries;
    const body = { kind: "x".repeat(100_000), apiVersion: "0.0.1" };
    Object.assign(entry ?? {}, { canonicalizedBody: Buffer.from(bytesOf(body)).toString("base64") });
    expect(refusal(bundle)).toContain("LOG_ENTRY_INVALID: a log entry is of another kind than the bundle says: xxx");
    expect(refusal(bundle).length).toBeLessThan(5_000);
  });

  it("a timestamp, a log's body, a checkpoint", async () => {
    const bundle = structuredClone(sign());
    const [entry] = bundle.verificationMaterial.tlogEntries;
    const stamped = { rfc3161Timestamps: [{ signedTimestamp: Buffer.alloc(70_000).toString("base64") }] };
    expect(
      await quickly(() =>
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
    expect(await withEntry({ canonicalizedBody: Buffer.alloc(300_000).toString("base64") })).toBe("LOG_ENTRY_INVALID");
    expect(
      await withEntry({ inclusionProof: { ...entry?.inclusionProof, checkpoint: { envelope: "a".repeat(70_000) } } }),
    ).toBe("LOG_ENTRY_INVALID");
  });
});

/** The way through the parts: TimeStampResp (RFC 3161 section 2.4.2), SignedData, SignerInfo (RFC 5652 section 5). */
const STATUS = [0, 0];
const SIGNED_ATTRIBUTES = [1, 1, 0, 4, 0, 3];
