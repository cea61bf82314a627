export type { ArtifactRule, CompiledPolicy } from "./compiled-policy.ts";
export type {
  ArtifactFacts,
  ProvenanceFacts,
  SignerFacts,
  StandingFacts,
  StatementFacts,
  SummaryFacts,
} from "./facts.ts";
export type { Preset } from "./presets/preset.ts";
export { presetList } from "./presets/preset-of.ts";
export { PRESETS, presetId } from "./presets/presets.ts";
export type { BuilderTrust, TrustEntry, TrustList, TrustSigner, VerifierTrust } from "./trust/entry.ts";
export { checkOverlaps } from "./trust/overlap.ts";
export { commonSource } from "./trust/overlap-sources.ts";
export { TrustDocument, TrustItems } from "./trust/schema.ts";
export { type TagRange, tagRange } from "./trust/tag-range.ts";
export { trustDocument, trustList } from "./trust/trust-document.ts";
export type { TrustSource } from "./trust/unreadable.ts";
