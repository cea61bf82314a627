import { GITHUB_ISSUER } from "@touchmark/core";
import type { Preset } from "./preset.ts";

const WORKFLOWS = "github.com/slsa-framework/slsa-github-generator/.github/workflows";

/** Until version 3, which nobody has seen; callers can only name a tag, since the generator refuses to be called by commit. */
const AT = { tags: ">=1.2.2 <3" };

const MADE_HERE = { "max-level": 3, operator: "GitHub" };

function signedByItself(short: string, file: string) {
  return {
    name: `slsa-github-generator@2026-11/${short}`,
    signer: { issuer: GITHUB_ISSUER, workflow: `${WORKFLOWS}/${file}`, at: AT },
    builder: "same-as-signer" as const,
    ...MADE_HERE,
  };
}

/** Delegators sign for builders; those that the generator brings are named. */
function delegated(short: string, file: string, builders: readonly string[]) {
  return {
    name: `slsa-github-generator@2026-11/${short}`,
    signer: { issuer: GITHUB_ISSUER, workflow: `${WORKFLOWS}/${file}`, at: AT },
    builder: builders.map((builder) => `https://${WORKFLOWS}/${builder}`),
    ...MADE_HERE,
  };
}

const DELEGATED = ["builder_nodejs_slsa3.yml", "builder_maven_slsa3.yml", "builder_gradle_slsa3.yml"];

export const SLSA_GITHUB_GENERATOR: Preset = {
  name: "slsa-github-generator",
  date: "2026-11",
  about:
    "slsa-github-generator's reusable workflows, at released tags, up to level 3; needs a source, since anybody may call them",
  sources: [
    "https://github.com/slsa-framework/slsa-github-generator#readme",
    "https://github.com/slsa-framework/slsa-github-generator/blob/main/SPECIFICATIONS.md",
    "https://github.com/slsa-framework/slsa-verifier/blob/v2.7.1/verifiers/internal/gha/builder.go",
  ],
  entries: [
    signedByItself("generic", "generator_generic_slsa3.yml"),
    signedByItself("container", "generator_container_slsa3.yml"),
    signedByItself("go", "builder_go_slsa3.yml"),
    signedByItself("container-based", "builder_container-based_slsa3.yml"),
    delegated("delegator", "delegator_generic_slsa3.yml", DELEGATED),
    delegated("delegator-lowperms", "delegator_lowperms-generic_slsa3.yml", DELEGATED),
  ],
  released: [],
};
