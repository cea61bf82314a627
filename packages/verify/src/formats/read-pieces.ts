import { hash } from "node:crypto";
import {
  attempt,
  type EvidenceLine,
  type Finding,
  findingOf,
  isTouchmarkError,
  type Json,
  MAX_EVIDENCE_BYTES,
  parseBundle,
  parseJson,
  parseMessageBundle,
  splitEvidenceFile,
  TouchmarkError,
} from "@touchmark/core";
import { looseSignature } from "./loose-signature.ts";
import type { Piece } from "./piece.ts";

/** A piece, and what it is called: the file, with `:LINE` behind it where there are several lines. */
export interface NamedPiece {
  readonly name: string;
  /** In a file of several lines, from 1; null where it has one value. */
  readonly line: number | null;
  /** SHA-256 of the evidence as it was found, lowercase hex: of the whole file, or of the line without its end. */
  readonly digest: string;
  readonly piece: Piece;
}

/** What some bytes turned out to hold. */
export interface PiecesRead {
  /** Everything in them is evidence. */
  readonly whole: boolean;
  readonly pieces: readonly NamedPiece[];
  /** Why some of them are no evidence. */
  readonly findings: readonly Finding[];
}

/**
 * Reads evidence of any format: one value, or one a line. Nothing is verified, and a broken line spoils no other.
 *
 * @param called - the name of the evidence.
 */
export async function readPieces(bytes: Uint8Array, called: string): Promise<PiecesRead> {
  const loose = looseSignature(bytes, called);
  if (loose !== null) return { whole: false, pieces: [], findings: [loose] };
  const lines = attempt(() => splitEvidenceFile(bytes));
  if (isTouchmarkError(lines)) return { whole: false, pieces: [], findings: [findingOf(lines, called)] };
  if (lines.length > 1) return readLines(lines, called, true);
  return readLines(lines, called, false, bytes);
}

/**
 * The same for values that were split already.
 *
 * @param several - the file that they are from has several lines.
 * @param file - all bytes of a file that is one value, by whose digest others know it.
 */
export async function readLines(
  lines: readonly EvidenceLine[],
  called: string,
  several: boolean,
  file: Uint8Array | null = null,
): Promise<PiecesRead> {
  const pieces: NamedPiece[] = [];
  const findings: Finding[] = [];
  for (const each of lines) {
    const name = several ? `${called}:${each.line}` : called;
    const line = several ? each.line : null;
    const read = await readLine(each);
    if (isTouchmarkError(read)) {
      findings.push(findingOf(read, name));
      continue;
    }
    const digest = hash("sha256", file ?? each.bytes, "hex");
    for (const [at, piece] of read.entries()) {
      const numbered = read.length === 1 ? name : `${name}#${at + 1}`;
      if (isTouchmarkError(piece)) findings.push(findingOf(piece, numbered));
      else pieces.push({ name: numbered, line, digest, piece });
    }
  }
  return { whole: pieces.length > 0 && findings.length === 0, pieces, findings };
}

/** The pieces in one value, or why it is no evidence. */
async function readLine({ bytes }: EvidenceLine): Promise<readonly (Piece | TouchmarkError)[] | TouchmarkError> {
  if (!startsLikeJson(bytes)) return NO_JSON;
  const bundle = attempt(() => parseBundle(bytes));
  if (!isTouchmarkError(bundle)) return [{ kind: "statement", format: "sigstore-bundle", bundle }];
  if (bundle.code !== "BUNDLE_MALFORMED") return bundle;
  const json = attempt(() => parseJson(bytes, { what: "the evidence", maxBytes: MAX_EVIDENCE_BYTES }));
  if (isTouchmarkError(json)) return bundle;
  if (isBundleLike(json)) {
    const signature = attempt(() => parseMessageBundle(bytes));
    return isTouchmarkError(signature) ? bundle : [{ kind: "signature", format: "sigstore-bundle", signature }];
  }
  const { FORMATS } = await import("./formats.ts");
  const format = FORMATS.find((one) => one.recognises(json));
  return format === undefined ? bundle : attempt(() => format.read(json, bytes));
}

/** One for all lines: a file that is cut may have ten thousand that are none. */
const NO_JSON = new TouchmarkError("BUNDLE_MALFORMED", "this is not a Sigstore bundle with a DSSE envelope", {
  expected: "a Sigstore bundle v0.1 to v0.3, or evidence of another format",
  actual: "no JSON object",
});

/** True where an object or a list begins after white space: what is no JSON costs no parser. */
function startsLikeJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  return first === OPEN_BRACE || first === OPEN_BRACKET;
}

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

function isBundleLike(json: Json): boolean {
  return json !== null && typeof json === "object" && "mediaType" in json;
}
