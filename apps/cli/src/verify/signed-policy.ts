import { createHash } from "node:crypto";
import { parseBundle, TouchmarkError } from "@touchmark/core";
import { readSignedPolicy, type SignedPolicy } from "@touchmark/policy";
import { authenticate, type KeyTrust } from "@touchmark/verify";

/** A policy that a key of the user's signed. */
export interface AuthenticPolicy extends SignedPolicy {
  /** SHA-256 of the key (SPKI, DER), lowercase hex. */
  readonly key: string;
  /** SHA-256 of what was signed, lowercase hex. */
  readonly digest: string;
}

/**
 * The policy in a signed bundle. Who signed it is checked before anything of it is read.
 *
 * @param options.now - milliseconds since 1970.
 * @throws TouchmarkError `BUNDLE_MALFORMED`; `SIGNER_UNTRUSTED`, `SIGNATURE_INVALID`; `POLICY_INVALID`; `POLICY_EXPIRED`.
 */
export function signedPolicyIn(
  bytes: Uint8Array,
  { label, key, now }: { readonly label: string; readonly key: KeyTrust; readonly now: number },
): AuthenticPolicy {
  const bundle = parseBundle(bytes);
  const result = authenticate(bundle, [key]);
  if (result.kind === "refused") {
    const [why] = result.findings;
    throw new TouchmarkError(why?.code ?? "SIGNER_UNTRUSTED", `${label}: ${why?.message ?? "nobody signed it"}`, {
      expected: why?.expected ?? null,
      actual: why?.actual ?? null,
    });
  }
  const digest = createHash("sha256").update(bundle.payload).digest("hex");
  return { ...readSignedPolicy(result.verified.statement, label, now), key: key.digest, digest };
}
