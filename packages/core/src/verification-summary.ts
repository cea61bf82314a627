import * as z from "zod/mini";
import { boundedArray } from "./bounded-array.ts";
import { TouchmarkError } from "./errors.ts";
import { issueText } from "./issue-text.ts";
import { MAX_DESCRIPTORS, MAX_VERIFIED_LEVELS } from "./limits.ts";
import { ResourceDescriptor } from "./resource-descriptor.ts";
import { repeatedTrack } from "./slsa-result.ts";
import type { StatedStatement } from "./statement.ts";

/** SLSA 1.0, 1.1 and 1.2: https://slsa.dev/spec/v1.2/verification_summary */
export const VSA_V1 = "https://slsa.dev/verification_summary/v1";

/** What a verifier says of an artifact that it verified: a verification summary attestation. */
export interface VerificationSummary {
  readonly verifierId: string;
  /** RFC 3339, as it was written; null where it says nothing. */
  readonly timeVerified: string | null;
  /** What the verifier took the artifact for. */
  readonly resourceUri: string;
  readonly policyUri: string;
  readonly passed: boolean;
  /** `SLSA_BUILD_LEVEL_2`, one a track, verified properties, and results of the verifier's own. */
  readonly levels: readonly string[];
}

/** Unknown members are ignored, as the specification's parsing rules say. */
const Predicate = z.lazy(() => {
  const text = z.string().check(z.minLength(1), z.maxLength(8192));
  return z.object({
    verifier: z.object({ id: text }),
    timeVerified: z.nullish(z.iso.datetime({ offset: true })),
    resourceUri: text,
    policy: z.object({ uri: text }),
    inputAttestations: z.nullish(boundedArray(ResourceDescriptor, MAX_DESCRIPTORS)),
    verificationResult: z.enum(["PASSED", "FAILED"]),
    verifiedLevels: z.nullish(boundedArray(z.string().check(z.minLength(1), z.maxLength(256)), MAX_VERIFIED_LEVELS)),
  });
});

/**
 * Reads the verification summary in a statement.
 *
 * @returns null when the statement's predicate is something else.
 * @throws TouchmarkError `STATEMENT_MALFORMED` when it claims to be a summary and is not well formed, says two levels of one
 * track, or that it passed and failed.
 */
export function readVerificationSummary(statement: StatedStatement): VerificationSummary | null {
  if (statement.predicateType !== VSA_V1) return null;
  const parsed = Predicate.safeParse(statement.predicate);
  if (!parsed.success) throw malformed(issueText(parsed.error));
  const { verifier, timeVerified, resourceUri, policy, verificationResult, verifiedLevels } = parsed.data;
  const levels = verifiedLevels ?? [];
  const passed = verificationResult === "PASSED";
  if (passed && levels.includes("FAILED")) throw malformed("PASSED, with the level FAILED");
  const twice = repeatedTrack(levels);
  if (twice !== null) throw malformed(`two levels of the track ${twice}`);
  return {
    verifierId: verifier.id,
    timeVerified: timeVerified ?? null,
    resourceUri,
    policyUri: policy.uri,
    passed,
    levels,
  };
}

function malformed(actual: string): TouchmarkError {
  return new TouchmarkError("STATEMENT_MALFORMED", "the predicate is not a well-formed verification summary", {
    expected: VSA_V1,
    actual,
  });
}
