import { createHash, createPublicKey } from "node:crypto";
import {
  attemptOrNull,
  type BundleMaterial,
  isTouchmarkError,
  type Provenance,
  parseStatement,
  readProvenance,
  type StatedStatement,
} from "@touchmark/core";
import type { Piece } from "../formats/piece.ts";
import { comparisons } from "./agreement.ts";
import { digestContent } from "./digest-content.ts";
import { leadsToRoot } from "./inclusion.ts";
import { type Leaf, readLeaf } from "./leaf.ts";
import { logBodyDifference, loggedVerifier } from "./log-body.ts";
import { type LogEntry, type LogProof, readLogEntry } from "./log-entry.ts";
import { envelopeContent, type SignedContent } from "./signed-content.ts";
import { readTimestamps, type TimestampToken } from "./timestamp-token.ts";
import { saysWhen } from "./verified-times.ts";
import { bundleVersion } from "./verify-signed.ts";

/**
 * Two parts of one piece of evidence, and whether they say the same. That takes no trust and gives none: whoever makes up
 * all parts makes them agree.
 */
export interface Consistency {
  /** `the signature, and the certificate's key`. */
  readonly what: string;
  /** `incomparable`: a part cannot be read, or lacks what there would be to compare. */
  readonly result: "consistent" | "differs" | "incomparable";
  /** Why, where it is not consistent. */
  readonly why: string | null;
}

/** What `describeConsistency` gives, from here on with what reads certificates. */
export function consistencyOf(piece: Piece): readonly Consistency[] {
  const found: Consistency[] = [];
  const material = piece.kind === "statement" ? piece.bundle : piece.signature;
  const content = contentOf(piece);
  const leaf = attemptOrNull(() => leafOf(material));
  if (leaf !== null && content !== null) {
    found.push(compared("the signature, and the certificate's key", () => content.isSignedBy(leaf.key)));
  }
  for (const [index, json] of material.tlogEntries.entries()) {
    const called = material.tlogEntries.length === 1 ? "the log entry" : `log entry ${index + 1}`;
    const entry = attemptOrNull(() => readLogEntry(json, bundleVersion(material.mediaType)));
    if (entry !== null) found.push(...entryConsistency(called, entry, content, leaf));
  }
  for (const [index, json] of material.timestamps.entries()) {
    const called = material.timestamps.length === 1 ? "the timestamp" : `timestamp ${index + 1}`;
    const [token] = attemptOrNull(() => readTimestamps([json])) ?? [];
    if (token !== undefined) found.push(...timestampConsistency(called, token, material.signature, leaf));
  }
  if (piece.kind === "statement" && leaf !== null) found.push(...agreement(piece.bundle.payload, leaf));
  return found;
}

/** Null where only a digest is known, and the evidence does not name it. */
function contentOf(piece: Piece): SignedContent | null {
  if (piece.kind === "statement") return envelopeContent(piece.bundle);
  const { messageDigest, signature } = piece.signature;
  if (messageDigest === null) return null;
  const hash = ({ SHA2_256: "sha256", SHA2_384: "sha384", SHA2_512: "sha512" } as const)[messageDigest.algorithm];
  return digestContent(hash, messageDigest.bytes, signature);
}

function leafOf({ signer }: BundleMaterial): Leaf | null {
  const [der] = signer.kind === "certificate" ? signer.chain : [];
  return der === undefined ? null : readLeaf(der);
}

