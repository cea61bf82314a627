import { createHash } from "node:crypto";
import { type EntryKind, rootOf, signBundle } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { AS_OF, PAYLOAD, sigstore } from "../../test/certificate-cases.ts";
import { takenApart } from "../../test/rekor-answers.ts";
import { openRoots } from "../open-roots.ts";
import { bundleOfEnvelope, envelopePieces, isBareEnvelope } from "./format-dsse.ts";

const roots = await openRoots({ bytes: bytesOf(rootOf(sigstore)), label: "roots.json", asOf: AS_OF });

/** The envelope as slsa-github-generator wrote it, and the log's entry as Rekor answers. */
function legacy(kind: EntryKind = "intoto-0.0.1", entryOptions = {}) {
  const signed = signBundle(sigstore, PAYLOAD, { version: "0.1", entry: kind, entryOptions, timestamp: null });
  const { envelope, entry } = takenApart(signed);
  return { envelope, answer: { "24296fb24b8ad77a": entry } as Record<string, typeof entry> };
}

type Legacy = ReturnType<typeof legacy>;

/** `verified`, or the code of what is wrong. */
function outcome(edit: (one: Legacy) => unknown = () => null, one = legacy()): string {
  edit(one);
  try {
    roots.verifyBundle(bundleOfEnvelope(bytesOf(one.envelope), bytesOf(one.answer)), false);
    return "verified";
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

const first = ({ answer }: Legacy) => {
  const [one] = Object.values(answer);
  if (one === undefined) throw new TypeError("no entry");
  return one;
};

it.each(["intoto-0.0.1", "intoto-0.0.2", "dsse-0.0.1"] as const)("%s, with a proof and without", (kind) => {
  expect(outcome(undefined, legacy(kind))).toBe("verified");
  expect(outcome(undefined, legacy(kind, { proof: false }))).toBe("verified");
});

describe("what is given must belong together", () => {
  it.each([
    ["another time", (one) => (first(one).integratedTime += 1), "LOG_ENTRY_INVALID"],
    ["another place in the log", (one) => (first(one).logIndex += 1), "LOG_ENTRY_INVALID"],
    ["another log", (one) => (first(one).logID = "00".repeat(32)), "LOG_ENTRY_INVALID"],
    ["another promise", (one) => (first(one).verification.signedEntryTimestamp = "MAYCAQECAQE="), "LOG_ENTRY_INVALID"],
    ["no promise", (one) => Object.assign(first(one), { verification: {} }), "LOG_ENTRY_INVALID"],
    ["another proof", (one) => first(one).verification.inclusionProof?.hashes.reverse(), "LOG_ENTRY_INVALID"],
    ["the entry of another envelope", (one) => Object.assign(one, { answer: legacy().answer }), "LOG_ENTRY_INVALID"],
    ["two entries", (one) => Object.assign(one.answer, { other: first(one) }), "LOG_ENTRY_INVALID"],
    ["no entry", (one) => Object.assign(one, { answer: {} }), "LOG_ENTRY_INVALID"],
    ["another answer", (one) => Object.assign(one, { answer: { code: 404 } }), "LOG_ENTRY_INVALID"],
    ["another payload", (one) => (one.envelope.payload = "e30="), "LOG_ENTRY_INVALID"],
    [
      "another certificate",
      (one) => Object.assign(one.envelope.signatures[0] ?? {}, { cert: legacy().envelope.signatures[0]?.cert }),
      "LOG_ENTRY_INVALID",
    ],
    [
      "another signature",
      (one) => Object.assign(one.envelope.signatures[0] ?? {}, { sig: legacy().envelope.signatures[0]?.sig }),
      "SIGNATURE_INVALID",
    ],
    ["no certificate", (one) => Object.assign(one.envelope.signatures[0] ?? {}, { cert: "x" }), "BUNDLE_MALFORMED"],
    ["two signatures", (one) => one.envelope.signatures.push(...one.envelope.signatures), "BUNDLE_MALFORMED"],
    ["more than an envelope", (one) => Object.assign(one.envelope, { extra: 1 }), "BUNDLE_MALFORMED"],
  ] satisfies [string, (one: Legacy) => unknown, string][])("%s", (_what, edit, code) => {
    expect(outcome(edit)).toBe(code);
  });
});

it("a bare envelope has a certificate, and nothing around it", () => {
  const { envelope } = legacy();
  expect(isBareEnvelope(bytesOf(envelope))).toBe(true);
  expect(isBareEnvelope(bytesOf({ dsseEnvelope: envelope }))).toBe(false);
  expect(isBareEnvelope(bytesOf({ ...envelope, signatures: [{ keyid: "", sig: "" }] }))).toBe(false);
  expect(isBareEnvelope(new TextEncoder().encode("{"))).toBe(false);
});

describe("an envelope with nothing around it", () => {
  const { envelope } = legacy();
  const [first] = envelope.signatures;
  const json = JSON.parse(JSON.stringify(envelope));
  const text = JSON.stringify(envelope);
  const piecesOf = (value: unknown) => envelopePieces(JSON.parse(JSON.stringify(value)), bytesOf(value));

  it.each(["", " ", "\n", "\r\n", "\t \n"])("is known by its digest, without %j around it", (space) => {
    const sha256 = createHash("sha256").update(text).digest("hex");
    const bytes = new TextEncoder().encode(`${space}${text}${space}`);
    expect(envelopePieces(json, bytes)).toMatchObject([{ unlogged: { sha256 } }]);
  });

  it("is known by the digest of nothing where it is nothing but blanks", () => {
    const sha256 = createHash("sha256").digest("hex");
    expect(envelopePieces(json, new TextEncoder().encode(" \n"))).toMatchObject([{ unlogged: { sha256 } }]);
  });

  it("lies in no log, and has the name of its key or its certificate", () => {
    const alone = { tlogEntries: [], timestamps: [] };
    const signers = (change: object) => piecesOf({ ...envelope, signatures: [{ ...first, ...change }] });
    expect(signers({})).toMatchObject([{ bundle: { signer: { kind: "certificate" }, ...alone } }]);
    expect(signers({ cert: "", keyid: "k" })).toMatchObject([
      { bundle: { signer: { kind: "key", hint: "k" }, ...alone } },
    ]);
    expect(signers({ cert: null, keyid: "" })).toMatchObject([{ bundle: { signer: { kind: "key", hint: null } } }]);
  });

  it.each<[string, object, string | RegExp]>([
    ["a certificate that is none", { cert: "x" }, "a certificate that cannot be read"],
    ["a signature that is no base64", { sig: "?" }, /the signature/],
  ])("is refused with %s", (_what, change, actual) => {
    const expected = "payloadType, payload and signatures, each with sig and perhaps keyid and cert";
    expect(() => piecesOf({ ...envelope, signatures: [{ ...first, ...change }] })).toThrow(
      expect.objectContaining({ code: "BUNDLE_MALFORMED", expected, actual: expect.stringMatching(actual) }),
    );
  });

  it.each<[string, number]>([
    ["none", 0],
    ["two", 2],
  ])("with %s of the log's entries is none", (_what, count) => {
    const { answer } = legacy();
    const [entry] = Object.values(answer);
    const answers = Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}`, entry]));
    expect(() => bundleOfEnvelope(bytesOf(envelope), bytesOf(answers))).toThrow(
      expect.objectContaining({
        expected: '{"<id>": {body, integratedTime, logID, logIndex, verification}}, one entry',
        actual: `${count} entries`,
      }),
    );
  });
});

function bytesOf(json: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json));
}
