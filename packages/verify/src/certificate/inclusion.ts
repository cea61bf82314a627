import { createHash, verify } from "node:crypto";
import { hashOfCurve } from "../hash-of-curve.ts";
import type { RootMaterial } from "../roots/material.ts";
import type { LogEntry, LogProof } from "./log-entry.ts";
import { refused } from "./refused.ts";

/**
 * Checks the proof of an entry that Sigstore's verifier does not take: the entry is in the tree whose root the log signed.
 *
 * @param proof - whose checkpoint is known to say what the proof says (`checkCheckpoint`).
 * @throws TouchmarkError `LOG_ENTRY_INVALID`.
 * @see RFC 9162, 2.1.3.2; https://github.com/C2SP/C2SP/blob/main/signed-note.md
 */
export function checkInclusion(entry: LogEntry, proof: LogProof, { forLibrary }: RootMaterial): void {
  if (!leadsToRoot(entry, proof)) throw doesNotHold("another root");
  const end = proof.checkpoint.indexOf("\n\n") + 1;
  const note = Buffer.from(proof.checkpoint.slice(0, end));
  const signatures = proof.checkpoint
    .slice(end)
    .split("\n")
    .flatMap((line) => /^\u2014 \S+ ([A-Za-z0-9+/=]+)$/.exec(line)?.[1] ?? [])
    .map((text) => Buffer.from(text, "base64"));
  const keys = forLibrary.tlogs.filter(({ logID }) => logID.equals(entry.logId)).map(({ publicKey }) => publicKey);
  const isSigned = signatures.some(
    (bytes) =>
      bytes.subarray(0, 4).equals(entry.logId.subarray(0, 4)) &&
      keys.some(
        (key) =>
          hashOfCurve(key) === "sha256" && verify("sha256", note, { key, dsaEncoding: "der" }, bytes.subarray(4)),
      ),
  );
  if (!isSigned) throw doesNotHold("a checkpoint that the log did not sign");
}

/** True where the hashes of a proof lead from the entry to the root that the proof names; who signed that root is another question. */
export function leadsToRoot(entry: LogEntry, proof: LogProof): boolean {
  const root = rootOf(entry.body, Number(proof.logIndex), Number(proof.treeSize), proof.hashes);
  return root?.equals(proof.rootHash) === true;
}

/** The root that the path leads to; null for a path that is too long, too short, or of no leaf of the tree. */
function rootOf(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer | null {
  if (index >= size) return null;
  let [place, last] = [index, size - 1];
  let root = digest(Buffer.of(0), leaf);
  for (const beside of path) {
    if (last === 0) return null;
    if (place % 2 === 1 || place === last) {
      root = digest(Buffer.of(1), beside, root);
      while (place % 2 === 0) [place, last] = [place / 2, last / 2]; // both are the same here, and not 0
    } else root = digest(Buffer.of(1), root, beside);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 ? root : null;
}

function digest(...parts: readonly Buffer[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function doesNotHold(actual: string) {
  return refused("LOG_ENTRY_INVALID", "the proof of a log does not hold", {
    expected: "the entry in the tree that the log signed",
    actual,
  });
}
