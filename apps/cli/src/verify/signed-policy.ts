import { createHash } from "node:crypto";
import { attempt, type Bundle, isTouchmarkError, parseBundle, TouchmarkError } from "@touchmark/core";
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
 * @throws TouchmarkError `POLICY_INVALID`; `POLICY_UNTRUSTED`; `POLICY_EXPIRED`.
 */
export function signedPolicyIn(
  bytes: Uint8Array,
  { label, key, now }: { readonly label: string; readonly key: KeyTrust; readonly now: number },
): AuthenticPolicy {
  const bundle = bundleIn(bytes, label);
  const result = authenticate(bundle, [key]);
  if (result.kind === "refused") {
    const [why] = result.findings;
    throw new TouchmarkError("POLICY_UNTRUSTED", `${label}: ${why?.message ?? "nobody signed it"}`, {
      expected: why?.expected ?? null,
      actual: why?.actual ?? null,
    });
  }
  const digest = createHash("sha256").update(bundle.payload).digest("hex");
  return { ...readSignedPolicy(result.verified.statement, label, now), key: key.digest, digest };
}

function bundleIn(bytes: Uint8Array, label: string): Bundle {
  const bundle = attempt(() => parseBundle(bytes));
  if (!isTouchmarkError(bundle)) return bundle;
  throw new TouchmarkError("POLICY_INVALID", `${label} is no signed policy`, {
    expected: "what touchmark policy sign writes; one that nobody signed goes without --policy-key",
    actual: bundle.message,
    cause: bundle,
  });
}
