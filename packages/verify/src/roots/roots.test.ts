import { parseBundle, parseMessageBundle } from "@touchmark/core";
import { type BundleOptions, newTestKey, rootOf, signBundle, testSigstore } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { bytesOf, IDENTITY, PAYLOAD, sign, sigstore } from "../../test/certificate-cases.ts";
import { signedBytes, testKey } from "../../test/signed-bundles.ts";
import { fileContent } from "../certificate/signed-content.ts";
import { Roots, type RootsDemand } from "./roots.ts";

const ASKED: RootsDemand = { notBefore: null, seen: [] };
const AS_OF = "2026-06-01T00:00:00Z";
const other = testSigstore();

function open(roots: readonly object[], asOf: string | null = AS_OF, demand: Partial<RootsDemand> = {}): Roots {
  const text = roots.map((root) => JSON.stringify(root)).join("\n");
  return new Roots({ bytes: new TextEncoder().encode(text), label: "roots", asOf }, { ...ASKED, ...demand });
}

const bundle = parseBundle(bytesOf(sign()));
const unlogged = parseBundle(bytesOf(sign({ entry: null })));
const refusal = (code: string) => expect.objectContaining({ code });

describe("the date of roots", () => {
  const from = (start: string) => ({
    ...rootOf(other),
    certificateAuthorities: rootOf(other).certificateAuthorities.map((one) => ({ ...one, validFor: { start } })),
  });
  const stamping = (start: string) => ({
    ...rootOf(other),
    timestampAuthorities: rootOf(other).timestampAuthorities.map((one) => ({ ...one, validFor: { start } })),
  });

  it("is the newest start in them, of whatever kind, unless it is said", () => {
    const [early, late] = [from("2026-02-01T00:00:00Z"), stamping("2026-03-01T00:00:00Z")];
    for (const both of [
      [early, late],
      [late, early],
    ]) {
      expect(open(both, null).date).toBe("2026-03-01T00:00:00.000Z");
      expect(open(both).date).toBe(AS_OF);
    }
    expect(open([early], null).date).toBe("2026-02-01T00:00:00.000Z");
  });

  it("decides whether they can tell: of each by itself, or as it is said", () => {
    // Signed on 2026-01-15 by authorities of which neither root knows.
    const bundle = parseBundle(bytesOf(sign({}, { fulcio: testSigstore().fulcio })));
    const verify = (roots: Roots) => () => roots.verifyBundle(bundle, false);
    expect(verify(open([from("2026-01-15T11:59:59Z")], null))).toThrow(refusal("ROOTS_STALE"));
    expect(verify(open([from("2026-02-01T00:00:00Z")], null))).toThrow(refusal("CERTIFICATE_INVALID"));
    expect(verify(open([from("2026-02-01T00:00:00Z")], "2026-01-01T00:00:00Z"))).toThrow(refusal("ROOTS_STALE"));
  });
});

describe("roots that are not believed", () => {
  it("are older than they may be", () => {
    const at = (notBefore: string) => open([rootOf(sigstore)], AS_OF, { notBefore: new Date(notBefore) });
    expect(at(AS_OF).verifyBundle(bundle, false)).toMatchObject({ leaf: { identity: IDENTITY } });
    expect(() => at("2026-06-01T00:00:00.001Z").verifyBundle(bundle, false)).toThrow(
      expect.objectContaining({
        code: "ROOTS_STALE",
        expected: "roots of 2026-06-01T00:00:00.001Z or newer",
        actual: `roots of ${AS_OF}`,
      }),
    );
  });

  it("are older than those that were seen, whatever their date", () => {
    const ended = rootOf(sigstore);
    for (const one of ended.ctlogs) one.publicKey.validFor = { start: "2020-01-01T00:00:00Z", end: AS_OF };
    const seen = open([rootOf(other), ended]).instances();
    expect(seen).toHaveLength(2);
    expect(open([ended], AS_OF, { seen }).verifyBundle(bundle, false)).toMatchObject({ leaf: { identity: IDENTITY } });
    const older = open([rootOf(sigstore)], AS_OF, { seen });
    expect(() => older.verifyBundle(bundle, false)).toThrow(refusal("ROOTS_ROLLBACK"));
    const both = open([rootOf(sigstore)], AS_OF, { seen, notBefore: new Date("2027-01-01T00:00:00Z") });
    expect(() => both.verifyBundle(bundle, false)).toThrow(refusal("ROOTS_STALE"));
  });
});

