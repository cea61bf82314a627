import { MAX_EVIDENCE_LINES, preAuthEncoding } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { sign } from "../../test/certificate-cases.ts";
import { sha256, signedBytes, statementBytes, testKey } from "../../test/signed-bundles.ts";
import { examine } from "../examine.ts";
import { FORMATS } from "./formats.ts";
import { readLines, readPieces } from "./read-pieces.ts";

const [key, other] = [testKey(), testKey()];
const payload = statementBytes({ subject: [{ name: "tool", digest: { sha256: sha256("tool") } }] });
const payloadType = "application/vnd.in-toto+json";
const signatureBy = (by: typeof key) => ({
  keyid: "",
  sig: Buffer.from(by.sign(preAuthEncoding(payloadType, payload))).toString("base64"),
});
const envelope = (...signers: readonly (typeof key)[]) => ({
  payloadType,
  payload: Buffer.from(payload).toString("base64"),
  signatures: signers.map(signatureBy),
});

async function read(...lines: readonly (object | string)[]) {
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  const { whole, pieces, findings } = await readPieces(new TextEncoder().encode(text), "f");
  return {
    whole,
    pieces: pieces.map(({ name, piece }) => `${name} ${piece.format} ${piece.kind}`),
    trusted: pieces.map(({ name, piece }) => examine(name, piece, { trust: [key.trust] }).kind),
    findings: findings.map(({ code }) => code),
  };
}

describe("readPieces", () => {
  it("reads bundles and envelopes, a line each, and a broken line spoils no other", async () => {
    const bundle = new TextDecoder().decode(signedBytes(key, payload));
    expect(await read(bundle, envelope(key), "{}", sign())).toEqual({
      whole: false,
      pieces: ["f:1 sigstore-bundle statement", "f:2 dsse statement", "f:4 sigstore-bundle statement"],
      trusted: ["trusted", "trusted", "refused"],
      findings: ["BUNDLE_MALFORMED"],
    });
  });

  it("takes no payload type that has no encoding, whatever the envelope stands in: nothing later could say so", async () => {
    const odd = { payloadType: "\ud800", payload: "e30=", signatures: [{ keyid: "", sig: "AAAA" }] };
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const annotations = {
      "chains.tekton.dev/payload-x": base64("{}"),
      "chains.tekton.dev/signature-x": base64(JSON.stringify(odd)),
    };
    const run = { apiVersion: "tekton.dev/v1", kind: "TaskRun", metadata: { annotations } };
    const image = { provenance_summary: { provenance: [{ kind: "BUILD", envelope: odd }] } };
    expect(await read(odd, run, image, envelope(key))).toEqual({
      whole: false,
      pieces: ["f:4 dsse statement"],
      trusted: ["trusted"],
      findings: ["BUNDLE_MALFORMED", "BUNDLE_MALFORMED", "BUNDLE_MALFORMED"],
    });
  });

  it.each(["x", '"x"', "1", "null", "\ufeff{}", "[1]", "{", "{}", " \t{}"])(
    "says of a line %j that it is none",
    async (line) => {
      expect(await read(envelope(key), line)).toEqual({
        whole: false,
        pieces: ["f:1 dsse statement"],
        trusted: ["trusted"],
        findings: ["BUNDLE_MALFORMED"],
      });
    },
  );

  it("takes each signature of an envelope by itself", async () => {
    expect(await read(envelope(other, key))).toEqual({
      whole: true,
      pieces: ["f#1 dsse statement", "f#2 dsse statement"],
      trusted: ["refused", "trusted"],
      findings: [],
    });
  });

  it.each([
    ["no signatures", { ...envelope() }],
    ["33 signatures", envelope(...Array.from({ length: 33 }, () => key))],
    ["an unknown member", { ...envelope(key), more: 1 }],
    ["a certificate that is none", { ...envelope(), signatures: [{ ...signatureBy(key), cert: "x" }] }],
  ])("refuses an envelope with %s", async (_what, json) => {
    expect(await read(json)).toMatchObject({ whole: false, pieces: [], findings: ["BUNDLE_MALFORMED"] });
  });
});

describe("one value", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const one = JSON.stringify(envelope(key));

  it.each([" ", "\t", "\n", "\r", " \t\r\n"])(
    "is read behind %j, and known by the digest of its whole file",
    async (space) => {
      const file = `${space}${one}\n`;
      expect(await readPieces(bytes(file), "f")).toMatchObject({
        whole: true,
        pieces: [{ name: "f", line: null, digest: sha256(file) }],
      });
    },
  );

  it("of several is known by its line, without the end", async () => {
    const { pieces } = await readPieces(bytes(`${one}\n\n${one}\n`), "f");
    expect(pieces).toMatchObject([
      { name: "f:1", line: 1, digest: sha256(one) },
      { name: "f:3", line: 3, digest: sha256(one) },
    ]);
  });

  it.each(["x", "1", "true", '"{"', "-", "\u00a0{}"])("%j is no JSON that is looked at", async (text) => {
    expect(await readPieces(bytes(text), "f")).toMatchObject({
      whole: false,
      pieces: [],
      findings: [
        {
          code: "BUNDLE_MALFORMED",
          expected: "a Sigstore bundle v0.1 to v0.3, or evidence of another format",
          actual: "no JSON object",
        },
      ],
    });
  });

  it("a list is JSON, and no evidence", async () => {
    const { findings } = await readPieces(bytes("[1]"), "f");
    expect(findings.map(({ code, actual }) => [code, actual === "no JSON object"])).toEqual([
      ["BUNDLE_MALFORMED", false],
    ]);
  });

  it("nothing at all is not whole", async () => {
    expect(await readLines([], "f", false)).toEqual({ whole: false, pieces: [], findings: [] });
  });

  it("a signature or certificate alone is said to be one, and is read no further", async () => {
    const { whole, pieces, findings } = await readPieces(bytes("A".repeat(64)), "f");
    expect([whole, pieces, findings.map(({ actual }) => actual)]).toEqual([false, [], ["a signature alone"]]);
  });

  it("with too many lines is none, and says so", async () => {
    const { whole, pieces, findings } = await readPieces(bytes("{}\n".repeat(MAX_EVIDENCE_LINES + 1)), "f");
    expect([whole, pieces, findings.map(({ code }) => code)]).toEqual([false, [], ["EVIDENCE_TOO_LARGE"]]);
  });

  it("over a message is a signature, and what only looks like one is none", async () => {
    const { verificationMaterial, mediaType } = sign();
    const messageSignature = {
      messageDigest: { algorithm: "SHA2_256", digest: Buffer.from(sha256("tool"), "hex").toString("base64") },
      signature: "AAAA",
    };
    expect(await read({ mediaType, verificationMaterial, messageSignature })).toMatchObject({
      whole: true,
      pieces: ["f sigstore-bundle signature"],
    });
    expect(await read({ mediaType, verificationMaterial })).toMatchObject({ findings: ["BUNDLE_MALFORMED"] });
    // What says that it is a bundle is read as nothing else.
    expect(await read({ mediaType, ...envelope(key) })).toMatchObject({ pieces: [], findings: ["BUNDLE_MALFORMED"] });
  });
});

describe("FORMATS", () => {
  it.each([null, 1, "x", [], {}, { mediaType: "x" }])("have no mark in %j", (json) => {
    expect(FORMATS.filter((one) => one.recognises(json))).toEqual([]);
  });

  it("have names and titles of their own", () => {
    for (const of of ["name", "title"] as const)
      expect(new Set(FORMATS.map((one) => one[of])).size).toBe(FORMATS.length);
  });
});
