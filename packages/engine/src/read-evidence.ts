import { createHash } from "node:crypto";
import {
  type Bundle,
  type BundleLine,
  isTouchmarkError,
  MAX_EVIDENCE_BYTES,
  type MessageBundle,
  messageBundleIn,
  parseBundleFile,
  type TouchmarkError,
} from "@touchmark/core";
import { parseImageSignatures } from "@touchmark/oci";
import type { Host } from "@touchmark/plugin";
import { type Finding, finding, findingOf } from "@touchmark/verify";
import { MAX_ALL_EVIDENCE_BYTES, MAX_EVIDENCE_FILES } from "./check-limits.ts";
import { type Candidate, isImageSignaturesName } from "./find-evidence.ts";

/** What some bytes turned out to be that may be evidence. */
export interface ReadEvidence {
  /** Every line is a bundle, with a statement or with a signature alone: only then may a file be set aside. */
  readonly whole: boolean;
  readonly bundles: readonly { readonly name: string; readonly bundle: Bundle }[];
  /** Signatures over files themselves, which cover nothing. */
  readonly signatures: readonly { readonly name: string; readonly signature: MessageBundle }[];
  readonly findings: readonly Finding[];
}

/** What one file turned out to be. */
export interface EvidenceFile extends Candidate, ReadEvidence {}

/**
 * Reads candidates one at a time, in their order, up to the limits of one run. Of files with equal content, such as
 * `x.intoto.jsonl` and `x.sigstore.json` with one bundle, the first one has the bundles.
 *
 * @param maxFiles - another limit for tests.
 */
export async function* readEvidence(
  candidates: readonly Candidate[],
  host: Host,
  maxFiles = MAX_EVIDENCE_FILES,
): AsyncIterable<EvidenceFile> {
  const wholeOnes = new Set<string>(); // content digests
  let bytes = 0;
  for (const [index, candidate] of candidates.entries()) {
    bytes += candidate.file.size;
    if (index === maxFiles || bytes > MAX_ALL_EVIDENCE_BYTES) {
      yield {
        ...candidate,
        whole: false,
        bundles: [],
        signatures: [],
        findings: [tooMuch(candidate, candidates.length - index)],
      };
      return;
    }
    const content = await read(candidate, host);
    if (!(content instanceof Uint8Array)) {
      yield content;
      continue;
    }
    const digest = contentDigest(content);
    const evidence = wholeOnes.has(digest)
      ? { whole: true, bundles: [], signatures: [], findings: [] }
      : readFile(candidate, content);
    if (candidate.used && evidence.whole) wholeOnes.add(digest);
    yield { ...candidate, ...evidence };
  }
}

/** Equal for bundles that say the same with the same signature, as in `x.intoto.jsonl` and `x.sigstore.json`. */
export function bundleIdentity(bundle: Bundle): string {
  const hash = createHash("sha256").update(
    JSON.stringify([bundle.payloadType, bundle.payload.byteLength, bundle.signer]),
  );
  return hash.update(bundle.payload).update(bundle.signature).digest("hex");
}

/** The bytes of a candidate, or what to say of one that is too large. */
async function read(candidate: Candidate, host: Host): Promise<Uint8Array | EvidenceFile> {
  try {
    return await host.readBytes(candidate.file.path, { max: MAX_EVIDENCE_BYTES });
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "INPUT_TOO_LARGE") throw error;
    return { ...candidate, whole: false, bundles: [], signatures: [], findings: [tooLarge(candidate.name, error)] };
  }
}

/** A line end more or less says nothing. */
function contentDigest(bytes: Uint8Array): string {
  const content = bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
  return createHash("sha256").update(content).digest("hex");
}

function readFile({ file, name }: Candidate, bytes: Uint8Array): ReadEvidence {
  return isImageSignaturesName(file.name) ? readImageSignatures(name, bytes) : readBundles(name, bytes);
}

function readImageSignatures(called: string, bytes: Uint8Array): ReadEvidence {
  try {
    return { whole: parseImageSignatures(bytes, called).length > 0, bundles: [], signatures: [], findings: [] };
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return { whole: false, bundles: [], signatures: [], findings: [findingOf(error, called)] };
  }
}

/**
 * Reads bundles, one a line.
 *
 * @param called - the name of the evidence; that of a bundle has `:LINE` behind it where there are several.
 */
export function readBundles(called: string, bytes: Uint8Array): ReadEvidence {
  let lines: readonly BundleLine[];
  try {
    lines = parseBundleFile(bytes);
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return { whole: false, bundles: [], signatures: [], findings: [findingOf(error, called)] };
  }
  const nameOf = (line: number) => (lines.length === 1 ? called : `${called}:${line}`);
  const bundles: { readonly name: string; readonly bundle: Bundle }[] = [];
  const signatures: { readonly name: string; readonly signature: MessageBundle }[] = [];
  const findings: Finding[] = [];
  for (const each of lines) {
    const { line, bundle } = each;
    const signature = messageBundleIn(each);
    if (signature !== null) signatures.push({ name: nameOf(line), signature });
    else if (isTouchmarkError(bundle)) findings.push(findingOf(bundle, nameOf(line)));
    else bundles.push({ name: nameOf(line), bundle: bundle as Bundle });
  }
  return { whole: bundles.length + signatures.length > 0 && findings.length === 0, bundles, signatures, findings };
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
