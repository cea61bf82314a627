import type { Host } from "@touchmark/plugin";
import { readClaim } from "@touchmark/verify";
import { findCandidates, readEvidence } from "./check-evidence.ts";
import { expandTargets } from "./check-targets.ts";

/** What a piece of evidence says of itself. Nothing of it was checked. */
export interface EvidenceDescription {
  readonly unverified: true;
  /** Its file, with `:LINE` where it holds several. */
  readonly name: string;
  readonly signer: { readonly kind: "key"; readonly hint: string | null } | { readonly kind: "certificate" };
  /** Null where the payload is no in-toto statement. */
  readonly predicateType: string | null;
  readonly subjects: number;
  readonly builder: string | null;
  readonly source: string | null;
  readonly ref: string | null;
  readonly commit: string | null;
}

/**
 * Shows what the evidence for some targets says of itself, for a person who has not yet said whom to trust.
 *
 * @param options.bundles - evidence that the user named; null to look for it, as `check` does.
 * @throws TouchmarkError `TARGET_MISSING`; whatever the host throws.
 */
export async function describeEvidence(
  options: { readonly targets: readonly string[]; readonly bundles: readonly string[] | null },
  host: Host,
): Promise<readonly EvidenceDescription[]> {
  const items = await expandTargets(options.targets, host);
  const candidates = await findCandidates(items, options.bundles, host);
  const descriptions: EvidenceDescription[] = [];
  for await (const { bundles } of readEvidence(candidates, host)) {
    for (const { name, bundle } of bundles) {
      const claim = readClaim(bundle);
      const source = claim?.provenance?.source ?? null;
      descriptions.push({
        unverified: true,
        name,
        signer: bundle.signer.kind === "key" ? bundle.signer : { kind: "certificate" },
        predicateType: claim?.statement.predicateType ?? null,
        subjects: claim?.statement.subject.length ?? 0,
        builder: claim?.provenance?.builderId ?? null,
        source: source?.repository ?? null,
        ref: source?.ref ?? null,
        commit: source?.commit ?? null,
      });
    }
  }
  return descriptions;
}
