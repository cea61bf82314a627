import { createHash } from "node:crypto";
import {
  type Bundle,
  type BundleLine,
  compareText,
  isTouchmarkError,
  MAX_EVIDENCE_BYTES,
  type MessageBundle,
  messageBundleIn,
  parseBundleFile,
  type TouchmarkError,
} from "@touchmark/core";
import { parseImageSignatures } from "@touchmark/oci";
import { fileOfEntry, type Host, type HostFile } from "@touchmark/plugin";
import { type Finding, finding, findingOf } from "@touchmark/verify";
import type { FileItem, Item } from "./check-items.ts";
import { MAX_ALL_EVIDENCE_BYTES, MAX_EVIDENCE_FILES } from "./check-limits.ts";
import { baseName, missing, parentOf } from "./target-path.ts";

/** A file that may hold evidence. */
export interface Candidate {
  readonly file: HostFile;
  /** As it is called in the report. */
  readonly name: string;
  /** False for what is only looked at to set it aside, because the user named other evidence. */
  readonly used: boolean;
}

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

/** What `attest --cosign-signature` writes beside the bundles: it covers nothing, and is no artifact of the release. */
const IMAGE_SIGNATURES = ".image-signatures.jsonl";

const SUFFIXES = [".sigstore.json", ".sigstore.jsonl", ".sigstore", ".intoto.jsonl", ".intoto.json"] as const;

/** True when a file's name says that it is evidence. */
function isEvidenceName(name: string): boolean {
  return name.endsWith(IMAGE_SIGNATURES) || SUFFIXES.some((suffix) => name.endsWith(suffix));
}

/**
 * Files that may be evidence: those that the user named, else those whose name says so, among the targets and beside
 * file targets.
 *
 * @param named - what the user named as evidence; null to look for it.
 * @throws TouchmarkError `TARGET_MISSING` for named evidence that is not there.
 */
export async function findCandidates(
  items: readonly Item[],
  named: readonly string[] | null,
  host: Host,
): Promise<readonly Candidate[]> {
  const found =
    named === null
      ? [...amongTargets(items, true), ...(await besideTargets(items, host))]
      : [...(await namedFiles(named, host)), ...amongTargets(items, false)];
  const byPath = new Map<string, Candidate>();
  for (const candidate of found) {
    if (!byPath.has(candidate.file.path)) byPath.set(candidate.file.path, candidate);
  }
  return distinctNames([...byPath.values()]);
}

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

async function namedFiles(named: readonly string[], host: Host): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const path of named) {
    if ((await host.kind(path)) === null) throw missing(path);
    candidates.push({ file: await host.file(path), name: path, used: true });
  }
  return candidates;
}

function amongTargets(items: readonly Item[], used: boolean): readonly Candidate[] {
  return items
    .filter((item): item is FileItem => item.kind === "file" && isEvidenceName(item.name))
    .map(({ file, name }) => ({ file, name, used }));
}

async function besideTargets(items: readonly Item[], host: Host): Promise<readonly Candidate[]> {
  const folders = new Map<string, string[]>(); // folder → names of what was given alone
  for (const path of new Set(items.map(givenAlone))) {
    if (path === null) continue;
    const folder = parentOf(path);
    const names = folders.get(folder);
    if (names === undefined) folders.set(folder, [baseName(path)]);
    else names.push(baseName(path));
  }
  const candidates: Candidate[] = [];
  for (const [folder, names] of folders) candidates.push(...(await siblings(folder, names, host)));
  return candidates;
}

/** Where something lies beside which evidence is looked for; null for all else. Nobody but Nix puts files into its store. */
function givenAlone(item: Item): string | null {
  switch (item.kind) {
    case "file":
      return item.place === "alone" ? item.file.path : null;
    case "image":
      return item.layout;
    case "tree":
      return parentOf(item.given) === NIX_STORE ? null : item.given;
    case "digest":
    case "evidence":
    case "refused":
      return null;
  }
}

const NIX_STORE = "/nix/store";

/** Evidence of the files' own names first: with many others there, they are within the limits. */
async function siblings(folder: string, names: readonly string[], host: Host): Promise<readonly Candidate[]> {
  const own = new Set(names.flatMap((name) => SUFFIXES.map((suffix) => name + suffix)));
  const entries = await host.list(folder, { recursive: false });
  return entries
    .filter((entry) => entry.kind === "file" && isEvidenceName(entry.name))
    .map((entry) => ({ file: fileOfEntry(entry), name: entry.name, used: true }))
    .sort(
      (left, right) => Number(own.has(right.name)) - Number(own.has(left.name)) || compareText(left.name, right.name),
    );
}

/** Two targets can hold evidence of one name: then the paths tell them apart. */
function distinctNames(candidates: readonly Candidate[]): readonly Candidate[] {
  const times = new Map<string, number>();
  for (const { name } of candidates) times.set(name, (times.get(name) ?? 0) + 1);
  return candidates.map((one) => (times.get(one.name) === 1 ? one : { ...one, name: one.file.path }));
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
  return file.name.endsWith(IMAGE_SIGNATURES) ? readImageSignatures(name, bytes) : readBundles(name, bytes);
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
