import { finding, TouchmarkError } from "@touchmark/core";
import type { ArtifactRule, CompiledPolicy } from "@touchmark/policy";
import { releasesIn, type Verdict } from "@touchmark/verify";
import type { PlatformChoice } from "../image-platforms.ts";
import { platformsIn } from "./platforms-in.ts";
import { type PolicyExpectations, policyExpectations } from "./policy-expectations.ts";

/** What a policy has to do with one run of `check`. */
export interface JudgingByPolicy extends PolicyExpectations {
  readonly platformsOf: NonNullable<PlatformChoice["platformsOf"]>;
  /** What the policy says of an artifact beside what each statement had to be. */
  inTheEnd(name: string, verdict: Verdict, rule: ArtifactRule): Verdict;
}

/**
 * @param options.remembers - what was seen before is there.
 * @throws TouchmarkError `USAGE` where the policy compares with that and it is not: any release could be the newest.
 */
export function judgingByPolicy(
  policy: CompiledPolicy,
  { remembers }: { readonly remembers: boolean },
): JudgingByPolicy {
  const monotonic = policy.release?.monotonic === true;
  if (monotonic && !remembers) {
    throw new TouchmarkError(
      "USAGE",
      `${policy.label} wants releases to go forward only, and nothing was seen before`,
      {
        expected: "the file of what was seen before, with --state FILE",
        actual: "none",
      },
    );
  }
  return {
    ...policyExpectations(policy),
    platformsOf: platformsIn(policy),
    inTheEnd(name, verdict, rule) {
      switch (verdict.status) {
        case "verified":
          return monotonic ? ofRelease(name, verdict) : verdict;
        case "exception":
        case "evidence":
          return verdict;
        default:
          return { ...verdict, findings: [...verdict.findings, ...rule.notes] };
      }
    },
  };
}

function ofRelease(name: string, verdict: Verdict): Verdict {
  if (Object.keys(releasesIn(verdict.statements)).length > 0) return verdict;
  const unknown = finding("RELEASE_MISMATCH", `${name} belongs to no release, which could be older than one before`, {
    expected: "a tag with a version, in a repository with a URL",
    actual: verdict.statements[0]?.ref ?? "no ref",
  });
  return { status: "policy", statements: verdict.statements, findings: [unknown] };
}
