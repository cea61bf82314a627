import { type AcceptableAlgorithm, type Finding, finding } from "@touchmark/core";
import type { Fetcher, Host, HostFile } from "@touchmark/plugin";
import {
  acceptableAlgorithms,
  type Denials,
  type Evidence,
  type LoggedBundles,
  type NamedPiece,
  type NpmKeys,
  type PiecesRead,
  readPieces,
  type SigningThreads,
  type SourcesByPolicy,
  type SummaryTrust,
  type TraceBook,
  type Trust,
} from "@touchmark/verify";
import type { LogSearch } from "./ask-log.ts";
import type { EvidenceSource } from "./brought-target.ts";
import type { Item } from "./check-items.ts";
import { MAX_SIGNATURES } from "./check-limits.ts";
import { evidenceQueue } from "./evidence-queue.ts";
import { examineWithLog } from "./examine-with-log.ts";
import type { Fetched } from "./fetched-evidence.ts";
import { findCandidates } from "./find-evidence.ts";
import { freshPieces } from "./fresh-pieces.ts";
import type { Hashing } from "./hash-items.ts";
import { heldEvidence } from "./held-evidence.ts";
import { sieveFor } from "./line-sieve.ts";
import { readEvidence } from "./read-evidence.ts";

/** What there is for the items. */
export interface Gathered {
  readonly evidence: readonly Evidence[];
  /** Paths of files that are evidence as a whole. */
  readonly setAside: ReadonlySet<string>;
  /** Files that are evidence as a whole and no targets. */
  readonly beside: readonly HostFile[];
  readonly findings: readonly Finding[];
  /** What is worth saying where something does not hold, and only then. */
  readonly notes: readonly Finding[];
  /** Why some evidence about an image was not seen. */
  readonly gaps: ReadonlyMap<Item, readonly Finding[]>;
  /** Lines that have no say in what holds, and were not authenticated. */
  readonly skipped: number;
}

export interface GatherOptions {
  /** Evidence that the user named, and nothing else is used; null to look for it. */
  readonly bundles: readonly string[] | null;
  /** What is used as well. */
  readonly evidence?: readonly EvidenceSource[];
  readonly trust: readonly Trust[];
  readonly verifiers?: readonly SummaryTrust[];
  readonly denials?: Denials;
  /** Keep the predicate's JSON of trusted statements. */
  readonly wholeStatements?: boolean;
  /** A policy compares the sources of what is trusted without one. */
  readonly sourcesByPolicy?: SourcesByPolicy;
  /** Algorithms that are needed whatever evidence says. */
  readonly algorithms?: readonly string[];
  readonly entries?: LoggedBundles;
  readonly logs?: LogSearch;
  /** Reads the keys of npm's registry; asked only where there is a document of it. Absent: no such document counts. */
  readonly npmKeys?: () => Promise<NpmKeys>;
  readonly fetchers: readonly Fetcher[];
  /** Every trusted statement counts, whatever it is about: no line is left out. */
  readonly complete: boolean;
  /** Starts threads that verify signatures; called once, where there are many. Absent: this thread does it all. */
  readonly threads?: () => Promise<SigningThreads>;
  /** Notes what is checked. Then this thread does it all. */
  readonly trace?: TraceBook;
}

/**
 * Reads evidence, on the disk, in layouts and in registries, and examines it: each bundle once, wherever it was found. Of
 * files of several lines, what has no say in what holds for the items is left out and counted.
 */
