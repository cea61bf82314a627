import { createHash } from "node:crypto";
import { encodeJson, type ResourceDescriptor } from "@touchmark/core";
import type { CheckReport } from "../report.ts";
import { baseName } from "../target-path.ts";

/** What stands for the policy where flags alone say what is expected: docs/verification-summaries.md */
export const FLAGS_POLICY = "https://touchmark.dev/policies/flags/v1";

/** What flags expect, beside whom they believe. */
export interface Expectations {
  readonly complete: boolean;
  readonly anyName: boolean;
  readonly recursive: boolean;
  readonly package: string | null;
  readonly ignore: readonly string[];
}

/**
 * The policy that a verdict followed: the policy's file where there was one and flags asked for no less, else what flags said, of
 * which the digest covers all that decides: whom to believe by keys and identities, what is denied, what is expected, and the
 * policy's file. What files are called decides nothing; what was seen before (`--state`) changes with every run, and is left out.
 *
 * @param uri - where the policy is published; null: its file's name.
 */
export function policyOf(
  { policy, state: _state, ...inputs }: CheckReport["inputs"],
  expectations: Expectations,
  uri: string | null,
): ResourceDescriptor {
  const { ignore, ...expected } = expectations;
  const asksLess = expected.anyName || ignore.length > 0;
  if (policy !== null && !asksLess) {
    return { uri: uri ?? baseName(policy.name), digest: { sha256: policy.digest.slice("sha256:".length) } };
  }
  const said = policy === null ? inputs : { ...inputs, policy };
  const configuration = { ...(withoutNames(said) as object), expected: { ...expected, ignore: [...ignore].sort() } };
  return {
    uri: uri ?? FLAGS_POLICY,
    digest: { sha256: createHash("sha256").update(encodeJson(configuration)).digest("hex") },
  };
}

/** Without the `name` of what has a digest. */
function withoutNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNames);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== "name" || !("digest" in value));
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutNames(one)]));
}
