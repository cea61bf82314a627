import { readSignedPolicy, type SignedPolicy } from "@touchmark/policy";
import { type Authentic, type SignedBundle, signedFilesIn } from "./signed-files.ts";

/** A policy that a key of the user's signed. */
export type AuthenticPolicy = Authentic<SignedPolicy>;

/**
 * The policy in a signed bundle. Who signed it is checked before anything of it is read.
 *
 * @throws TouchmarkError `POLICY_INVALID`; `POLICY_UNTRUSTED`; `POLICY_EXPIRED`.
 */
export function signedPolicyIn(bytes: Uint8Array, bundle: SignedBundle): AuthenticPolicy {
  return signedFilesIn(bytes, bundle, {
    noun: "policy",
    command: "policy",
    code: "POLICY_INVALID",
    read: readSignedPolicy,
  });
}