export async function gatherEvidence(
  options: GatherOptions,
  items: readonly Item[],
  hashing: Hashing,
  host: Host,
): Promise<Gathered> {
  const { bundles: named, evidence: further = [], fetchers } = options;
  const evidence: Evidence[] = [];
  const setAside = new Set<string>();
  const targets = new Set(items.flatMap((item) => (item.kind === "file" ? [item.file.path] : [])));
  const beside: HostFile[] = [];
  const findings: Finding[] = [];
  const notes: Finding[] = [];
  const gaps = new Map<Item, readonly Finding[]>();
  const sieve = options.complete ? null : sieveFor(items, hashing, neededAlgorithms(options));
  const { npmKeys, ...examining } = options;
  let keys: NpmKeys | undefined;
  const examinePieces = async (pieces: readonly NamedPiece[]) => {
    for (const { name, digest, piece } of pieces) {
      const one = await examineWithLog(name, piece, {
        ...examining,
        ...(keys === undefined ? {} : { npmKeys: keys }),
      });
      const kept = held.keep(one.kind === "trusted" || one.kind === "summary" ? { ...one, digest } : one);
      if (kept !== null) evidence.push(kept);
      if (one.kind === "signature") notes.push(...withName(one));
      else if (one.kind === "refused" || one.kind === "denied") findings.push(...withName(one));
    }
  };
  const held = heldEvidence();
  const queue = evidenceQueue(options, examinePieces);
  const fresh = freshPieces();
  let isAllRead = true;
  const examineOnce = async (pieces: readonly NamedPiece[]) => {
    const ones = fresh.of(pieces);
    if (keys === undefined && npmKeys !== undefined && ones.some(needsKeys)) keys = await npmKeys();
    await queue.push(ones);
  };
  const take = async (read: PiecesRead) => {
    for (const one of read.findings) findings.push(one);
    await examineOnce(sieve === null ? read.pieces : await sieve.take(read.pieces));
  };
  for await (const file of readEvidence(await findCandidates(items, { named, further }, host), host)) {
    if (file.whole && !file.tried) {
      setAside.add(file.file.path);
      if (file.used && !targets.has(file.file.path)) beside.push(file.file);
    }
    isAllRead &&= file.unread !== true;
    if (file.used) await take(file.tried && file.unread !== true ? { ...file, findings: [] } : file);
  }
  if (named === null) {
    for await (const read of evidenceInLayouts(items)) await take(read);
    for await (const fetched of await fetchedEvidence(items, fetchers, host)) {
      if (fetched.kind === "evidence") await take(fetched);
      else gaps.set(fetched.image, [...(gaps.get(fetched.image) ?? []), fetched.finding]);
    }
  }
  if (sieve !== null) await examineOnce(await sieve.rest());
  await queue.end();
  const skipped = sieve?.skipped() ?? 0;
  const unexamined = fresh.unexamined();
  if (unexamined > 0) findings.push(tooManySignatures(unexamined));
  findings.push(...held.findings());
  // What was not looked at may state one of them.
  if (unexamined > 0 || !isAllRead || !held.isWhole()) setAside.clear();
  const looked = items.some((item) => item.kind !== "image" || item.manifest !== null);
  if (evidence.length + skipped === 0 && findings.length === 0 && gaps.size === 0 && looked)
    findings.push(noEvidence());
  return { evidence, setAside, beside, findings, notes, gaps, skipped };
}

/** Loaded for those who name an image in a registry. */
async function fetchedEvidence(
  items: readonly Item[],
  fetchers: readonly Fetcher[],
  host: Host,
): Promise<Iterable<Fetched> | AsyncIterable<Fetched>> {
  if (fetchers.length === 0) return [];
  return (await import("./fetched-evidence.ts")).fetchEvidence(items, fetchers, host);
}

function neededAlgorithms({ denials, algorithms = [] }: GatherOptions): readonly AcceptableAlgorithm[] {
  return acceptableAlgorithms([], denials, algorithms);
}

/** A document of npm's registry, which must have signed it too. */
function needsKeys({ piece }: NamedPiece): boolean {
  return piece.kind === "statement" && piece.registry !== undefined;
}

function tooManySignatures(unexamined: number): Finding {
  const what =
    unexamined === 1 ? "1 statement about these artifacts was" : `${unexamined} statements about these artifacts were`;
  return finding("EVIDENCE_TOO_LARGE", `${what} not looked at`, {
    expected: `at most ${MAX_SIGNATURES} signatures to check`,
    actual: "more",
  });
}

function withName({ name, findings }: { readonly name: string; readonly findings: readonly Finding[] }) {
  return findings.map((why) => ({ ...why, message: `${name}: ${why.message}` }));
}

/** What `cosign save` and others put beside an image in its layout. */
export async function* evidenceInLayouts(items: readonly Item[]): AsyncIterable<PiecesRead> {
  for (const item of items) {
    if (item.kind !== "evidence") continue;
    for (const [index, bytes] of item.bundles.entries()) {
      yield await readPieces(bytes, item.bundles.length === 1 ? item.name : `${item.name}:${index + 1}`);
    }
  }
}

/** Not one artifact's fault: without it, every file looks as if it were left out of the release. */
function noEvidence(): Finding {
  return finding("NOT_COVERED", "there is no evidence among the targets, beside them or in their registries", {
    expected: "a file such as NAME.intoto.jsonl or NAME.sigstore.json there, or one that --bundle names",
    actual: "none",
  });
}
