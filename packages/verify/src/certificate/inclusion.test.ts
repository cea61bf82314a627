import { ascii, checkpointBody, logEntry, logIdOf, rootOf, signatureLine } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { at, other } from "../../test/attack-cases.ts";
import { bytesOf, sigstore } from "../../test/certificate-cases.ts";
import { materialOf } from "../roots/material.ts";
import { parseRoots } from "../roots/parse-roots.ts";
import { checkInclusion } from "./inclusion.ts";
import { type LogEntry, type LogProof, readLogEntry } from "./log-entry.ts";

const trusted = (root: unknown) => materialOf(parseRoots(bytesOf(root), "roots.json").roots[0] as never, "roots.json");
const root = trusted(rootOf(sigstore));
const BODY = { kind: "intoto", version: "0.0.1", body: ascii("a body") };

/** The entry at a place of a tree in which all entries differ. */
function entryAt(place: number, size: number, log = sigstore.rekorV1): { entry: LogEntry; proof: LogProof } {
  const others = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ascii(`entry ${from + index}`));
  const options = { time: at("12:00:00"), before: others(0, place), after: others(place + 1, size) };
  const entry = readLogEntry(JSON.parse(JSON.stringify(logEntry(log, BODY, options))), "0.3");
  if (entry.proof === null) throw new TypeError("no proof");
  return { entry, proof: entry.proof };
}
const judge = (place: number, size: number, change: Partial<LogProof> = {}) => {
  const { entry, proof } = entryAt(place, size);
  return () => checkInclusion(entry, { ...proof, ...change }, root);
};
const refusal = (actual: string) =>
  expect.objectContaining({
    code: "LOG_ENTRY_INVALID",
    expected: "the entry in the tree that the log signed",
    actual,
  });
const otherRoot = refusal("another root");

it.each([1, 2, 3, 4, 5, 7, 8, 9])("an entry of a tree of %i has its own place there, and no other", (size) => {
  for (let place = 0; place < size; place += 1) {
    for (let claimed = 0; claimed <= size + 1; claimed += 1) {
      const claim = judge(place, size, { logIndex: `${claimed}` });
      if (claimed === place) expect(claim).not.toThrow();
      else expect(claim).toThrow(otherRoot);
    }
  }
});

describe("a path", () => {
  const { proof } = entryAt(2, 5);
  const [first, ...rest] = proof.hashes;
  const hash = Buffer.alloc(32);

  it.each([
    ["shorter", proof.hashes.slice(0, -1)],
    ["longer", [...proof.hashes, hash]],
    ["empty", []],
    ["another one", [hash, ...rest]],
    ["one in another order", [...rest, first ?? hash]],
  ])("that is %s leads to another root", (_, hashes) => {
    expect(judge(2, 5, { hashes })).toThrow(otherRoot);
  });

  it("leads to the root of a tree of this size, and of no other", () => {
    for (const treeSize of ["0", "3", "4", "9", "17"]) expect(judge(2, 5, { treeSize })).toThrow(otherRoot);
    expect(judge(0, 1, { treeSize: "0" })).toThrow(otherRoot);
    expect(judge(2, 5, { rootHash: hash })).toThrow(otherRoot);
  });
});

describe("the checkpoint's signature", () => {
  const unsigned = refusal("a checkpoint that the log did not sign");
  const { entry, proof } = entryAt(2, 5);
  const note = checkpointBody({ origin: "rekor.sigstore.test", size: 5, root: proof.rootHash });
  const signer = { key: sigstore.rekorV1.key, logId: entry.logId };
  const line = signatureLine("rekor.sigstore.test", signer, note);
  const withNote = (checkpoint: string, material = root) => {
    return () => checkInclusion(entry, { ...proof, checkpoint }, material);
  };

  it("is one of them, under any name and beside others", () => {
    expect(withNote(`${note}\n${line}`)).not.toThrow();
    const witness = signatureLine("witness", { ...signer, key: other.rekorV1.key }, note);
    expect(withNote(`${note}\n${witness}— x AA==\n${signatureLine("any", signer, note)}`)).not.toThrow();
  });

  it("is over the whole note", () => {
    expect(withNote(`${note}more\n\n${line}`)).toThrow(unsigned);
    const longer = `${note}more\n`;
    expect(withNote(`${longer}\n${signatureLine("any", signer, longer)}`)).not.toThrow();
    expect(withNote(`${longer}\n${line}`)).toThrow(unsigned);
  });

  it.each([
    ["none", ""],
    ["behind something", `x${line}`],
    ["before something", line.replace("\n", " x\n")],
    ["with a hyphen", line.replace("—", "-")],
    ["without a name", line.replace("rekor.sigstore.test ", "")],
    ["by another key", signatureLine("any", { ...signer, key: other.rekorV1.key }, note)],
    ["with another key's hint", signatureLine("any", { ...signer, logId: logIdOf(other.rekorV1) }, note)],
  ])("is not %s", (_, signature) => {
    expect(withNote(`${note}\n${signature}`)).toThrow(unsigned);
  });

  it("is the log's that the entry is of", () => {
    const both = rootOf(sigstore);
    both.tlogs.push(...rootOf(other).tlogs);
    const theirs = signatureLine("any", { key: other.rekorV1.key, logId: entry.logId }, note);
    expect(withNote(`${note}\n${theirs}`, trusted(both))).toThrow(unsigned);
    expect(withNote(`${note}\n${line}`, trusted(rootOf(other)))).toThrow(unsigned);
  });

  it("is ECDSA on P-256: no other log wrote entries of this kind", () => {
    const { entry: elsewhere, proof: theirs } = entryAt(2, 5, sigstore.rekorV2);
    expect(() => checkInclusion(elsewhere, theirs, root)).toThrow(unsigned);
  });
});
