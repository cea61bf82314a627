import { createHash } from "node:crypto";
import {
  type EvidenceLine,
  encodeBase64,
  type Finding,
  finding,
  findingOf,
  isTouchmarkError,
  MAX_EVIDENCE_BYTES,
  MAX_EVIDENCE_LINES,
  splitEvidenceFile,
  type TouchmarkError,
} from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import { materialDigest, type Piece, type PiecesRead, readLines, readPieces } from "@touchmark/verify";
import { LINES_AT_ONCE, MAX_ALL_EVIDENCE_BYTES, MAX_ALL_EVIDENCE_LINES, MAX_EVIDENCE_FILES } from "./check-limits.ts";
import type { StreamedLine } from "./evidence-lines.ts";
import { type Candidate, isImageSignaturesName } from "./find-evidence.ts";

/**
 * What one file turned out to be; a large one comes in parts, and only the last of them says whether it is evidence as a
 * whole. Only such a file may be set aside.
 */
export interface EvidenceFile extends Candidate, PiecesRead {
  /** Some of it, or of what comes behind it, was not read for the limits of one run. Absent: not so. */
  readonly unread?: true;
}

/** What one run may still read. */
interface Budget {
  /** Unit: lines that are not blank, of files of several lines. */
  lines: number;
}

type Part = PiecesRead & Pick<EvidenceFile, "unread">;

/**
 * Reads candidates one at a time, in their order, up to the limits of one run. A file above 64 MiB must be JSON Lines, and is
 * read line by line. Of files with equal content, such as
 * `x.intoto.jsonl` and `x.sigstore.json` with one bundle, the first one has the bundles.
 *
 * @param maxFiles - another limit for tests.
 * @param maxLines - the same.
 */
export async function* readEvidence(
  candidates: readonly Candidate[],
  host: Host,
  maxFiles = MAX_EVIDENCE_FILES,
  maxLines = MAX_ALL_EVIDENCE_LINES,
): AsyncIterable<EvidenceFile> {
  const budget: Budget = { lines: maxLines };
  const wholeOnes = new Set<string>(); // content digests
  let bytes = 0;
  for (const [index, candidate] of candidates.entries()) {
    bytes += candidate.file.size;
    if (index === maxFiles || bytes > MAX_ALL_EVIDENCE_BYTES) {
      yield {
        ...candidate,
        whole: false,
        pieces: [],
        findings: [tooMuch(candidate, candidates.length - index)],
        unread: true,
      };
      return;
    }
    if (candidate.file.size > MAX_EVIDENCE_BYTES && !isImageSignaturesName(candidate.file.name)) {
      for await (const part of streamed(candidate, budget, host)) yield { ...candidate, ...part };
      continue;
    }
    const content = await read(candidate, host);
    if (!(content instanceof Uint8Array)) {
      yield content;
      continue;
    }
    const digest = contentDigest(content);
    const parts = wholeOnes.has(digest)
      ? [{ whole: true, pieces: [], findings: [] }]
      : readFile(candidate, content, budget);
    for await (const part of parts) {
      if (candidate.used && part.whole) wholeOnes.add(digest);
      yield { ...candidate, ...part };
    }
  }
}

/**
 * Equal for pieces that say and prove the same, as in `x.intoto.jsonl` and `x.sigstore.json`. Everything that decides counts:
 * a copy without its log entries must not stand for one that has them, nor a document without the registry's word.
 */
export function identityOf(piece: Piece): string {
  const hash = createHash("sha256").update(`${piece.kind}\0`);
  if (piece.kind === "signature") {
    const { messageDigest, ...signature } = piece.signature;
    const digest = messageDigest === null ? "" : `${messageDigest.algorithm}:${encodeBase64(messageDigest.bytes)}`;
    return hash.update(`${materialDigest(signature)}\0${digest}`).digest("hex");
  }
  hash.update(materialDigest(piece.bundle));
  if (piece.cloudBuild !== undefined) hash.update(`\0cloud build\0${JSON.stringify(piece.cloudBuild)}`);
  hash.update(`\0${piece.unlogged?.sha256 ?? ""}\0`); // by which a log is asked for what is missing
  if (piece.registry === undefined) return hash.digest("hex");
  hash.update(`\0${piece.registry.kind}\0`);
  if (piece.registry.kind === "beside") hash.update(materialDigest(piece.registry.bundle));
  return hash.digest("hex");
}

