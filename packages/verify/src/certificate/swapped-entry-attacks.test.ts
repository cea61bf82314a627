import { ascii, entryFor, newTestKey, pemOf, signBundle } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { at } from "../../test/attack-cases.ts";
import { outcome, PAYLOAD, refusal, sign, sigstore, trusting } from "../../test/certificate-cases.ts";
import { statementBytes } from "../../test/signed-bundles.ts";

// A3: an entry is about this signature, this content and this certificate.
describe("an entry of something else", () => {
  const kinds = ["hashedrekord-0.0.1", "dsse-0.0.1", "intoto-0.0.2", "hashedrekord-0.0.2"] as const;

  it.each(kinds)("%s for another signature over the same statement", (entry) => {
    const bundle = structuredClone(sign({ entry }));
    bundle.verificationMaterial.tlogEntries = sign({ entry }).verificationMaterial.tlogEntries;
    expect(refusal(bundle)).toContain("LOG_ENTRY_INVALID: a log entry is about another signature");
  });

  it.each(kinds)("%s for the same signature and another certificate of the same key", (entry) => {
    const key = newTestKey();
    const mine = signBundle(sigstore, PAYLOAD, { entry, key });
    const theirs = signBundle(sigstore, PAYLOAD, { entry, key, leaf: { serial: 99 } });
    const kind = {
      bytes: mine.bytes,
      signature: mine.signature,
      payload: PAYLOAD,
      payloadType: "application/vnd.in-toto+json",
      key,
    };
    const bundle = structuredClone(mine.bundle);
    const entryOf = (verifierPem: string) =>
      entryFor(sigstore, entry, { ...kind, verifierPem }, { time: at("12:00:00") });
    bundle.verificationMaterial.tlogEntries = [entryOf(pemOf(mine.leaf))];
    expect(outcome(bundle)).toBe("verified");
    bundle.verificationMaterial.tlogEntries = [entryOf(pemOf(theirs.leaf))];
    expect(refusal(bundle)).toContain("LOG_ENTRY_INVALID: a log entry is about another certificate or key");
  });

  it.each(kinds)("%s for the same signature and other content", (entry) => {
    const mine = signBundle(sigstore, PAYLOAD, { entry });
    const bundle = structuredClone(mine.bundle);
    const signed = {
      bytes: ascii("other"),
      signature: mine.signature,
      payload: ascii("other"),
      payloadType: "application/vnd.in-toto+json",
      verifierPem: pemOf(mine.leaf),
      key: mine.key,
    };
    bundle.verificationMaterial.tlogEntries = [entryFor(sigstore, entry, signed, { time: at("12:00:00") })];
    expect(refusal(bundle)).toContain("LOG_ENTRY_INVALID: a log entry is about another content");
  });

  it("intoto 0.0.2 for another payload type", () => {
    const mine = signBundle(sigstore, PAYLOAD, { entry: "intoto-0.0.2" });
    const bundle = structuredClone(mine.bundle);
    const signed = {
      bytes: mine.bytes,
      signature: mine.signature,
      payload: PAYLOAD,
      payloadType: "text/plain",
      verifierPem: pemOf(mine.leaf),
      key: mine.key,
    };
    bundle.verificationMaterial.tlogEntries = [entryFor(sigstore, "intoto-0.0.2", signed, { time: at("12:00:00") })];
    expect(refusal(bundle)).toContain("LOG_ENTRY_INVALID: a log entry is about another payload type");
  });

  it("the statement of another bundle, and the signature of another key", () => {
    const bundle = structuredClone(sign());
    const evil = structuredClone(bundle);
    if (evil.dsseEnvelope)
      evil.dsseEnvelope.payload = Buffer.from(
        statementBytes({ subject: [{ name: "evil", digest: { sha256: "0".repeat(64) } }] }),
      ).toString("base64");
    expect(outcome(evil)).toBe("LOG_ENTRY_INVALID");
    expect(
      outcome(
        { ...evil, verificationMaterial: { ...evil.verificationMaterial, tlogEntries: [] } },
        trusting({ withoutLog: true }),
      ),
    ).toBe("SIGNATURE_INVALID");
  });
});
