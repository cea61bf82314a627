import { TouchmarkError } from "./errors.ts";
import { MAX_VERIFIED_LEVELS } from "./limits.ts";
import type { ResourceDescriptor } from "./resource-descriptor.ts";
import { repeatedTrack } from "./slsa-result.ts";
import { STATEMENT_V1, type Statement } from "./statement.ts";
import { compareSubjects, compareText, type Subject } from "./subject.ts";
import { VSA_V1 } from "./verification-summary.ts";

/** What a verifier wants to say of artifacts that it verified. */
export interface SummaryContent {
  readonly verifier: {
    readonly id: string;
    /** Component → version. */
    readonly version: Readonly<Record<string, string>>;
  };
  /** RFC 3339, UTC. */
  readonly timeVerified: string;
  /** What the artifacts were verified as. */
  readonly resourceUri: string;
  readonly policy: ResourceDescriptor;
  /** All that was used, each with its digest. */
  readonly inputAttestations: readonly ResourceDescriptor[];
  readonly passed: boolean;
  /** One of each track; not looked at where it did not pass. */
  readonly levels: readonly string[];
  /** How many dependencies have each level: none for `{}`; null where nothing is said of them. */
  readonly dependencyLevels: Readonly<Record<string, number>> | null;
}

/** The version of the specification whose words are written. */
const SLSA_VERSION = "1.2";

/**
 * States a verification summary: https://slsa.dev/spec/v1.2/verification_summary
 * Pure; the same content gives the same bytes after `encodeStatement`, in whatever order it comes.
 *
 * @throws TouchmarkError `SUBJECTS_EMPTY`; `INPUT_INVALID` for what no verifier should say: two levels of one track, `FAILED`
 * among the levels of what passed, a policy without a URI, an input without a digest.
 */
export function stateSummary(subjects: readonly Subject[], content: SummaryContent): Statement {
  if (subjects.length === 0) {
    throw new TouchmarkError("SUBJECTS_EMPTY", "there is nothing to summarize", {
      expected: "at least one artifact",
      actual: "none",
    });
  }
  const { verifier, timeVerified, resourceUri, policy, passed, dependencyLevels } = content;
  if (policy.uri === undefined) throw invalid("the policy of a summary needs a URI", "a URI", "none");
  const inputs = [...content.inputAttestations].sort(compareDescriptors);
  if (inputs.some(({ digest }) => digest === undefined)) {
    throw invalid("an attestation that a summary names needs a digest", "a digest", "none");
  }
  return {
    _type: STATEMENT_V1,
    subject: [...subjects].sort(compareSubjects),
    predicateType: VSA_V1,
    predicate: {
      verifier,
      timeVerified,
      resourceUri,
      policy,
      ...(inputs.length === 0 ? {} : { inputAttestations: inputs }),
      verificationResult: passed ? "PASSED" : "FAILED",
      verifiedLevels: passed ? checkedLevels(content.levels) : ["FAILED"],
      ...(dependencyLevels === null || !passed ? {} : { dependencyLevels }),
      slsaVersion: SLSA_VERSION,
    },
  };
}

function checkedLevels(levels: readonly string[]): readonly string[] {
  if (levels.length > MAX_VERIFIED_LEVELS || levels.includes("FAILED")) {
    throw invalid(
      "a summary of what passed has levels",
      `at most ${MAX_VERIFIED_LEVELS}`,
      levels.slice(0, 10).join(", "),
    );
  }
  const twice = repeatedTrack(levels);
  if (twice !== null) throw invalid("a summary has one level of a track", "one", `two of ${twice}`);
  return [...levels].sort(compareText);
}

function compareDescriptors(left: ResourceDescriptor, right: ResourceDescriptor): number {
  return (
    compareText(left.name ?? left.uri ?? "", right.name ?? right.uri ?? "") ||
    compareText(sha256Of(left), sha256Of(right))
  );
}

function sha256Of({ digest }: ResourceDescriptor): string {
  return digest?.["sha256"] ?? "";
}

function invalid(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", message, { expected, actual });
}
