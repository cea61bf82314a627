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

/** The predicate of a signed trust file; docs/policies/signed-v1.md has its fields. No policy has this type. */
export const SIGNED_TRUST_V1 = "https://touchmark.dev/trust/signed/v1";

/** A trust file as it is signed: with the keys and roots that its entries name. */
export interface SignedTrust extends SignedFiles {
  /** Which of the files is the trust file. */
  readonly trust: string;
}

const KIND: SignedKind<SignedTrust> = {
  noun: "trust file",
  command: "touchmark trust sign",
  predicateType: SIGNED_TRUST_V1,
  predicate: z.strictObject({ ...signedFields, trust: signedPath }),
  nameOf: ({ trust }) => trust,
  code: "TRUST_INVALID",
};

/**
 * What is signed.
 *
 * @throws TouchmarkError `TRUST_INVALID` for what {@link readSignedTrust} would refuse, but for its day.
 */
export function signedTrustStatement(trust: SignedTrust): Statement {
  return signedStatement(KIND, trust);
}

/**
 * Reads what was signed; by whom, the caller knows.
 *
 * @param label - what the trust file is called.
 * @param now - milliseconds since 1970.
 * @throws TouchmarkError `TRUST_INVALID` for a statement that is no signed trust file; `POLICY_EXPIRED`.
 */
export function readSignedTrust(statement: StatedStatement, label: string, now: number): SignedTrust {
  return readSignedFiles(KIND, statement, label, now);
}
