import { compareText, TouchmarkError } from "@touchmark/core";
import type { SeenPolicies, SeenPolicy } from "./schema.ts";

/**
 * Compares a signed policy with the newest one that its key is known to have signed.
 *
 * @param label - what the policy is called.
 * @param key - SHA-256 of the key's SubjectPublicKeyInfo in DER, lowercase hex.
 * @throws TouchmarkError `POLICY_ROLLBACK` for a lower revision, and for another policy with the same one.
 */
export function refuseOlderPolicy(
  { label, key, revision, digest }: SeenPolicy & { readonly label: string; readonly key: string },
  seen: SeenPolicies,
): void {
  const known = Object.hasOwn(seen, key) ? seen[key] : undefined;
  if (known === undefined || revision > known.revision) return;
  if (revision === known.revision && digest === known.digest) return;
  throw new TouchmarkError("POLICY_ROLLBACK", `${label} is not the newest policy that its key signed`, {
    expected: `revision ${known.revision}, sha256:${known.digest}, or a higher revision`,
    actual: `revision ${revision}, sha256:${digest}`,
  });
}

/** What is known once these were seen as well: of each key the higher revision; the same whichever comes first. */
export function withPolicies(seen: SeenPolicies, more: SeenPolicies): SeenPolicies {
  const merged: SeenPolicies = { ...seen };
  for (const [key, policy] of Object.entries(more)) {
    const known = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = known === undefined ? policy : newer(known, policy);
  }
  return merged;
}

function newer(left: SeenPolicy, right: SeenPolicy): SeenPolicy {
  return (left.revision - right.revision || compareText(left.digest, right.digest)) < 0 ? right : left;
}
