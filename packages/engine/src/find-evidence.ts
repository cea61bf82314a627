import { compareText, MAX_EVIDENCE_BYTES } from "@touchmark/core";
import { fileOfEntry, type Host, type HostFile } from "@touchmark/plugin";
import type { EvidenceSource } from "./brought-target.ts";
import type { FileItem, Item } from "./check-items.ts";
import { baseName, missing, parentOf } from "./target-path.ts";

/** A file that may hold evidence. */
export interface Candidate {
  readonly file: HostFile;
  /** As it is called in the report. */
  readonly name: string;
  /** False for what is only looked at to set it aside, because the user named other evidence. */
  readonly used: boolean;
  /** True for what may be evidence though its name does not say so: it is not set aside, and nothing is said of what it is not. */
  readonly tried: boolean;
  /** What a report calls it where two have one name; its path when absent. */
  readonly fullName?: string;
}

/** What `attest --cosign-signature` writes beside the bundles: it covers nothing, and is no artifact of the release. */
const IMAGE_SIGNATURES = ".image-signatures.jsonl";

const SUFFIXES = [
  ".sigstore.json",
  ".sigstore.jsonl",
  ".sigstore",
  ".intoto.jsonl",
  ".intoto.json",
  // pypi-attestations writes the first, PyPI keeps the second beside it, and its integrity API answers with the third.
  ".publish.attestation",
  ".slsa.attestation",
  ".provenance",
  // No tool gives npm's document a name: ours.
  ".attestations.json",
] as const;

/** True for a file with signatures of images, by its name. */
export function isImageSignaturesName(name: string): boolean {
  return name.endsWith(IMAGE_SIGNATURES);
}

/** True when a file's name says that it is evidence. */
function isEvidenceName(name: string): boolean {
  return isImageSignaturesName(name) || SUFFIXES.some((suffix) => name.endsWith(suffix));
}

/**
 * Files that may be evidence: those that the user named, else those whose name says so, among the targets and beside
 * file targets.
 *
 * @param sources.named - what the user named as evidence; null to look for it.
 * @param sources.further - what is used as well.
 * @throws TouchmarkError `TARGET_MISSING` for named evidence that is not there.
 */
export async function findCandidates(
  items: readonly Item[],
  { named, further }: { readonly named: readonly string[] | null; readonly further: readonly EvidenceSource[] },
  host: Host,
): Promise<readonly Candidate[]> {
  const found = [
    ...(named === null
      ? [...amongTargets(items, true), ...(await besideTargets(items, host))]
      : [...(await namedFiles(named, host)), ...amongTargets(items, false)]),
    ...(await furtherFiles(further, host)),
  ];
  const byPath = new Map<string, Candidate>();
  for (const candidate of found) {
    if (!byPath.has(candidate.file.path)) byPath.set(candidate.file.path, candidate);
  }
  return distinctNames([...byPath.values()]);
}

async function namedFiles(named: readonly string[], host: Host): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const path of named) {
    if ((await host.kind(path)) === null) throw missing(path);
    candidates.push({ file: await host.file(path), name: path, used: true, tried: false });
  }
  return candidates;
}

/** Those whose name says that they are evidence first: with many others there, they are within the limits. */
async function furtherFiles(further: readonly EvidenceSource[], host: Host): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const { path, name } of further) {
    const kind = await host.kind(path);
    if (kind === null) throw missing(name);
    if (kind !== "folder") {
      candidates.push({ file: await host.file(path), name, used: true, tried: false });
      continue;
    }
    for (const entry of await host.list(path)) {
      if (entry.kind !== "file") continue;
      const tried = !isEvidenceName(entry.name);
      if (tried && entry.size > MAX_EVIDENCE_BYTES) continue;
      candidates.push({
        file: fileOfEntry(entry),
        name: `${name.replace(/\/+$/, "")}/${entry.name}`,
        used: true,
        tried,
      });
    }
  }
  return candidates.sort((left, right) => Number(left.tried) - Number(right.tried));
}

function amongTargets(items: readonly Item[], used: boolean): readonly Candidate[] {
  return items
    .filter((item): item is FileItem => item.kind === "file" && isEvidenceName(item.name))
    .map(({ file, name, target, brought }) => ({
      ...{ file, name, used, tried: false },
      ...(brought === undefined ? {} : { fullName: `${target}/${name}` }),
    }));
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
    .map((entry) => ({ file: fileOfEntry(entry), name: entry.name, used: true, tried: false }))
    .sort(
      (left, right) => Number(own.has(right.name)) - Number(own.has(left.name)) || compareText(left.name, right.name),
    );
}

/** Two targets can hold evidence of one name: then the paths tell them apart. */
function distinctNames(candidates: readonly Candidate[]): readonly Candidate[] {
  const times = new Map<string, number>();
  for (const { name } of candidates) times.set(name, (times.get(name) ?? 0) + 1);
  return candidates.map((one) => (times.get(one.name) === 1 ? one : { ...one, name: one.fullName ?? one.file.path }));
}
