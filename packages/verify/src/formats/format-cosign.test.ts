import { preAuthEncoding } from "@touchmark/core";
import { pemOf, publicPem, type SignedBundle, signBundle } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { PAYLOAD, sigstore, trusting } from "../../test/certificate-cases.ts";
import { answerOf } from "../../test/rekor-answers.ts";
import { sha256, testKey } from "../../test/signed-bundles.ts";
import { examine } from "../examine.ts";
import { cosignFormat } from "./format-cosign.ts";
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

describe("what cosign's own bundle turns into", () => {
  const piecesOf = async (json: object) => {
    const { pieces, findings } = await readPieces(new TextEncoder().encode(JSON.stringify(json)), "f");
    expect(findings).toEqual([]);
    return pieces.map(({ piece }) => piece);
  };

  it("is a bundle with the certificate and the entry that it had", async () => {
    expect(await piecesOf(attestBlob)).toMatchObject([
      { bundle: { signer: { kind: "certificate", chain: [attested.leaf.der] }, tlogEntries: [{}] } },
    ]);
    expect(await piecesOf({ ...attestBlob, rekorBundle: null })).toMatchObject([
      {
        format: "cosign",
        bundle: { signer: { kind: "certificate", chain: [Buffer.from(attested.leaf.der)] }, tlogEntries: [] },
      },
    ]);
    expect(await piecesOf({ base64Signature: base64(JSON.stringify(keyed)), cert: "" })).toMatchObject([
      { format: "cosign", bundle: { signer: { kind: "key", hint: null } } },
    ]);
  });

  it("is a signature with what it had, of no version but the newest", async () => {
    expect(await piecesOf(signBlob)).toMatchObject([
      {
        kind: "signature",
        signature: {
          signer: { kind: "certificate", chain: [Buffer.from(blob.leaf.der)] },
          tlogEntries: [{}],
          timestamps: [],
          messageDigest: { algorithm: "SHA2_256" },
        },
      },
    ]);
    const { base64Signature } = signBlob;
    for (const cert of [undefined, null, "", publicPem(blob.key), base64(publicPem(blob.key))]) {
      expect(await piecesOf({ base64Signature, cert })).toMatchObject([
        { signature: { signer: { kind: "key", hint: null }, tlogEntries: [], messageDigest: null } },
      ]);
    }
  });

  it("says nothing of what was signed where the entry does not", async () => {
    const changed = (edit: (body: { kind: string; spec: { data: { hash: { value: string } } } }) => void) => {
      const { Payload, ...rest } = signBlob.rekorBundle;
      const body = JSON.parse(Buffer.from(Payload.body, "base64").toString());
      edit(body);
      return { ...signBlob, rekorBundle: { ...rest, Payload: { ...Payload, body: base64(JSON.stringify(body)) } } };
    };
    for (const json of [
      changed((body) => (body.kind = "rekord")),
      changed(({ spec }) => (spec.data.hash.value += "0")),
      changed(({ spec }) => (spec.data.hash.value = `0${spec.data.hash.value}`)),
    ]) {
      expect(await piecesOf(json)).toMatchObject([{ signature: { messageDigest: null } }]);
    }
  });

  it.each<[string, object, string | RegExp]>([
    ["an envelope", { ...attestBlob, base64Signature: base64("{}") }, /./],
    ["an entry", { ...attestBlob, rekorBundle: {} }, "an envelope, a certificate or a log entry that cannot be read"],
    ["a certificate", { ...attestBlob, cert: "eA==" }, "a certificate that cannot be read"],
  ])("is refused with a reason: %s", async (_what, json, actual) => {
    const { findings } = await readPieces(new TextEncoder().encode(JSON.stringify(json)), "f");
    expect(findings).toMatchObject([{ code: "BUNDLE_MALFORMED", actual: expect.stringMatching(actual) }]);
  });

  it.each([null, "base64Signature", ["base64Signature"], { base64: "" }])("is not %j", (json) => {
    expect(cosignFormat.recognises(json)).toBe(false);
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

  it("is said to be one up to 64 KiB, and what is expected in its place", async () => {
    const longest = "A".repeat(64 * 1024);
    expect(await finding(longest)).toMatchObject([
      {
        message: "f: it is a signature alone, which is no evidence of where a file came from",
        expected: "the statement, its signature and, of a certificate, the log's entry in one file: cosign's --bundle",
      },
    ]);
    for (const other of [
      `${longest}AAAA`,
      "A".repeat(63),
      "A".repeat(65),
      `${"A".repeat(64)}=A==`,
      `${"A".repeat(60)}?AAA`,
    ]) {
      expect((await finding(other)).some(({ actual }) => actual === "a signature alone")).toBe(false);
    }
    expect((await finding("A".repeat(64)))[0]?.actual).toBe("a signature alone");
    expect((await finding(`  ${"A".repeat(62)}==\n`))[0]?.actual).toBe("a signature alone");
  });

  it.each(["abcd", base64(JSON.stringify(attested.bundle)), "-----BEGIN PUBLIC KEY-----", "x".repeat(70_000)])(
    "is not said of something else: %#",
    async (text) => {
      expect((await finding(text)).some(({ actual }) => actual?.endsWith("alone") === true)).toBe(false);
    },
  );
});
