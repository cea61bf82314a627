import { compareText, TouchmarkError } from "@touchmark/core";
import type { SeenPolicies, SeenPolicy, SeenTrust } from "./schema.ts";

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
  refuseOlder({ revision, digest }, ownMember(seen, key), `${label} is not the newest policy that its key signed`);
}

/**
 * Compares a signed trust file with the newest one of its name that its key is known to have signed.
 *
 * @param label - what the trust file is called here.
 * @param name - under which it was signed.
 * @param key - as of a policy.
 * @throws TouchmarkError `POLICY_ROLLBACK`, as {@link refuseOlderPolicy}.
 */
export function refuseOlderTrust(
  { label, name, key, ...given }: SeenPolicy & { readonly label: string; readonly name: string; readonly key: string },
  seen: SeenTrust,
): void {
  const known = ownMember(ownMember(seen, key) ?? {}, name);
  refuseOlder(given, known, `${label} is not the newest trust file of its name that its key signed`);
}

function refuseOlder({ revision, digest }: SeenPolicy, known: SeenPolicy | undefined, message: string): void {
  if (known === undefined || revision > known.revision) return;
  if (revision === known.revision && digest === known.digest) return;
  throw new TouchmarkError("POLICY_ROLLBACK", message, {
    expected: `revision ${known.revision}, sha256:${known.digest}, or a higher revision`,
    actual: `revision ${revision}, sha256:${digest}`,
  });
}

function ownMember<T>(members: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

/** What is known once these were seen as well: of each key the higher revision; the same whichever comes first. */
export function withPolicies(seen: SeenPolicies, more: SeenPolicies): SeenPolicies {
  const merged: SeenPolicies = { ...seen };
  for (const [key, policy] of Object.entries(more)) {
    const known = ownMember(merged, key);
    merged[key] = known === undefined ? policy : newer(known, policy);
  }
  return merged;
}

/** As {@link withPolicies}, of each name by itself. */
export function withTrust(seen: SeenTrust, more: SeenTrust): SeenTrust {
  const merged: SeenTrust = { ...seen };
  for (const [key, files] of Object.entries(more)) merged[key] = withPolicies(ownMember(merged, key) ?? {}, files);
  return merged;
}

function newer(left: SeenPolicy, right: SeenPolicy): SeenPolicy {
  return (left.revision - right.revision || compareText(left.digest, right.digest)) < 0 ? right : left;
}
