export {
  type Artifact,
  type CoveringStatement,
  type DigestArtifact,
  type FileArtifact,
  type ImageArtifact,
  type Obstacle,
  STATUSES,
  type Status,
  type TreeArtifact,
  type Verdict,
} from "./artifact.ts";
export { type Authentication, authenticate } from "./authenticate.ts";
export { type CertifiedHolder, certifiedHolder } from "./certified-holder.ts";
export { type Claim, readClaim } from "./claim.ts";
export {
  acceptableAlgorithms,
  type Evidence,
  examine,
  type RefusedEvidence,
  type TrustedEvidence,
} from "./evidence.ts";
export { type Finding, finding, findingOf } from "./finding.ts";
export { type Judgement, type JudgeOptions, judge } from "./judge.ts";
export { openRoots, publicGoodRoots, publicGoodSource } from "./open-roots.ts";
export type { Absence } from "./presence.ts";
export type { RootsListing } from "./roots/list-root.ts";
export type { Roots, RootsSource } from "./roots/roots.ts";
export type { CertificateSigner, Signer } from "./signer.ts";
export { isKeyTrust, type KeyAlgorithm, type KeyTrust, type Trust, trustedKey } from "./trust.ts";
export {
  type IdentityOptions,
  type IdentityTrust,
  type Match,
  type SourceExpectation,
  shownMatch,
  trustedIdentity,
} from "./trust-identity.ts";
export type { Verified } from "./verified.ts";
export { type OneArtifact, type OneSigner, verifyOne } from "./verify-one.ts";
