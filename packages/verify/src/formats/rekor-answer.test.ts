import { signBundle } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { PAYLOAD, sigstore } from "../../test/certificate-cases.ts";
import { takenApart } from "../../test/rekor-answers.ts";
import { openRekorEntries, rekorQuestion } from "./open-rekor-entries.ts";
import { readPieces } from "./read-pieces.ts";
import { readRekorFile } from "./rekor-answer.ts";

const make = () =>
  takenApart(signBundle(sigstore, PAYLOAD, { version: "0.1", entry: "intoto-0.0.1", timestamp: null }));
const [one, two] = [make(), make()];

async function bundleOf({ envelope }: typeof one) {
  const { pieces } = await readPieces(new TextEncoder().encode(`\n${JSON.stringify(envelope)} \n`), "f");
  const [first] = pieces;
  if (first === undefined || first.piece.kind !== "statement") throw new TypeError("no statement");
  return first.piece;
}

/** How many of the two have their entry in a file. */
async function found(...texts: readonly string[]): Promise<readonly number[]> {
  const entries = await openRekorEntries(
    texts.map((text) => ({ bytes: new TextEncoder().encode(text), called: "e.json" })),
  );
  const pieces = await Promise.all([bundleOf(one), bundleOf(two)]);
  return pieces.map(({ bundle }) => entries.of(bundle).length);
}

const answers = [one, two].map(({ entry }, index) => ({ [`id${index}`]: entry }));

describe("what Rekor answers", () => {
  it.each([
    ["one object", [JSON.stringify({ ...answers[0], ...answers[1] })]],
    ["an object a line", [answers.map((each) => JSON.stringify(each)).join("\n")]],
    ["a list", [JSON.stringify(answers)]],
    ["a list over several lines", [JSON.stringify(answers, null, 2)]],
    ["a list a line", [answers.map((each) => JSON.stringify([each])).join("\n")]],
    ["two files", answers.map((each) => JSON.stringify(each, null, 2))],
    ["an entry twice", [JSON.stringify([...answers, ...answers])]],
  ])("is read as %s", async (_, texts) => {
    expect(await found(...texts)).toEqual([1, 1]);
  });

  it("may hold nothing, and entries that are about something else", async () => {
    expect(await found("[]")).toEqual([0, 0]);
    const body = Buffer.from(JSON.stringify({ kind: "rekord", apiVersion: "0.0.1", spec: {} })).toString("base64");
    expect(await found(JSON.stringify({ a: { ...one.entry, body }, ...answers[1] }))).toEqual([0, 1]);
    const unreadable = Buffer.from(JSON.stringify({ kind: "intoto", apiVersion: "0.0.1", spec: 1 })).toString("base64");
    expect(await found(JSON.stringify({ a: { ...one.entry, body: unreadable }, ...answers[1] }))).toEqual([0, 1]);
  });

  it("may hold an entry of any size, which hides none beside it", async () => {
    const spec = { signature: "x".repeat(1024 * 1024) };
    const body = Buffer.from(JSON.stringify({ kind: "rekord", apiVersion: "0.0.1", spec })).toString("base64");
    expect(await found(JSON.stringify({ a: { ...one.entry, body }, ...answers[1] }))).toEqual([0, 1]);
  });

  it.each([
    ["no JSON", "{"],
    ["an error of the API", '{"code":404,"message":"x"}'],
    ["a body that is no JSON", JSON.stringify({ a: { ...one.entry, body: "eA==" } })],
    ["a body that is no base64", JSON.stringify({ a: { ...one.entry, body: "?" } })],
    ["a log's id that is no hex", JSON.stringify({ a: { ...one.entry, logID: "xyz" } })],
    ["no promise", JSON.stringify({ a: { ...one.entry, verification: {} } })],
    ["a list of something else", '[{"a":1}]'],
  ])("is malformed as %s, and the file is named", async (_, text) => {
    await expect(found(text)).rejects.toMatchObject({
      code: "LOG_ENTRY_INVALID",
      message: expect.stringMatching(/^e\.json: /),
    });
  });

  it("has at most 10,000 entries, and of those about one envelope sixteen are tried", async () => {
    const many = Array.from({ length: 10_001 }, (_, logIndex) => ({ a: { ...one.entry, logIndex } }));
    const text = (entries: readonly object[]) => entries.map((each) => JSON.stringify(each)).join("\n");
    await expect(found(text(many))).rejects.toMatchObject({ code: "EVIDENCE_TOO_LARGE" });
    expect(await found(text(many.slice(0, 40)))).toEqual([16, 0]);
  });
});

