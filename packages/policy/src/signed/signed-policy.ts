import type { StatedStatement, Statement } from "@touchmark/core";
import * as z from "zod";
import {
  readSignedFiles,
  type SignedFiles,
  type SignedKind,
  signedFields,
  signedPath,
  signedStatement,
} from "./signed-files.ts";

/** The predicate of a signed policy; docs/policies/signed-v1.md has its fields. */
export const SIGNED_POLICY_V1 = "https://touchmark.dev/policies/signed/v1";

/** A policy as it is signed. */
export interface SignedPolicy extends SignedFiles {
  /** Which of the files is the policy. */
  readonly policy: string;
}

const KIND: SignedKind<SignedPolicy> = {
  noun: "policy",
  command: "touchmark policy sign",
  predicateType: SIGNED_POLICY_V1,
  predicate: z.strictObject({ ...signedFields, policy: signedPath }),
  nameOf: ({ policy }) => policy,
  code: "POLICY_INVALID",
};

/**
 * What is signed.
 *
 * @throws TouchmarkError `POLICY_INVALID` for what {@link readSignedPolicy} would refuse, but for its day.
 */
export function signedPolicyStatement(policy: SignedPolicy): Statement {
  return signedStatement(KIND, policy);
}

/**
 * Reads what was signed; by whom, the caller knows.
 *
 * @param label - what the policy is called.
 * @param now - milliseconds since 1970.
 * @throws TouchmarkError `POLICY_INVALID` for a statement that is no signed policy; `POLICY_EXPIRED`.
 */
export function readSignedPolicy(statement: StatedStatement, label: string, now: number): SignedPolicy {
  return readSignedFiles(KIND, statement, label, now);
}
