export { compilePolicy, conditionProblems } from "./compile.ts";
export type { ArtifactRule, CompiledPolicy, ReleaseExpectation } from "./compiled-policy.ts";
export {
  documentProblems,
  type PolicyDocument,
  type PolicySource,
  policyDocument,
} from "./document/policy-document.ts";
export { PolicyFile } from "./document/policy-file.ts";
export { type PolicyProblem, shownProblem } from "./document/problem.ts";
export { type ExportTool, exportPolicy } from "./export/export-policy.ts";
export type { ExportedPolicy, ExportedSigner } from "./export/exported.ts";
export type {
  ArtifactFacts,
  ProvenanceFacts,
  SignerFacts,
  StandingFacts,
  StatementFacts,
  SummaryFacts,
} from "./facts.ts";
export { MAX_POLICY_BYTES } from "./limits.ts";
export { type NewerPreset, newerPresets } from "./presets/newer-presets.ts";
export type { Preset } from "./presets/preset.ts";
export { presetList } from "./presets/preset-of.ts";
export { PRESETS, presetId } from "./presets/presets.ts";
export type { SignedFiles } from "./signed/signed-files.ts";
export {
  readSignedPolicy,
  SIGNED_POLICY_V1,
  type SignedPolicy,
  signedPolicyStatement,
} from "./signed/signed-policy.ts";
export { readSignedTrust, type SignedTrust, signedTrustStatement } from "./signed/signed-trust.ts";
export type { BuilderTrust, TrustEntry, TrustList, TrustSigner, VerifierTrust } from "./trust/entry.ts";
export { checkOverlaps } from "./trust/overlap.ts";
export { commonSource } from "./trust/overlap-sources.ts";
export { TrustDocument } from "./trust/schema.ts";
export { trustDocument, trustList } from "./trust/trust-document.ts";
export type { TrustSource } from "./trust/unreadable.ts";
