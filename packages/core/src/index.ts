export { DECLARED, DIRTY, REPORTED_BY, RESERVED_ANNOTATION_PREFIX } from "./annotations.ts";
export { attempt, attemptOrNull } from "./attempt.ts";
export { decodeBase64, encodeBase64 } from "./base64.ts";
export { boundedArray } from "./bounded-array.ts";
export type { BuildClaim, BuildOutput, Checkout, Origin } from "./build.ts";
export { type Bundle, encodeKeyBundle, parseBundle } from "./bundle.ts";
export { type BundleLine, type EvidenceLine, parseBundleFile, splitEvidenceFile } from "./bundle-file.ts";
export { BUNDLE_V03, type BundleMaterial, PayloadType, type SignerMaterial } from "./bundle-material.ts";
export { encodeJson, stableText } from "./canonical-json.ts";
export { type ChecksumEntry, parseChecksumText } from "./checksum-text.ts";
export { checkParts, combine, EMPTY_SUBJECTS_FILE, type ExpectedPart } from "./combine.ts";
export { type Dependency, readDependencies } from "./dependencies.ts";
export {
  ACCEPTABLE_ALGORITHMS,
  type AcceptableAlgorithm,
  algorithmByName,
  compareWithBytes,
  compareWithDigest,
  compareWithTree,
  type DigestAlgorithm,
  type DigestComparison,
  DigestSet,
  isAcceptableAlgorithm,
  isDigestAlgorithm,
  isTreeAlgorithm,
  isWellFormedDigest,
  parseDigest,
  parseIntegrity,
  sameDigests,
  showDigest,
  TREE_ALGORITHMS,
  type TreeAlgorithm,
} from "./digest.ts";
export { preAuthEncoding, refuseEnvelope } from "./dsse.ts";
export { encodeBundle, encodeMessageBundle } from "./encode-bundle.ts";
export { type Code, type ErrorDetail, EXIT_BY_CODE, isTouchmarkError, TouchmarkError } from "./errors.ts";
export { type Finding, finding, findingOf } from "./finding.ts";
export { type GenerateOptions, generate, splitStatement } from "./generate.ts";
export { GITHUB_ISSUER, gitHubServer } from "./github-issuer.ts";
export { issueText } from "./issue-text.ts";
export {
  decodeUtf8,
  isJsonObject,
  type Json,
  type ParseJsonOptions,
  parseJson,
  parseJsonText,
} from "./json.ts";
export {
  MAX_BUNDLE_LINES,
  MAX_DESCRIPTORS,
  MAX_EVIDENCE_BYTES,
  MAX_EVIDENCE_LINES,
  MAX_JSON_DEPTH,
  MAX_JSON_MEMBERS,
  MAX_JSON_VALUES,
  MAX_METADATA_BYTES,
  MAX_NAME_LENGTH,
  MAX_SMALL_FILE_BYTES,
  MAX_SUBJECTS,
  MAX_TAG,
  MAX_VERSION,
  PEER_MAX_SUBJECTS,
} from "./limits.ts";
export { LOCAL_BUILDER } from "./local-builder.ts";
export {
  type MessageBundle,
  type MessageDigestAlgorithm,
  messageBundleIn,
  parseMessageBundle,
} from "./message-bundle.ts";
export { fillNameTemplate, type NameParts, namePartsOf } from "./name-template.ts";
export { namedCurve } from "./named-curve.ts";
export { nearest } from "./nearest.ts";
export { isProvenance, type Provenance, readProvenance } from "./provenance.ts";
export { PROVENANCE_V1, ProvenanceV1 } from "./provenance-v1.ts";
export { PROVENANCE_V01, ProvenanceV01 } from "./provenance-v01.ts";
export { PROVENANCE_V02, ProvenanceV02 } from "./provenance-v02.ts";
export {
  type Predecessor,
  RELEASE_PREDECESSOR,
  type ReleaseContent,
  type ReleaseManifest,
  readRelease,
  stateRelease,
} from "./release-manifest.ts";
export { compareReleases, compareVersions, type Release, releaseOf } from "./release-tag.ts";
export { isReleaseList, RELEASE_V01, RELEASE_V02 } from "./release-type.ts";
export { comparableRepository, hostedRepository, sameRepository } from "./repository.ts";
export { ResourceDescriptor } from "./resource-descriptor.ts";
export { AnyObject, boundedText, decodedText, nullishAs, readWith, refuseValue } from "./schema-parts.ts";
export { readSlsaResult, type SlsaResult } from "./slsa-result.ts";
export { readSource, type Source } from "./source.ts";
export { type SummaryContent, stateSummary } from "./state-summary.ts";
export {
  encodeStatement,
  INTOTO_PAYLOAD_TYPE,
  parseAttachedStatement,
  parseStatement,
  STATEMENT_V1,
  STATEMENT_V01,
  type StatedStatement,
  type StatedSubject,
  type Statement,
} from "./statement.ts";
export { compareSubjects, compareText, mergeSubjects, Subject, subjectKey } from "./subject.ts";
export { checkSubjectName, isPurl, lastSegment } from "./subject-name.ts";
export { type Collected, encodeSubjectsFile, parseSubjectsFile, subjectsFileOf } from "./subjects-file.ts";
export { type Part, type Reported, SUBJECTS_FILE_TYPE, type SubjectsFile } from "./subjects-schema.ts";
export { readVerificationSummary, type VerificationSummary, VSA_V1 } from "./verification-summary.ts";
export { compareVersionedTag, type GoVersion, readGoVersion, type VersionedTagComparison } from "./versioned-tag.ts";