describe("an entry", () => {
  const bytes = (json: unknown, indent = 0) => new TextEncoder().encode(JSON.stringify(json, null, indent));
  const hex = (text: string) => Buffer.from(text, "hex").toString("base64");
  const body = Buffer.from(JSON.stringify({ kind: "intoto", apiVersion: "0.0.1" })).toString("base64");
  const entry = {
    body,
    integratedTime: 7,
    logID: "0a".repeat(32),
    logIndex: 9,
    verification: { signedEntryTimestamp: "AAAA" },
  };
  const proof = { checkpoint: "note", hashes: ["0b", "0c"], logIndex: 3, rootHash: "0d", treeSize: 5 };
  const inBundle = {
    logIndex: "9",
    logId: { keyId: hex("0a".repeat(32)) },
    kindVersion: { kind: "intoto", version: "0.0.1" },
    integratedTime: "7",
    inclusionPromise: { signedEntryTimestamp: "AAAA" },
    canonicalizedBody: body,
  };

  it("is as bundles have it, with a proof and without", () => {
    const common = { kind: "intoto", version: "0.0.1", body: new Uint8Array(Buffer.from(body, "base64")) };
    const proven = { ...entry, verification: { ...entry.verification, inclusionProof: proof } };
    const [bare, whole] = readRekorFile(bytes([{ a: entry }, { a: proven }]));
    expect({ ...bare, body: new Uint8Array(bare?.body ?? []) }).toEqual({ ...common, inBundle });
    expect(whole?.inBundle).toEqual({
      ...inBundle,
      inclusionProof: {
        logIndex: "3",
        rootHash: hex("0d"),
        treeSize: "5",
        hashes: [hex("0b"), hex("0c")],
        checkpoint: { envelope: "note" },
      },
    });
  });

  it.each([" ", "\t", "\r", "\n"])("may be in a list over several lines, behind %j", (space) => {
    const text = `${space}${JSON.stringify([{ a: entry }], null, 2)}`;
    expect(readRekorFile(new TextEncoder().encode(text))).toHaveLength(1);
  });

  it.each<[string, object]>([
    ["a log's id with more before it", { logID: "xx0a" }],
    ["a log's id with more behind it", { logID: "0axx" }],
    ["half a byte of a log's id", { logID: "0a0" }],
    ["an empty log's id", { logID: "" }],
    ["a long log's id", { logID: "0a".repeat(65) }],
    ["a place before the first", { logIndex: -1 }],
    ["a time before all", { integratedTime: -1 }],
    [
      "65 hashes",
      { verification: { ...entry.verification, inclusionProof: { ...proof, hashes: Array(65).fill("0a") } } },
    ],
    ["a tree of nothing", { verification: { ...entry.verification, inclusionProof: { ...proof, treeSize: 0 } } }],
    [
      "a place before the first in its tree",
      { verification: { ...entry.verification, inclusionProof: { ...proof, logIndex: -1 } } },
    ],
  ])("is none with %s", (_what, change) => {
    expect(() => readRekorFile(bytes({ a: { ...entry, ...change } }))).toThrow(
      expect.objectContaining({
        code: "LOG_ENTRY_INVALID",
        expected: '{"<id>": {body, integratedTime, logID, logIndex, verification}}, or a list of these',
      }),
    );
  });

  it("is one of 10,000 at most", () => {
    const line = JSON.stringify({ a: entry, b: entry });
    const lines = (count: number) => new TextEncoder().encode(`${line}\n`.repeat(count));
    expect(readRekorFile(lines(5_000))).toHaveLength(10_000);
    expect(() => readRekorFile(lines(5_001))).toThrow(
      expect.objectContaining({ code: "EVIDENCE_TOO_LARGE", expected: "at most 10000", actual: "10002" }),
    );
  });
});

describe("what a log is asked", () => {
  it("is hashes alone: two ids that the entry may have, and what the index knows it by", async () => {
    const question = await rekorQuestion(await bundleOf(one));
    const hex = /^[0-9a-f]{64}$/;
    expect(question?.ids.map((id) => hex.test(id))).toEqual([true, true]);
    expect(question?.hashes.map((hash) => hex.test(hash))).toEqual([true, true]);
  });

  it("has no ids for an envelope without its certificate, and is nothing for a bundle", async () => {
    const piece = await bundleOf(one);
    const lost = { ...piece, bundle: { ...piece.bundle, signer: { kind: "key", hint: null } as const } };
    expect((await rekorQuestion(lost))?.ids).toEqual([]);
    expect(await rekorQuestion({ kind: "statement", format: "sigstore-bundle", bundle: piece.bundle })).toBe(null);
  });
});
