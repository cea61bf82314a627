import { createHash } from "node:crypto";
import { issueText, STATEMENT_V1, type StatedStatement, type Statement, TouchmarkError } from "@touchmark/core";
import * as z from "zod";
import { endOfDay } from "../document/day.ts";
import { day } from "../document/fields.ts";
import { MAX_TEXT } from "../limits.ts";
import { MAX_SIGNED_FILES, MAX_SIGNED_TEXT } from "./limits.ts";

/** The predicate of a signed policy; docs/policies/signed-v1.md has its fields. */
export const SIGNED_POLICY_V1 = "https://touchmark.dev/policies/signed/v1";

/** A path below the policy's folder, with forward slashes. */
const path = z
  .string()
  .max(MAX_TEXT)
  .regex(/^(?!\/)(?!(?:.*\/)?\.{0,2}(?:\/|$))[^\\\p{C}]+$/u, "must be a path below the policy's folder");

const SignedPolicyPredicate = z.strictObject({
  revision: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
  expires: day,
  policy: path,
  files: z
    .record(path, z.string())
    .refine((files) => Object.keys(files).length <= MAX_SIGNED_FILES, `at most ${MAX_SIGNED_FILES} files`)
    .refine((files) => sizeOf(files) <= MAX_SIGNED_TEXT, `at most ${MAX_SIGNED_TEXT} characters`),
});

/** A policy as it is signed: with every file that it needs, so that nothing beside it decides. */
export interface SignedPolicy {
  /** Each signed policy of a key has a higher one than the one before. */
  readonly revision: number;
  /** The last day on which it may be used, in UTC: `2027-06-01`. */
  readonly expires: string;
  /** Which of the files is the policy. */
  readonly policy: string;
  /** By path below the policy's folder. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * What is signed.
 *
 * @throws TouchmarkError `POLICY_INVALID` for what {@link readSignedPolicy} would refuse, but for its day.
 */
export function signedPolicyStatement(policy: SignedPolicy): Statement {
  const { revision, expires, policy: name, files } = checked(policy, "the policy");
  const digest = { sha256: createHash("sha256").update(textOf(policy)).digest("hex") };
  return {
    _type: STATEMENT_V1,
    subject: [{ name, digest }],
    predicateType: SIGNED_POLICY_V1,
    predicate: { revision, expires, policy: name, files },
  };
}

/**
 * Reads what was signed; by whom, the caller knows.
 *
 * @param label - what the policy is called.
 * @param now - milliseconds since 1970.
 * @throws TouchmarkError `POLICY_INVALID` for a statement that is no signed policy; `POLICY_EXPIRED`.
 */
export function readSignedPolicy(statement: StatedStatement, label: string, now: number): SignedPolicy {
  if (statement.predicateType !== SIGNED_POLICY_V1) {
    throw invalid(label, `a statement of the type ${JSON.stringify(statement.predicateType)}`);
  }
  const policy = checked(statement.predicate, label);
  if (now >= (endOfDay(policy.expires) ?? 0)) {
    throw new TouchmarkError("POLICY_EXPIRED", `${label} may not be used any more`, {
      expected: `a policy for today; this one was signed until ${policy.expires}`,
      actual: new Date(now).toISOString(),
    });
  }
  return policy;
}

function checked(data: unknown, label: string): SignedPolicy {
  const parsed = SignedPolicyPredicate.safeParse(data);
  if (!parsed.success) throw invalid(label, issueText(parsed.error));
  textOf(parsed.data, label);
  return parsed.data;
}

function textOf({ policy, files }: SignedPolicy, label = "the policy"): string {
  const text = Object.hasOwn(files, policy) ? files[policy] : undefined;
  if (text === undefined) throw invalid(label, `no file ${JSON.stringify(policy)} among those that were signed`);
  return text;
}

function sizeOf(files: Readonly<Record<string, string>>): number {
  return Object.values(files).reduce((sum, text) => sum + text.length, 0);
}

function invalid(label: string, actual: string): TouchmarkError {
  return new TouchmarkError("POLICY_INVALID", `${label} is no signed policy`, {
    expected: "what touchmark policy sign writes",
    actual,
  });
}