function entryConsistency(
  called: string,
  entry: LogEntry,
  content: SignedContent | null,
  leaf: Leaf | null,
): readonly Consistency[] {
  const { proof, integratedTime } = entry;
  const found: Consistency[] = [];
  if (content !== null) {
    const signer = leaf === null ? "the same content and signature" : "the same content, signature and certificate";
    found.push(
      compared(`${called}, and ${signer}`, () => {
        const other = logBodyDifference(entry, content, [leaf?.der ?? loggedVerifier(entry)]);
        return other === null || `the entry is about another ${other}`;
      }),
    );
    if (leaf === null) {
      const key = () => createPublicKey({ key: Buffer.from(loggedVerifier(entry)), format: "der", type: "spki" });
      found.push(compared(`the signature, and the key in ${called}`, () => content.isSignedBy(key())));
    }
  }
  if (proof !== null) found.push(compared(`${called}, and the root of its proof`, () => isProved(entry, proof)));
  if (leaf !== null && saysWhen(entry)) {
    found.push(within(`the time of ${called}`, new Date((integratedTime ?? 0) * 1000), leaf));
  }
  return found;
}

/** The note of a checkpoint: origin, size and root, a line each (https://github.com/C2SP/C2SP/blob/main/tlog-checkpoint.md). */
function isProved(entry: LogEntry, proof: LogProof): boolean {
  const [, size, root] = proof.checkpoint.split("\n", 3);
  return leadsToRoot(entry, proof) && size === proof.treeSize && root === proof.rootHash.toString("base64");
}

function timestampConsistency(
  called: string,
  { token, time }: TimestampToken,
  signature: Uint8Array,
  leaf: Leaf | null,
): readonly Consistency[] {
  const isOfSignature = () => {
    const { messageImprintHashAlgorithm: hash, messageImprintHashedMessage: digest } = token.tstInfo;
    return createHash(hash).update(signature).digest().equals(digest);
  };
  return [
    compared(`${called}, and the signature`, isOfSignature),
    ...(leaf === null ? [] : [within(`the time of ${called}`, time, leaf)]),
  ];
}

function within(what: string, time: Date, { notBefore, notAfter }: Leaf): Consistency {
  return compared(`${what}, and the certificate's validity`, () => notBefore <= time && time <= notAfter);
}

/** One line for all fields that agree, and one for each that does not. */
function agreement(payload: Uint8Array, leaf: Leaf): readonly Consistency[] {
  const stated = attemptOrNull(() => {
    const statement = parseStatement(payload);
    return { statement, provenance: readProvenance(statement) };
  });
  if (stated?.provenance == null) return [];
  try {
    return fieldsOf(stated.statement, stated.provenance, leaf);
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return [{ what: "the provenance, and the certificate", result: "differs", why: reasonOf(error) }];
  }
}

function fieldsOf(statement: StatedStatement, provenance: Provenance, leaf: Leaf): readonly Consistency[] {
  const onBoth = comparisons(statement, provenance, leaf).flatMap(({ what, stated, certified }) =>
    stated === null || certified === null ? [] : [{ what, stated, certified }],
  );
  const different = onBoth.filter(({ stated, certified }) => stated !== certified);
  const equal = [...new Set(onBoth.filter((one) => !different.includes(one)).map(({ what }) => what))];
  const both = "the provenance, and the certificate";
  if (onBoth.length === 0) return [{ what: both, result: "incomparable", why: "they say nothing of the same" }];
  return [
    ...(equal.length === 0 ? [] : [compared(`${both} (${equal.join(", ")})`, () => true)]),
    ...different.map(({ what, stated, certified }) =>
      compared(`${both} (${what})`, () => `the provenance says ${stated}, the certificate ${certified}`),
    ),
  ];
}

/** @param compare - true where they belong together; false, or in words why they do not. */
function compared(what: string, compare: () => boolean | string): Consistency {
  try {
    const result = compare();
    if (result === true) return { what, result: "consistent", why: null };
    return { what, result: "differs", why: result || "they do not belong together" };
  } catch (error) {
    // Node's crypto throws for keys, hashes and signatures that it cannot read.
    return { what, result: "incomparable", why: isTouchmarkError(error) ? reasonOf(error) : "a part cannot be read" };
  }
}

function reasonOf(error: { readonly message: string; readonly actual: string | null }): string {
  return error.actual === null ? error.message : `${error.message} (${error.actual})`;
}
