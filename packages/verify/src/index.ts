export {
  type Artifact,
  type CoveringStatement,
  type DigestArtifact,
  type FileArtifact,
  type ImageArtifact,
  type Obstacle,
  type Refusal,
  type Refusals,
  STATUSES,
  type Status,
  type TreeArtifact,
  type Verdict,
} from "./artifact.ts";
export { type Authentication, authenticate } from "./authenticate.ts";
export type { TagRange } from "./builder-ref.ts";
export type { Consistency } from "./certificate/consistency.ts";
export type {
  CertificateDescription,
  LogEntryDescription,
  SigningDescription,
  TimestampDescription,
  Unreadable,
} from "./certificate/describe.ts";
export type { VerifiedSigning } from "./certificate/verify-signed.ts";
export { type CertifiedHolder, certifiedHolder } from "./certified-holder.ts";
export { type Claim, readClaim } from "./claim.ts";
export {
  CLOUD_BUILD_KEYS_DATE,
  type CloudBuildKey,
  type CloudBuildKeys,
  cloudBuildKey,
  cloudBuildKeys,
  isSignedByWorker,
  readCloudBuildKey,
} from "./cloud-build/keys.ts";
export type { CloudBuildRecord } from "./cloud-build/record.ts";
export { trustedCloudBuild } from "./cloud-build/trust-cloud-build.ts";
export type { CloudBuildSigner, CloudBuildSource, CloudBuildTrust } from "./cloud-build/trusted.ts";
export { type Concern, claimedAlgorithms, concernOf } from "./concern.ts";
export { CONDITIONS as DENY_CONDITIONS } from "./deny/conditions.ts";
export { type Denials, denials } from "./deny/denials.ts";
export { type DenyList, denyList } from "./deny/deny-list.ts";
export { NOTHING_DENIED } from "./deny/nothing-denied.ts";
export { DenyDocument, type DenyEntry } from "./deny/schema.ts";
export { describeConsistency } from "./describe-consistency.ts";
export { describeSigning } from "./describe-signing.ts";
export {
  acceptableAlgorithms,
  type DeniedEvidence,
  type Evidence,
  type RefusedEvidence,
  type SummaryEvidence,
  type TrustedEvidence,
} from "./evidence.ts";
export { type ExamineOptions, examine } from "./examine.ts";
export type { Beside, Covering, CoveringEvidence, Expectation, Expectations } from "./expectation.ts";
export { type ExpectedFields, expectedFields, type FieldName } from "./expected-fields.ts";
export { bundleOfEnvelope, isBareEnvelope } from "./formats/format-dsse.ts";
export { formatTitle } from "./formats/format-title.ts";
export type { LoggedBundles } from "./formats/logged-bundles.ts";
export {
  openRekorEntries,
  type RekorAnswerFile,
  type RekorQuestion,
  rekorQuestion,
} from "./formats/open-rekor-entries.ts";
export type {
  FormatName,
  Piece,
  RegistryWord,
  SignaturePiece,
  StatementPiece,
  UnloggedEnvelope,
} from "./formats/piece.ts";
export { type NamedPiece, type PiecesRead, readLines, readPieces } from "./formats/read-pieces.ts";
export { samePlatform } from "./image-name.ts";
export { type Judgement, type JudgeOptions, judge } from "./judge.ts";
export { MAX_LISTED_REFUSALS, MAX_MENTIONS, MAX_REFUSALS } from "./limits.ts";
export { type Match, shownMatch } from "./match.ts";
export { digestsOf } from "./match-name.ts";
export { materialDigest } from "./material-digest.ts";
export { needsSource } from "./needs-source.ts";
export type { Published } from "./npm/check-published.ts";
export { type NpmKey, type NpmKeys, npmKeys, readNpmKeys } from "./npm/npm-keys.ts";
export { openRoots, publicGoodRoots, publicGoodSource } from "./open-roots.ts";
export { expectedPackage } from "./package-purl.ts";
export type { Absence } from "./presence.ts";
export { compareRelease, type ReleaseComparison } from "./release/compare-release.ts";
export {
  demandedRelease,
  isLater,
  listedRelease,
  listRollback,
  type ReleaseDemand,
} from "./release/demanded-release.ts";
export { type ReleaseList, type ReleaseLists, releaseLists } from "./release/release-lists.ts";
export type { RootsListing } from "./roots/list-root.ts";
export type { Roots, RootsDemand, RootsSource } from "./roots/roots.ts";
export { MAX_STATE_BYTES } from "./seen/limits.ts";
export type { SeenInstance, SeenPolicies, SeenReleases, VerifierState } from "./seen/schema.ts";
export { refuseOlderPolicy, refuseOlderTrust } from "./seen/seen-policies.ts";
export { releaseRollback, releasesIn } from "./seen/seen-releases.ts";
export { encodeVerifierState, mergeStates, NOTHING_SEEN, parseVerifierState } from "./seen/verifier-state.ts";
export type { SignatureEvidence } from "./signature-evidence.ts";
export { isSignedBy } from "./signed-by.ts";
export { type CertificateSigner, type Signer, shownSigner } from "./signer.ts";
export {
  foreseeSignings,
  type SigningAnswer,
  type SigningQuestion,
  type SigningThreads,
} from "./signing-threads.ts";
export { type SourceExpectation, sourceExpectation } from "./source-expectation.ts";
export type { CertifiedSource, SourcesByPolicy } from "./sources-by-policy.ts";
export { type Builders, type Standing, standing, type Window } from "./standing.ts";
export { levelOf, standingOf } from "./standing-of.ts";
export { buildLevelOf } from "./summary/accept-summary.ts";
export {
  type SummaryPeriod,
  type SummaryTrust,
  type SummaryTrustOptions,
  trustedVerifier,
  type VerifierRights,
} from "./summary/summary-trust.ts";
export { CHECKS, type Check } from "./trace/checks.ts";
export type { Relation } from "./trace/relations.ts";
export type { Attempt, Compared, Origin, Step } from "./trace/trace.ts";
export { isCalled, type JudgedArtifact, TraceBook } from "./trace/trace-book.ts";
export {
  isCloudBuildTrust,
  isIdentityTrust,
  isKeyTrust,
  type KeyAlgorithm,
  type KeyOptions,
  type KeyTrust,
  type Trust,
  trustedKey,
} from "./trust.ts";
export { type IdentityOptions, type IdentityTrust, trustedIdentity } from "./trust-identity.ts";
export type { Verified } from "./verified.ts";
export { type OneArtifact, type OneSigner, verifyOne } from "./verify-one.ts";
