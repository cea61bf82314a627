import type { Code } from "@touchmark/core";
import type { ErrorText } from "./error-text.ts";

/** Exit status 1: what a policy expects and what is not so. */
export const POLICY_TEXTS = {
  BUILDERS_TOO_FEW: {
    title: "Too few independent builders made the same bytes",
    meaning:
      "The policy wants several builders, each run by somebody else, to have made this artifact. Builders of one operator count as one, and all whose operator nobody named count as one together.",
    remedy: "get the evidence of the other builders; or name the `operator` of each in the trust file, if you know it",
  },
  BUILD_TYPE_MISMATCH: {
    title: "The artifact was built in another way",
    meaning:
      "The signer and the source are as expected, but the provenance names a build type that the policy's rule does not list. Build types are compared as a whole.",
    remedy: "compare the two in the message; add the build type to the rule only if you know how that build works",
  },
  CONDITION_FAILED: {
    title: "An expression of the policy does not hold",
    meaning:
      "The rule's `when` is false for this statement, or could not be computed: a field is missing, has another type, or the statement is so large that the expression would read too much of it. What cannot be computed never holds.",
    remedy: "look at the statement with `touchmark inspect FILE`; ask for a field with `has(...)` before you use it",
    more: "docs/policy.md has the variables and functions of expressions.",
  },
  EXCEPTION_APPLIES: {
    title: "The artifact is let through by an exception",
    meaning:
      "The policy has an exception for exactly these bytes. Nothing was verified about them; the message says why they are let through, who decided it, and until when.",
    remedy: "nothing, while the exception is meant; it ends by itself",
    more: "It fails nothing: where all else holds, the result is `verified` and the exit status 0. It is a finding so that every report shows it.",
  },
  EXCEPTION_EXPIRED: {
    title: "An exception for this artifact has ended",
    meaning:
      "The policy had an exception for exactly these bytes, and its last day has passed. It has no effect any more: the artifact is judged like any other.",
    remedy: "get evidence for the artifact, replace it, or decide again about the exception",
    more: "It fails nothing by itself: an artifact that other evidence covers still holds.",
  },
  LEVEL_TOO_LOW: {
    title: "The signer is not trusted up to the level that the policy wants",
    meaning:
      "A level is never read from a document: it is what your trust file gives to this signer together with this builder, and the rule wants more.",
    remedy: "do not use the artifact if you need that level; docs/levels.md says what each level means",
    more: "Raise `max-level` in the trust file only if you have read why that builder reaches it.",
  },
  PARAMETER_UNEXPECTED: {
    title: "A parameter of the build is not what the policy expects",
    meaning:
      "The provenance has a parameter that the rule does not list, or lacks one that it names, or has it with another value. Whoever starts a build chooses its parameters, so that an unknown one may have changed what was built.",
    remedy: "find out what the parameter in the message does; list it in the rule if it is harmless",
  },
  POLICY_UNMATCHED: {
    title: "No rule of the policy is about this artifact",
    meaning:
      "None of the artifact's names matches a rule's `match`. What no rule is about is refused, whatever evidence there is.",
    remedy: "if the artifact belongs to the release, add a rule for it; names are compared as a whole",
    more: "In a pattern, `*` stands for anything without a slash, and `**` for anything.",
  },
  PREDICATE_MISSING: {
    title: "A statement that the policy requires is missing",
    meaning:
      "The rule requires further statements about the same artifact, such as an SBOM or a passed test result, by somebody who is trusted. One of them was not found, or does not say what it must.",
    remedy: "get the missing statement from the publisher, and give its file with `--bundle`",
  },
  RELEASE_MISMATCH: {
    title: "This is another release than the policy expects",
    meaning:
      "The tag that the artifact was built from has a version that `release.version` of the policy does not allow, or none. An old release is signed as well as a new one; only the version tells them apart.",
    remedy: "compare the two in the message; do not use the artifact if you expected the first one",
  },
  TAG_MISMATCH: {
    title: "The artifact was built from another tag",
    meaning:
      "The repository is the expected one, but the tag is not the one that the rule names, or its version is not in the rule's range, or the artifact was built from no tag at all: perhaps an old release under a new name. Of `gh:OWNER/REPO@TAG` and `gl:GROUP/PROJECT@TAG`, the files were built from another tag than TAG.",
    remedy: "compare the two in the message; do not use the artifact if you expected the first one",
    more: "Where a project does release what it built from another tag, such as v1.2.0-rc.1 as v1.2.0, say so: `--source OWNER/REPO@refs/tags/v1.2.0-rc.1`, or `tag` in the policy's rule. Then that is compared instead.",
  },
  TAG_UNPROVEN: {
    title: "No evidence says that the files were built from the tag that was asked for",
    meaning:
      "The files of the release hold, and their provenance names a branch, another repository or nothing: many projects build first and tag what they built. Whoever may replace the files of a release could put those of another one there, and nobody would see it. It fails nothing.",
    remedy:
      "name the ref that you expect with `--source OWNER/REPO@REF`; or ask the publisher for a signed list of the release, and demand it with `--release-version`",
  },
  TOO_OLD: {
    title: "The statement is older than the policy allows",
    meaning:
      "The rule has a `max-age`. It counts from the earliest time at which a log or a timestamp authority saw the signature; where nothing proves a time, the statement is not young enough.",
    remedy: "take a newer release, or ask the publisher for evidence with a timestamp",
  },
} as const satisfies Partial<Record<Code, ErrorText>>;
