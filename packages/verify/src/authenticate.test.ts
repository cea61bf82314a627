import { createHash } from "node:crypto";
import { BUNDLE_V03, type Bundle, PROVENANCE_V02, parseBundle } from "@touchmark/core";
import { newTestKey, RELEASE_RUN } from "@touchmark/testkit/sigstore";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, IDENTITY, ISSUER, sign, trusting } from "../test/certificate-cases.ts";
import { PREDICATE, sha256, signed, signedBytes, statementBytes, testKey } from "../test/signed-bundles.ts";
import { authenticate } from "./authenticate.ts";
import { readClaim } from "./claim.ts";
import { SEAL } from "./seal.ts";
import type { Trust } from "./trust.ts";
import { Verified } from "./verified.ts";

const key = testKey("P-256");
const statement = { subject: [{ name: "tool", digest: { sha256: sha256("tool") } }] };
const good = signed(key, statement);

function codes(bundle: Bundle, trust = [key.trust]): readonly string[] {
  const result = authenticate(bundle, trust);
  return result.kind === "verified" ? [] : result.findings.map(({ code }) => code);
}

describe("authenticate", () => {
  it.each(["ed25519", "P-256", "P-384"] as const)("believes a signature by a trusted %s key", (kind) => {
    const own = testKey(kind, "own.pub");
    const result = authenticate(signed(own, statement), [testKey().trust, own.trust]);
    expect(result).toMatchObject({
      kind: "verified",
      verified: {
        signer: { label: "own.pub" },
        predicate: { builderId: PREDICATE.runDetails.builder.id, source: { ref: "refs/tags/v1.0.0" } },
      },
    });
    expect(result.kind === "verified" && Verified.is(result.verified)).toBe(true);
  });

  it("reads provenance v0.2", () => {
    const predicate = { builder: { id: "https://example.com/b" }, buildType: "https://example.com/t" };
    const result = authenticate(signed(key, { ...statement, predicateType: PROVENANCE_V02, predicate }), [key.trust]);
    expect(result).toMatchObject({ verified: { predicate: { version: "v0.2" } } });
  });

  it("takes a statement of another kind, without provenance", () => {
    const result = authenticate(signed(key, { ...statement, predicateType: "https://spdx.dev/Document" }), [key.trust]);
    expect(result).toMatchObject({ kind: "verified", verified: { predicate: null } });
  });

  it("takes the predicate's name in the payload type", () => {
    const payloadType = "application/vnd.in-toto.provenance+json";
    expect(codes(parseBundle(signedBytes(key, statementBytes(statement), { payloadType })))).toEqual([]);
  });

  it("believes nobody when nobody is trusted", () => {
    expect(codes(good, [])).toEqual(["SIGNER_UNTRUSTED"]);
  });

  it("refuses another key, whatever the hint says", () => {
    const other = testKey("P-256");
    const payload = statementBytes(statement);
    expect(codes(parseBundle(signedBytes(other, payload)))).toEqual(["SIGNER_UNTRUSTED"]);
    expect(codes(parseBundle(signedBytes(other, payload, { hint: key.trust.digest })))).toEqual(["SIGNATURE_INVALID"]);
  });

  it("believes a trusted key behind a foreign hint", () => {
    expect(codes(parseBundle(signedBytes(key, statementBytes(statement), { hint: "somebody else" })))).toEqual([]);
  });

  it.each([
    ["payload", { payload: statementBytes({ subject: [{ name: "evil", digest: { sha256: sha256("evil") } }] }) }],
    ["payload type", { payloadType: "application/vnd.in-toto.provenance+json" }],
  ])("refuses a changed %s", (_what, change) => {
    expect(codes({ ...good, ...change })).toEqual(["SIGNATURE_INVALID"]);
  });

  it("refuses any signature but the one that was made", () => {
    const near = fc.nat({ max: good.signature.byteLength * 8 - 1 }).map((bit) => {
      const signature = Uint8Array.from(good.signature);
      signature[bit >> 3] = (signature[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return signature;
    });
    fc.assert(
      fc.property(fc.oneof(near, fc.uint8Array({ maxLength: 200 })), (signature) => {
        expect(codes({ ...good, signature })).toEqual(["SIGNATURE_INVALID"]);
      }),
    );
    expect(codes({ ...good, signature: Uint8Array.from([...good.signature, 0]) })).toEqual(["SIGNATURE_INVALID"]);
  });

  it.each([
    "application/octet-stream",
    "application/vnd.in-toto+json; charset=utf-8",
    "Application/vnd.in-toto+json",
    "application/vnd.in-toto.+json",
    "x-application/vnd.in-toto+json",
  ])("refuses the payload type %s although it was signed", (payloadType) => {
    const bundle = parseBundle(signedBytes(key, statementBytes(statement), { payloadType }));
    expect(codes(bundle)).toEqual(["STATEMENT_MALFORMED"]);
    expect(readClaim(bundle)).toBeNull();
  });

  it.each([
    ["text", new TextEncoder().encode("hello")],
    ["a repeated key", new TextEncoder().encode('{"_type":"a","_type":"b"}')],
    ["no subject", statementBytes({ subject: [] })],
    ["a subject without a digest", statementBytes({ subject: [{ name: "tool", uri: "https://example.com" }] })],
    ["an upper case digest", statementBytes({ subject: [{ name: "t", digest: { sha256: "AB".repeat(32) } }] })],
    ["provenance without a builder", statementBytes({ ...statement, predicate: { runDetails: {} } })],
  ])("refuses a signed payload of %s", (_what, payload) => {
    expect(codes(parseBundle(signedBytes(key, payload)))).toEqual(["STATEMENT_MALFORMED"]);
  });

  it("refuses a certificate where a key is trusted", () => {
    const json = JSON.parse(new TextDecoder().decode(signedBytes(key, statementBytes(statement)))) as object;
    const material = { certificate: { rawBytes: "AAAA" } };
    const bundle = parseBundle(
      new TextEncoder().encode(JSON.stringify({ ...json, mediaType: BUNDLE_V03, verificationMaterial: material })),
    );
    expect(codes(bundle)).toEqual(["SIGNER_UNTRUSTED"]);
  });
});

it("keys and identities that are trusted together do not get into each other's way", () => {
  const keyless = parseBundle(bytesOf(sign()));
  for (const trust of [
    [key.trust, trusting()],
    [trusting(), key.trust],
  ]) {
    expect(authenticate(keyless, trust).kind).toBe("verified");
    expect(authenticate(good, trust).kind).toBe("verified");
  }
});

describe("a refusal", () => {
  const refusal = (bundle: Bundle, ...trust: readonly Trust[]) => {
    const result = authenticate(bundle, trust);
    return result.kind === "refused" ? result.findings[0] : null;
  };
  const own = testKey("P-256", "own.pub");
  const stranger = testKey("P-256");
  const identity = trusting();
  const keyless = parseBundle(bytesOf(sign()));
  const byStranger = (hint: string) => parseBundle(signedBytes(stranger, statementBytes(statement), { hint }));

  it("names everybody who would have been believed, and what signed instead", () => {
    const expected = `own.pub (sha256:${own.trust.digest}), ${IDENTITY} (${ISSUER})`;
    for (const [hint, actual] of [
      ["me", 'a key with the hint "me"'],
      ["x".repeat(121), `a key with the hint "${"x".repeat(120)}"`],
    ] as const) {
      expect(refusal(byStranger(hint), own.trust, identity)).toMatchObject({
        code: "SIGNER_UNTRUSTED",
        expected,
        actual,
      });
      expect(refusal(byStranger(hint), identity)).toMatchObject({ code: "SIGNER_UNTRUSTED" });
    }
    const bare: Bundle = { ...byStranger("me"), signer: { kind: "key", hint: null } };
    expect(refusal(bare, identity, own.trust)).toMatchObject({
      code: "SIGNER_UNTRUSTED",
      expected: `${IDENTITY} (${ISSUER}), own.pub (sha256:${own.trust.digest})`,
      actual: "a key without a hint",
    });
    expect(refusal(keyless, own.trust)).toMatchObject({
      code: "SIGNER_UNTRUSTED",
      expected: `own.pub (sha256:${own.trust.digest})`,
      actual: "a certificate",
    });
  });

  it.each([
    ["hex", own.trust.digest],
    ["hex with its algorithm", `sha256:${own.trust.digest}`],
    ["base64", Buffer.from(own.trust.digest, "hex").toString("base64")],
  ])("is about the key that the hint names in %s", (_, hint) => {
    expect(refusal(byStranger(hint), identity, key.trust, own.trust)).toMatchObject({
      code: "SIGNATURE_INVALID",
      message: "the signature does not belong to this payload and own.pub",
      expected: `a signature by sha256:${own.trust.digest}`,
      actual: "one that does not verify",
    });
  });

  it("of another identity names identities alone", () => {
    const strange = trusting({ identity: "https://a.example/x" });
    expect(refusal(keyless, own.trust, strange, trusting({ identityPattern: "octo/x.*" }))).toMatchObject({
      code: "IDENTITY_MISMATCH",
      expected: `https://a.example/x (${ISSUER}), pattern octo/x.* (${ISSUER})`,
    });
  });

  it("is the one that got furthest, and of two that got as far the first", () => {
    const digest = { buildSignerDigest: "ab".repeat(20) };
    const moved = parseBundle(bytesOf(sign({ leaf: { claims: { ...RELEASE_RUN, ...digest } } })));
    const strange = trusting({ identity: "https://a.example/x" });
    const pinned = trusting({ builderCommits: ["cd".repeat(20)] });
    for (const trust of [
      [strange, pinned],
      [pinned, strange],
    ]) {
      expect(refusal(moved, ...trust)).toMatchObject({ code: "BUILDER_REF_UNKNOWN" });
    }
    const [gadgets, gizmos] = ["octo/gadgets", "octo/gizmos"].map((source) => trusting({ source }));
    if (gadgets === undefined || gizmos === undefined) throw new Error("two sources");
    for (const [first, second] of [
      [gadgets, gizmos],
      [gizmos, gadgets],
    ] as const) {
      expect(refusal(keyless, first, second)).toMatchObject({
        code: "SOURCE_MISMATCH",
        expected: first.source?.repository,
      });
    }
  });

  it("of one builder leaves the same signer trusted for another one", () => {
    const [right, wrong] = [IDENTITY, "https://example.com/builder"].map((id) => trusting({ builderIds: [id] }));
    if (right === undefined || wrong === undefined) throw new Error("two builders");
    expect(authenticate(keyless, [wrong, right])).toMatchObject({ kind: "verified" });
    const strange = trusting({ identity: "https://a.example/x" });
    for (const trust of [
      [strange, wrong],
      [wrong, strange],
    ]) {
      expect(refusal(keyless, ...trust)).toMatchObject({ code: "BUILDER_MISMATCH", actual: IDENTITY });
    }
  });

  it("of a payload type says which one is read", () => {
    const payload = statementBytes(statement);
    expect(refusal(parseBundle(signedBytes(key, payload, { payloadType: "text/plain" })), key.trust)).toMatchObject({
      code: "STATEMENT_MALFORMED",
      expected: "application/vnd.in-toto+json",
      actual: '"text/plain"',
    });
  });

  it("of provenance that its certificate contradicts is about both, and a key contradicts none", () => {
    const payload = statementBytes(statement);
    expect(refusal(parseBundle(bytesOf(sign({}, {}, payload))), identity)).toMatchObject({
      code: "PREDICATE_MISMATCH",
    });
    expect(refusal(signed(key, statement), key.trust)).toBeNull();
  });
});

it("a certificate's signer is whom and what the certificate names, at all verified times", () => {
  const own = newTestKey();
  const [logged, stamped] = [new Date("2026-01-15T12:02:00Z"), new Date("2026-01-15T12:01:00Z")];
  const options = {
    key: own,
    entry: "dsse-0.0.1",
    entryOptions: { time: logged },
    timestamp: { time: stamped },
  } as const;
  const trust = trusting();
  expect(authenticate(parseBundle(bytesOf(sign(options))), [trust])).toMatchObject({
    verified: {
      signer: {
        kind: "identity",
        trust,
        identity: IDENTITY,
        issuer: ISSUER,
        claims: { trigger: "push", sourceRef: "refs/tags/v1.2.3" },
        keyDigest: createHash("sha256").update(own.spki).digest("hex"),
        signedAt: "2026-01-15T12:01:00.000Z",
        times: [stamped, logged],
      },
    },
  });
});

describe("Verified", () => {
  it("cannot be made outside, nor imitated", () => {
    const verified = authenticate(good, [key.trust]);
    const real = verified.kind === "verified" ? verified.verified : null;
    const { statement: stated, predicate, signer } = real as Verified<unknown>;
    expect(() => new Verified(Symbol("authenticated") as typeof SEAL, stated, predicate, signer)).toThrow(TypeError);
    expect(Verified.is(Object.assign(Object.create(Verified.prototype), real))).toBe(false);
    expect(Verified.is(new Verified(SEAL, stated, predicate, signer))).toBe(true);
  });
});

describe("readClaim", () => {
  it("shows what an untrusted bundle says, marked as unverified", () => {
    expect(readClaim(good)).toMatchObject({ unverified: true, statement: { subject: [{ name: "tool" }] } });
  });

  it("keeps the subjects of provenance that is not well formed", () => {
    const bundle = signed(key, { ...statement, predicate: {} });
    expect(readClaim(bundle)).toMatchObject({ provenance: null, statement: { subject: [{ name: "tool" }] } });
  });
});