/** The bytes of a candidate, or what to say of one that is too large. */
async function read(candidate: Candidate, host: Host): Promise<Uint8Array | EvidenceFile> {
  try {
    return await host.readBytes(candidate.file.path, { max: MAX_EVIDENCE_BYTES });
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "INPUT_TOO_LARGE") throw error;
    return { ...candidate, whole: false, pieces: [], findings: [tooLarge(candidate.name, error)] };
  }
}

/** A line end more or less says nothing. */
function contentDigest(bytes: Uint8Array): string {
  const content = bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
  return createHash("sha256").update(content).digest("hex");
}

async function* readFile({ file, name }: Candidate, bytes: Uint8Array, budget: Budget): AsyncIterable<Part> {
  if (isImageSignaturesName(file.name)) {
    yield (await import("./read-image-signatures.ts")).readImageSignatures(name, bytes);
    return;
  }
  const lines = linesOf(bytes);
  if (lines.length > LINES_AT_ONCE.count || lines.length > budget.lines) {
    yield* inParts(lines, name, budget);
    return;
  }
  if (lines.length > 1) budget.lines -= lines.length;
  yield await readPieces(bytes, name);
}

/** The lines of a file that has several; none of others, with too many among them. */
function linesOf(bytes: Uint8Array): readonly EvidenceLine[] {
  try {
    const lines = splitEvidenceFile(bytes, MAX_EVIDENCE_LINES);
    return lines.length > 1 ? lines : [];
  } catch (error) {
    if (isTouchmarkError(error)) return [];
    throw error;
  }
}

/** A file that is not read as a whole. */
async function* streamed({ file, name }: Candidate, budget: Budget, host: Host): AsyncIterable<Part> {
  const { evidenceLines } = await import("./evidence-lines.ts");
  try {
    yield* inParts(evidenceLines(host.openRead(file.path)), name, budget);
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "EVIDENCE_TOO_LARGE") throw error;
    yield { whole: false, pieces: [], findings: [findingOf(error, name)] };
  }
}

async function* inParts(
  lines: Iterable<StreamedLine> | AsyncIterable<StreamedLine>,
  name: string,
  budget: Budget,
): AsyncIterable<Part> {
  let part: EvidenceLine[] = [];
  let bytes = 0;
  let isEvidence = true;
  const read = async (last: boolean): Promise<PiecesRead> => {
    const { whole, pieces, findings } = await readLines(part, name, true);
    [part, bytes] = [[], 0];
    isEvidence &&= whole;
    return { whole: last && isEvidence, pieces, findings };
  };
  for await (const { line, bytes: content } of lines) {
    if (budget.lines === 0) {
      if (part.length > 0) yield await read(false);
      yield { whole: false, pieces: [], findings: [tooManyLines(`${name}:${line}`)], unread: true };
      return;
    }
    budget.lines -= 1;
    if (content === null) {
      isEvidence = false;
      yield { whole: false, pieces: [], findings: [lineTooLarge(`${name}:${line}`)] };
      continue;
    }
    if (part.length === LINES_AT_ONCE.count || (part.length > 0 && bytes + content.byteLength > LINES_AT_ONCE.bytes)) {
      yield await read(false);
    }
    part.push({ line, bytes: content });
    bytes += content.byteLength;
  }
  if (part.length > 0) yield await read(true);
}

function tooManyLines(name: string): Finding {
  return finding("EVIDENCE_TOO_LARGE", `${name}: the file was not read from this line on`, {
    expected: `at most ${MAX_ALL_EVIDENCE_LINES} lines of evidence in all`,
    actual: "more",
  });
}

function lineTooLarge(name: string): Finding {
  return finding("EVIDENCE_TOO_LARGE", `${name}: the line is too large to read`, {
    expected: `at most ${MAX_EVIDENCE_BYTES} bytes`,
    actual: "more",
  });
}

function tooLarge(name: string, error: TouchmarkError): Finding {
  return finding("EVIDENCE_TOO_LARGE", `${name}: the evidence is too large to read`, error);
}

function tooMuch({ name, file }: Candidate, unread: number): Finding {
  const what = unread === 1 ? `${name}, which may be evidence, was` : `${unread} files that may be evidence were`;
  return finding("EVIDENCE_TOO_LARGE", `${what} not read`, {
    expected: `at most ${MAX_EVIDENCE_FILES} files and ${MAX_ALL_EVIDENCE_BYTES} bytes`,
    actual: file.size > MAX_ALL_EVIDENCE_BYTES ? `${name} alone has ${file.size} bytes` : "more",
  });
}
