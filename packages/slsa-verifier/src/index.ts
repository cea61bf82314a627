export type { Expectations } from "./github-provenance.ts";
export type { NpmExpectations } from "./npm.ts";
export type { Outcome } from "./outcome.ts";
export type { RefusalName } from "./refusal.ts";
export {
  rulesFor,
  verifyArtifact,
  verifyGcbImage,
  verifyGithubAttestation,
  verifyImage,
  verifyNpmPackage,
  verifyVsa,
} from "./verify.ts";
export type { VsaExpectations } from "./vsa.ts";
