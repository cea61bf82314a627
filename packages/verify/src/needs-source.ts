import { type Finding, finding, type Provenance } from "@touchmark/core";
import { signsForItself } from "./own-source.ts";
import type { Verified } from "./verified.ts";

/**
 * Why something verified is not enough by itself: its trust takes in everybody's sources and left it to a policy to say which
 * is right. Whoever examines with `sourcesByPolicy` lets it count only where a policy compared the source.
 *
 * @returns `SOURCE_UNSET`; null where the trust said which source, or the signer signs for no other than its own.
 */
export function needsSource({ signer, predicate }: Verified<Provenance | null>): Finding | null {
  if (signer.kind === "key") return null;
  const { trust } = signer;
  const isLeft = trust.kind === "cloud-build" ? trust.source.kind === "by-policy" : trust.sourceByPolicy;
  if (!isLeft) return null;
  if (signer.kind === "identity" && signsForItself(signer.identity, signer.claims, signer.trust)) return null;
  const source = signer.kind === "identity" ? signer.claims.sourceRepository : (predicate?.source?.repository ?? null);
  const entry = trust.standing === null ? "the trust" : `"${trust.standing.entry}"`;
  return finding("SOURCE_UNSET", `${entry} takes in every source, and nothing says which is expected`, {
    expected: "a source in the policy's rule, or --source OWNER/REPO",
    actual: source,
  });
}
