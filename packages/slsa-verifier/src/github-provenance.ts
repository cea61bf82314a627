import type { VerifiedSigning } from "@touchmark/verify";
import { matchFully, matchLoosely, parseBuilderId, showBuilderId } from "./builder-id.ts";
import { builderIdentity } from "./builder-identity.ts";
import { GENERATOR_WORKFLOWS, JRELEASER } from "./builders.ts";
import { checkEvent, type ExpectedEvent } from "./event.ts";
import { splitGitUri } from "./git-ref.ts";
import { type KnownProvenance, readKnownProvenance } from "./provenance.ts";
import { Refusal } from "./refusal.ts";
import { checkSource, sourceOf } from "./source.ts";
import { checkDigest, type Payload } from "./statement.ts";
import { checkBuilderTag, checkJReleaserTag } from "./version.ts";
import { type Workflow, workflowOf } from "./workflow.ts";

/** What the user expects of an artifact that was built on GitHub. */
export interface Expectations extends ExpectedEvent {
  /** `github.com/octo/widgets`, also with `git+https://` before it. */
  readonly source: string;
  /** Null: one of those that are trusted. */
  readonly builderId: string | null;
  /** Hex, of the artifact: SHA-256, -384 or -512, told by its length. */
  readonly digest: string;
}

/** A statement that some certificate signed; that it holds was verified. */
export interface SignedPayload extends Payload {
  readonly signing: VerifiedSigning;
}

/**
 * Judges provenance of GitHub Actions as slsa-verifier does.
 *
 * @returns the builder, as the provenance names it, and the commit.
 * @throws Refusal
 */
export function judgeGithubProvenance(
  signed: SignedPayload,
  expected: Expectations,
  trusted: readonly string[],
): { readonly builderId: string; readonly commit: string } {
  const workflow = workflowOf(signed.signing);
  const builder = builderIdentity(workflow, expected.builderId, trusted);
  checkCertificateSource(workflow, expected.source);
  const provenance = readKnownProvenance(builder.id.name, signed);
  if (builder.delegates) checkDelegated(provenance, expected.builderId);
  else matchFully(parseBuilderId(provenance.builderId, false), showBuilderId(builder.id));
  checkCommon(provenance, expected);
  return {
    builderId: builder.delegates ? provenance.builderId : showBuilderId(builder.id),
    commit: workflow.sourceCommit,
  };
}

/** What every provenance of GitHub must fulfil. @throws Refusal */
export function checkCommon(provenance: KnownProvenance, expected: Expectations): void {
  checkSource(provenance, expected.source);
  if (provenance.subjects.length === 0) throw new Refusal("ErrorInvalidDssePayload", "no subjects");
  checkDigest(provenance.subjects, expected.digest);
  checkEvent(provenance, expected);
}

/** @throws Refusal `ErrorMismatchSource`. */
export function checkCertificateSource({ sourceRepository }: Workflow, expected: string): void {
  const wanted = expected.replace(/^git\+https:\/\//, "").replace(/^github\.com\//, "");
  if (sourceRepository === wanted) return;
  throw new Refusal("ErrorMismatchSource", `expected source '${wanted}', got '${sourceRepository}'`);
}

/** Who built is named by the provenance alone: the delegator vouches for it. */
function checkDelegated(provenance: KnownProvenance, expected: string | null): void {
  const { builderId } = provenance;
  const [name = "", ref, ...more] = builderId.split("@");
  if (ref === undefined || more.length > 0) throw new Refusal("ErrorInvalidBuilderID", builderId);
  if (name.startsWith(JRELEASER)) checkJReleaserTag(ref);
  else {
    splitGitUri(sourceOf(provenance));
    checkBuilderTag(ref);
  }
  const id = parseBuilderId(builderId, false);
  if (expected !== null) {
    matchLoosely(id, expected, true);
  } else if (!id.name.startsWith(GENERATOR_WORKFLOWS)) {
    throw new Refusal("ErrorInvalidBuilderID", `got "${id.name}", expected one under "${GENERATOR_WORKFLOWS}"`);
  }
}
