import { preAuthEncoding } from "@touchmark/core";
import { pemOf, publicPem, type SignedBundle, signBundle } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { PAYLOAD, sigstore, trusting } from "../../test/certificate-cases.ts";
import { answerOf } from "../../test/rekor-answers.ts";
import { sha256, testKey } from "../../test/signed-bundles.ts";
import { examine } from "../examine.ts";
import { readPieces } from "./read-pieces.ts";

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString("base64");

function rekorBundle({ bundle }: SignedBundle) {
  const [entry] = bundle.verificationMaterial.tlogEntries;
  if (entry === undefined) throw new TypeError("not as asked for");
  const { body, integratedTime, logIndex, logID, verification } = answerOf(entry);
  return {
    SignedEntryTimestamp: verification.signedEntryTimestamp,
    Payload: { body, integratedTime, logIndex, logID },
  };
}

const attested = signBundle(sigstore, PAYLOAD, { version: "0.1", entry: "dsse-0.0.1", timestamp: null });
const blob = signBundle(sigstore, Buffer.from("tool"), {
  content: "message",
  version: "0.1",
  entry: "hashedrekord-0.0.1",
  timestamp: null,
});
const key = testKey();
const payloadType = "application/vnd.in-toto+json";
const keyed = {
  payloadType,
  payload: base64(PAYLOAD),
  signatures: [{ sig: base64(key.sign(preAuthEncoding(payloadType, PAYLOAD))) }],
};

/** With the certificate as cosign writes it: base64 of PEM. */
const attestBlob = {
  base64Signature: base64(JSON.stringify(attested.bundle.dsseEnvelope)),
  cert: base64(pemOf(attested.leaf)),
  rekorBundle: rekorBundle(attested),
};
const signBlob = {
  base64Signature: base64(blob.signature),
  cert: base64(pemOf(blob.leaf)),
  rekorBundle: rekorBundle(blob),
};

async function read(json: object) {
  const { pieces, findings } = await readPieces(new TextEncoder().encode(JSON.stringify(json)), "f");
  const trust = [trusting(), key.trust];
  return [
    ...pieces.map(({ name, piece }) => {
      const evidence = examine(name, piece, { trust });
      return [piece.format, evidence.kind, "findings" in evidence ? evidence.findings[0]?.code : null];
    }),
    ...findings.map(({ code }) => code),
  ];
}

describe("cosign's own bundle", () => {
  it.each([
    ["base64 of PEM", attestBlob],
    ["PEM", { ...attestBlob, cert: pemOf(attested.leaf) }],
  ])("of attest-blob is a statement, with the certificate as %s", async (_, json) => {
    expect(await read(json)).toEqual([["cosign", "trusted", null]]);
  });

  it("of attest-blob with a key has neither certificate nor entry", async () => {
    const base64Signature = base64(JSON.stringify(keyed));
    expect(await read({ base64Signature })).toEqual([["cosign", "trusted", null]]);
    expect(await read({ base64Signature, cert: base64(publicPem(attested.key)) })).toEqual([
      ["cosign", "trusted", null],
    ]);
  });

  it("of attest-blob without its entry lacks it", async () => {
    expect(await read({ ...attestBlob, rekorBundle: null })).toEqual([["cosign", "refused", "LOG_ENTRY_MISSING"]]);
  });

  it("of sign-blob is a signature, which says nothing of where a file came from", async () => {
    expect(await read(signBlob)).toEqual([["cosign", "signature", "NOT_PROVENANCE"]]);
    expect(await read({ base64Signature: signBlob.base64Signature })).toEqual([
      ["cosign", "signature", "NOT_PROVENANCE"],
    ]);
    const { pieces } = await readPieces(new TextEncoder().encode(JSON.stringify(signBlob)), "f");
    expect(pieces.map(({ name, piece }) => examine(name, piece, { trust: [] }))).toMatchObject([
      { digests: { sha256: sha256("tool") } },
    ]);
  });

  it.each([
    [
      "an entry of another signature",
      { ...attestBlob, rekorBundle: rekorBundle(blob) },
      ["cosign", "refused", "LOG_ENTRY_INVALID"],
    ],
    ["another certificate", { ...attestBlob, cert: signBlob.cert }, ["cosign", "refused", "LOG_ENTRY_INVALID"]],
    ["a certificate that is none", { ...attestBlob, cert: "eA==" }, "BUNDLE_MALFORMED"],
    ["an entry that is none", { ...attestBlob, rekorBundle: {} }, "BUNDLE_MALFORMED"],
    ["an entry that is none, of a signature", { ...signBlob, rekorBundle: {} }, "BUNDLE_MALFORMED"],
    ["a signature that is no base64", { base64Signature: "?" }, "BUNDLE_MALFORMED"],
    ["an envelope that is none", { base64Signature: base64("{}") }, "BUNDLE_MALFORMED"],
    ["a member that is not known", { ...attestBlob, more: 1 }, "BUNDLE_MALFORMED"],
    ["no signature", { base64Signature: "" }, "BUNDLE_MALFORMED"],
  ])("is refused with %s", async (_, json, expected) => {
    expect(await read(json)).toEqual([expected]);
  });
});

describe("a file with a signature or a certificate alone", () => {
  const finding = async (text: string) => (await readPieces(new TextEncoder().encode(text), "f")).findings;

  it.each([
    ["a signature alone", `${signBlob.base64Signature}\n`],
    ["a certificate alone", pemOf(blob.leaf)],
    ["a certificate alone", base64(pemOf(blob.leaf))],
  ])("is said to be %s", async (actual, text) => {
    expect(await finding(text)).toMatchObject([{ code: "BUNDLE_MALFORMED", actual }]);
  });

  it.each(["abcd", base64(JSON.stringify(attested.bundle)), "-----BEGIN PUBLIC KEY-----", "x".repeat(70_000)])(
    "is not said of something else: %#",
    async (text) => {
      expect((await finding(text)).some(({ actual }) => actual?.endsWith("alone") === true)).toBe(false);
    },
  );
});
