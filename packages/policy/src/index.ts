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
export type {
  ArtifactFacts,
  ProvenanceFacts,
  SignerFacts,
  StandingFacts,
  StatementFacts,
  SummaryFacts,
} from "./facts.ts";
export { MAX_POLICY_BYTES } from "./limits.ts";
