import type { Fetcher, Host } from "@touchmark/plugin";
import {
  type Denials,
  type Evidence,
  type Finding,
  finding,
  type LoggedBundles,
  type NpmKeys,
  type Piece,
  type PiecesRead,
  readPieces,
  type SummaryTrust,
  type Trust,
} from "@touchmark/verify";
import type { LogSearch } from "./ask-log.ts";
import type { Item } from "./check-items.ts";
import { examineWithLog } from "./examine-with-log.ts";
import { fetchEvidence } from "./fetched-evidence.ts";
import { findCandidates } from "./find-evidence.ts";
import { identityOf, readEvidence } from "./read-evidence.ts";

/** What there is for the items. */
export interface Gathered {
  readonly evidence: readonly Evidence[];
  /** Paths of files that are evidence as a whole. */
  readonly setAside: ReadonlySet<string>;
  readonly findings: readonly Finding[];
  /** What is worth saying where something does not hold, and only then. */
  readonly notes: readonly Finding[];
  /** Why some evidence about an image was not seen. */
  readonly gaps: ReadonlyMap<Item, readonly Finding[]>;
}

export interface GatherOptions {
  /** Evidence that the user named, and nothing else is used; null to look for it. */
  readonly bundles: readonly string[] | null;
  readonly trust: readonly Trust[];
  readonly verifiers?: readonly SummaryTrust[];
  readonly denials?: Denials;
  readonly entries?: LoggedBundles;
  readonly logs?: LogSearch;
  /** Reads the keys of npm's registry; asked only where there is a document of it. Absent: no such document counts. */
  readonly npmKeys?: () => Promise<NpmKeys>;
  readonly fetchers: readonly Fetcher[];
}

/** Reads evidence, on the disk, in layouts and in registries, and examines it: each bundle once, wherever it was found. */
export async function gatherEvidence(options: GatherOptions, items: readonly Item[], host: Host): Promise<Gathered> {
  const { bundles: named, fetchers } = options;
  const evidence = new Map<string, Evidence>(); // by identity: one bundle in two places is one piece of evidence
  const setAside = new Set<string>();
  const findings: Finding[] = [];
  const notes: Finding[] = [];
  const gaps = new Map<Item, readonly Finding[]>();
  const { npmKeys, ...examining } = options;
  let keys: Promise<NpmKeys> | undefined;
  const keysFor = async (piece: Piece): Promise<{ readonly npmKeys?: NpmKeys }> => {
    if (npmKeys === undefined || piece.kind !== "statement" || piece.registry === undefined) return {};
    keys ??= npmKeys();
    return { npmKeys: await keys };
  };
  const take = async (read: PiecesRead) => {
    findings.push(...read.findings);
    for (const { name, piece } of read.pieces) {
      const identity = identityOf(piece);
      if (evidence.has(identity)) continue;
      const one = await examineWithLog(name, piece, { ...examining, ...(await keysFor(piece)) });
      evidence.set(identity, one);
      if (one.kind === "signature") notes.push(...withName(one));
      else if (one.kind === "refused" || one.kind === "denied") findings.push(...withName(one));
    }
  };
  for await (const file of readEvidence(await findCandidates(items, named, host), host)) {
    if (file.whole) setAside.add(file.file.path);
    if (file.used) await take(file);
  }
  if (named === null) {
    for await (const read of evidenceInLayouts(items)) await take(read);
    for await (const fetched of fetchEvidence(items, fetchers, host)) {
      if (fetched.kind === "evidence") await take(fetched);
      else gaps.set(fetched.image, [...(gaps.get(fetched.image) ?? []), fetched.finding]);
    }
  }
  const looked = items.some((item) => item.kind !== "image" || item.manifest !== null);
  if (evidence.size === 0 && findings.length === 0 && gaps.size === 0 && looked) findings.push(noEvidence());
  return { evidence: [...evidence.values()], setAside, findings, notes, gaps };
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