describe("of several roots", () => {
  const tampered = { ...bundle, payload: new TextEncoder().encode("{}") };

  it("one verifies the whole", () => {
    for (const roots of [
      [rootOf(other), rootOf(sigstore)],
      [rootOf(sigstore), rootOf(other)],
    ]) {
      expect(open(roots).verifyBundle(bundle, false)).toMatchObject({ leaf: { identity: IDENTITY } });
      // The log of one and the certificate's authority of the other are never put together.
      const mixed = parseBundle(bytesOf(sign({}, { rekorV2: other.rekorV2 })));
      expect(() => open(roots).verifyBundle(mixed, false)).toThrow(refusal("LOG_ENTRY_INVALID"));
    }
  });

  it("the one that knows the authorities speaks", () => {
    for (const roots of [
      [rootOf(other), rootOf(sigstore), rootOf(other)],
      [rootOf(sigstore), rootOf(other), rootOf(other)],
    ]) {
      expect(() => open(roots).verifyBundle(tampered, false)).toThrow(refusal("LOG_ENTRY_INVALID"));
    }
  });

  it("that know them all the first one speaks", () => {
    const validFor = { start: "2020-01-01T00:00:00Z", end: "2025-01-01T00:00:00Z" };
    const [log, stamps] = [rootOf(sigstore), rootOf(sigstore)];
    for (const one of log.tlogs) one.publicKey.validFor = validFor;
    for (const one of stamps.timestampAuthorities) one.validFor = validFor;
    expect(() => open([log, stamps]).verifyBundle(bundle, false)).toThrow(refusal("LOG_ENTRY_INVALID"));
    expect(() => open([stamps, log]).verifyBundle(bundle, false)).toThrow(refusal("TIMESTAMP_INVALID"));
  });
});

describe("a signature", () => {
  it("must be logged where the root has logs, unless that was said", () => {
    const roots = open([rootOf(sigstore)]);
    expect(() => roots.verifyBundle(unlogged, false)).toThrow(refusal("LOG_ENTRY_INVALID"));
    expect(roots.verifyBundle(unlogged, true)).toMatchObject({ leaf: { identity: IDENTITY } });
    expect(() => roots.verifyBundle(unlogged, false)).toThrow(refusal("LOG_ENTRY_INVALID"));
    expect(open([{ ...rootOf(sigstore), tlogs: [] }]).verifyBundle(unlogged, false)).toMatchObject({
      leaf: { identity: IDENTITY },
    });
  });

  it("is verified once for each question", () => {
    const roots = open([rootOf(sigstore)]);
    expect(roots.verifyBundle(bundle, false)).toBe(roots.verifyBundle(bundle, false));
    expect(roots.verifyBundle(bundle, true)).toBe(roots.verifyBundle(bundle, true));
    expect(roots.verifyBundle(bundle, true)).not.toBe(roots.verifyBundle(bundle, false));
  });

  it("over a file must be logged too, and is by whom the certificate names", () => {
    const file = new TextEncoder().encode("bytes of a file");
    const verify = (options: BundleOptions) => {
      const message = parseMessageBundle(
        bytesOf(signBundle(sigstore, file, { content: "message", ...options }).bundle),
      );
      const content = fileContent(file, message.signature);
      return open([rootOf(sigstore)]).verifySignature({ mediaType: message.mediaType, material: message, content });
    };
    expect(verify({})).toMatchObject({ leaf: { identity: IDENTITY } });
    expect(() => verify({ entry: null })).toThrow(refusal("LOG_ENTRY_INVALID"));
  });

  it("by a key is that key's", () => {
    const key = testKey("P-256");
    const byKey = parseBundle(signedBytes(key, PAYLOAD));
    const roots = open([rootOf(sigstore)]);
    expect(() => roots.verifyBundleByKey(byKey, key.trust.key)).not.toThrow();
    expect(() => roots.verifyBundleByKey(byKey, newTestKey().publicKey)).toThrow(refusal("SIGNATURE_INVALID"));
  });
});
