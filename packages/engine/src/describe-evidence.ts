import type { Fetcher, Host } from "@touchmark/plugin";
import { describeSigning, type FormatName, type PiecesRead, readClaim, type StatementPiece } from "@touchmark/verify";
import type { BroughtTarget, EvidenceSource } from "./brought-target.ts";
import type { Item } from "./check-items.ts";
import { expandTargets } from "./check-targets.ts";
import { fetchEvidence } from "./fetched-evidence.ts";
import { findCandidates } from "./find-evidence.ts";
import { evidenceInLayouts } from "./gather-evidence.ts";
import { readEvidence } from "./read-evidence.ts";

/** What a piece of evidence says of itself. Nothing of it was checked. */
export interface EvidenceDescription {
  readonly unverified: true;
  /** Its file, with `:LINE` where it holds several. */
  readonly name: string;
  readonly format: FormatName;
  readonly signer: { readonly kind: "key"; readonly hint: string | null } | { readonly kind: "certificate" };
  /** What its certificate says, which nobody checked either; null without one that can be read. */
  readonly certificate: ClaimedCertificate | null;
  /** Null where the payload is no in-toto statement. */
  readonly predicateType: string | null;
  readonly subjects: number;
  readonly builder: string | null;
  readonly source: string | null;
  readonly ref: string | null;
  readonly commit: string | null;
}

interface ClaimedCertificate {
  readonly issuer: string;
  readonly identity: string;
  readonly source: string | null;
  readonly runner: string | null;
}

/**
 * Shows what the evidence for some targets says of itself, for a person who has not yet said whom to trust.
 *
 * @param options.bundles - evidence that the user named; null to look for it, as `check` does.
 * @throws TouchmarkError `TARGET_MISSING`; `TAG_UNPINNED`; whatever the host throws. A registry that cannot be asked gives
 * nothing.
 */
export async function describeEvidence(options: DescribeOptions, host: Host): Promise<readonly EvidenceDescription[]> {
  const items = await expandTargets(options.targets, { ...options, recursive: false }, host);
  const descriptions: EvidenceDescription[] = [];
  for await (const { pieces } of allEvidence(options, items, host)) {
    for (const { name, piece } of pieces) {
      if (piece.kind === "statement") descriptions.push(await describe(name, piece));
    }
  }
  return descriptions;
}

interface DescribeOptions {
  readonly targets: readonly string[];
  readonly bundles: readonly string[] | null;
  readonly brought?: ReadonlyMap<string, BroughtTarget>;
  readonly evidence?: readonly EvidenceSource[];
  readonly fetchers: readonly Fetcher[];
}

async function* allEvidence(
  { bundles, evidence: further = [], fetchers }: DescribeOptions,
  items: readonly Item[],
  host: Host,
): AsyncIterable<PiecesRead> {
  yield* readEvidence(await findCandidates(items, { named: bundles, further }, host), host);
  if (bundles !== null) return;
  yield* evidenceInLayouts(items);
  for await (const fetched of fetchEvidence(items, fetchers, host)) if (fetched.kind === "evidence") yield fetched;
}

async function describe(name: string, { format, bundle }: StatementPiece): Promise<EvidenceDescription> {
  const claim = readClaim(bundle);
  const source = claim?.provenance?.source ?? null;
  return {
    unverified: true,
    name,
    format,
    signer: bundle.signer.kind === "key" ? bundle.signer : { kind: "certificate" },
    certificate: bundle.signer.kind === "key" ? null : await certificateOf(bundle),
    predicateType: claim?.statement.predicateType ?? null,
    subjects: claim?.statement.subject.length ?? 0,
    builder: claim?.provenance?.builderId ?? null,
    source: source?.repository ?? null,
    ref: source?.ref ?? null,
    commit: source?.commit ?? null,
  };
}

async function certificateOf(bundle: StatementPiece["bundle"]): Promise<ClaimedCertificate | null> {
  const { certificate } = await describeSigning(bundle);
  if (certificate === null || "unreadable" in certificate) return null;
  const { identity, claims } = certificate;
  return { issuer: claims.issuer, identity, source: claims.sourceRepository, runner: claims.runnerEnvironment };
}
