export type { ArtifactRule, CompiledPolicy } from "./compiled-policy.ts";
export type {
  ArtifactFacts,
  ProvenanceFacts,
  SignerFacts,
  StandingFacts,
  StatementFacts,
  SummaryFacts,
} from "./facts.ts";
